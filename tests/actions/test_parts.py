"""A revision's parts: what is published piece by piece."""

from __future__ import annotations

import json
from typing import Any

import pytest

from forecourt.actions.parts import NothingToServe, api_of, edge_of, gateway_of, wanted_parts
from forecourt.estate.audience import Audience
from tests.compiler.builders import lowered
from tests.governance.builders import (
    a_partner,
    a_service,
    an_api,
    an_estate,
    an_issuer,
    an_organization,
)

PARTS = (
    an_organization(issuers=(an_issuer(),)),
    an_api("payments"),
    an_api("users", "internal", allow=("orders",)),
    a_service(),
    a_partner(),
)


def parts(*declared: Any, local: bool = False) -> dict[str, str]:
    return wanted_parts(an_estate(*declared), {}, local=local)


def test_the_edge_of_all_parts_is_what_was_declared() -> None:
    assert edge_of(parts(*PARTS), {}) == lowered(an_estate(*PARTS))


def test_what_was_written_where_is_no_part_of_them() -> None:
    for text in parts(*PARTS).values():
        assert '"origin"' not in text
        assert "line" not in json.loads(text)


def test_a_place_is_given_when_they_are_read_again() -> None:
    text = parts(*PARTS)["api/payments"]
    api = api_of(text, "api/payments")
    assert str(api.origin) == "api/payments:1:1"
    assert api.versions[0].origin == api.origin


def test_narrowings_hold_for_the_apis_they_name() -> None:
    edge = edge_of(parts(*PARTS), {"payments": Audience.INTERNAL, "gone": Audience.INTERNAL})
    assert [(a.name, a.audience.value) for a in edge.apis] == [
        ("payments", "internal"),
        ("users", "internal"),
    ]


def test_the_listeners_of_before_stand_in_where_there_are_none() -> None:
    before = parts(*PARTS)
    estate = an_estate(an_api("payments"), organization=None)
    wanted = wanted_parts(estate, before, local=False)
    assert "gateway" not in wanted
    with pytest.raises(NothingToServe):
        wanted_parts(estate, {}, local=False)
    with pytest.raises(NothingToServe):
        gateway_of({})


def test_locally_mocks_stand_in_for_upstreams() -> None:
    edge = edge_of(parts(*PARTS, local=True), {})
    assert all(v.upstream.mock for api in edge.apis for v in api.versions)
    assert edge.gateway.external.host == "127.0.0.1"
