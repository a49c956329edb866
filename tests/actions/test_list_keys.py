"""See which keys there are."""

from __future__ import annotations

from forecourt.actions.api_key import key_digest
from forecourt.actions.credential import Owner, OwnerKind
from forecourt.actions.list_keys import list_keys
from tests.actions.builders import ACME, ADA, a_held_key, a_record, an_application
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
