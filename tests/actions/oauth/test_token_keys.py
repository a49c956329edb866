"""When keys sign, and when they go."""

from __future__ import annotations

import json
from datetime import timedelta

from forecourt.actions.oauth.token_keys import (
    KEPT,
    LEAD,
    LIFETIME,
    is_due,
    key_set_of,
    outlived,
    signing_key,
)
from tests.actions.oauth.builders import NOW, a_key

OLD, NEW = a_key(days_ago=90), a_key()


def everybody(id: str) -> bool:
    return True


def nobody(id: str) -> bool:
    return False


def test_none_signs_before_the_edge_knows_it() -> None:
    assert signing_key([], now=NOW, is_served=everybody) is None
    assert signing_key([NEW], now=NOW, is_served=nobody) is None


def test_the_first_signs_as_soon_as_it_is_known() -> None:
    assert signing_key([NEW], now=NOW, is_served=everybody) is NEW.key


def test_the_next_waits_until_every_edge_has_it() -> None:
    assert signing_key([OLD, NEW], now=NOW, is_served=everybody) is OLD.key
    assert signing_key([NEW, OLD], now=NOW + LEAD, is_served=everybody) is NEW.key


def test_the_old_one_signs_for_as_long_as_the_edge_does_not_know_the_new() -> None:
    late = NOW + timedelta(days=1)
    assert signing_key([OLD, NEW], now=late, is_served=lambda id: id == OLD.key.id) is OLD.key


def test_an_old_one_is_kept_until_its_last_token_ended() -> None:
    ends = NOW + LEAD + KEPT
    assert outlived([OLD, NEW], now=ends - timedelta(seconds=1), is_served=everybody) == ()
    assert outlived([OLD, NEW], now=ends, is_served=everybody) == (OLD,)
    assert outlived([OLD, NEW], now=ends, is_served=lambda id: id == OLD.key.id) == ()
    assert outlived([NEW], now=ends, is_served=everybody) == ()


def test_one_is_due_after_ninety_days() -> None:
    assert is_due([OLD], now=NOW)
    assert not is_due([OLD, NEW], now=NOW)
    assert not is_due([], now=NOW)
    assert is_due([NEW], now=NOW + LIFETIME)


def test_what_is_published_is_public_and_the_same_in_any_order() -> None:
    text = key_set_of([OLD, NEW])
    assert text == key_set_of([NEW, OLD])
    assert {key["kid"] for key in json.loads(text)["keys"]} == {OLD.key.id, NEW.key.id}
    assert all("d" not in key for key in json.loads(text)["keys"])
    assert key_set_of([]) == ""
