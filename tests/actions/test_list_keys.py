"""See which keys there are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.credential import Owner, OwnerKind
from forecourt.actions.list_keys import dormant, list_keys
from tests.actions.builders import (
    ACME,
    ADA,
    NOW,
    a_held_key,
    a_record,
    a_revocation,
    an_application,
)
from tests.store.in_memory import InMemoryStore


async def test_lists_every_key_or_those_of_one_owner() -> None:
    store = InMemoryStore().credentials
    held = {}
    for owner in (ADA, ACME):
        key, held[owner] = a_held_key(owner.name, an_application(owner))
        await store.add_key(held[owner], key_digest(key), a_record())
    assert set(await list_keys(store)) == set(held.values())
    assert await list_keys(store, owner=ACME) == (held[ACME],)


async def test_asks_no_database_about_a_name_that_cannot_be_one() -> None:
    owner = Owner(kind=OwnerKind.DEVELOPER, name="a\udcff\0")
    assert await list_keys(InMemoryStore().credentials, owner=owner) == ()


LONG_AGO = NOW - timedelta(days=100)


@pytest.mark.parametrize(
    ("fields", "is_dormant"),
    [
        ({"created_at": LONG_AGO}, True),
        ({"created_at": LONG_AGO, "last_used_at": LONG_AGO}, True),
        ({"created_at": LONG_AGO, "last_used_at": NOW - timedelta(days=89)}, False),
        ({"created_at": NOW - timedelta(days=1)}, False),
        ({"created_at": LONG_AGO, "revoked": a_revocation()}, False),
        ({"created_at": LONG_AGO, "expires_at": NOW}, False),
        ({"created_at": LONG_AGO, "expires_at": NOW + timedelta(days=1)}, True),
    ],
    ids=["never used", "not used since", "used", "new", "revoked", "expired", "to expire"],
)
def test_dormant_is_what_counts_and_nobody_uses(fields: dict[str, Any], is_dormant: bool) -> None:
    _, held = a_held_key(**fields)
    found = dormant((held,), since=NOW - timedelta(days=90), now=NOW)
    assert bool(found) is is_dormant
