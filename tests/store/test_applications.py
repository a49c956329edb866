"""Applications, in every store."""

from __future__ import annotations

from forecourt.actions.api_key import key_digest
from forecourt.store.opening import Store
from tests.actions.builders import ACME, ADA, a_held_key, a_record, an_application


async def test_gives_back_what_was_added(store: Store) -> None:
    shop = an_application(plan="free")
    assert await store.credentials.add_application(shop, a_record()) == shop
    assert await store.credentials.application(ADA, "shop") == shop
    assert await store.credentials.application_by_id(shop.id) == shop


async def test_knows_nothing_of_one_that_was_never_added(store: Store) -> None:
    assert await store.credentials.application(ADA, "shop") is None
    assert await store.credentials.application_by_id("app_ada") is None


async def test_an_owner_has_one_of_a_name(store: Store) -> None:
    shop = an_application()
    await store.credentials.add_application(shop, a_record())
    again = an_application(id="app_other", plan="free")
    assert await store.credentials.add_application(again, a_record()) == shop
    assert await store.credentials.applications(None) == (shop,)


async def test_a_key_goes_to_the_application_that_was_added(store: Store) -> None:
    shop = an_application(plan="free")
    await store.credentials.add_application(shop, a_record())
    key, held = a_held_key(application=an_application(id="app_other"))
    added = await store.credentials.add_key(held, key_digest(key), a_record())
    assert added.application == shop


async def test_lists_them_by_owner_and_name(store: Store) -> None:
    shop, till = an_application(), an_application(id="app_till", name="till")
    theirs = an_application(ACME)
    for application in (till, theirs, shop):
        await store.credentials.add_application(application, a_record())
    assert await store.credentials.applications(None) == (shop, till, theirs)
    assert await store.credentials.applications(ACME) == (theirs,)
