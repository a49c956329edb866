"""Stop a caller for a while, and let it go on."""

from __future__ import annotations

from forecourt.actions.suspend_caller import (
    CallerGoesOn,
    CallerStopped,
    NobodyCalledSo,
    NothingToChange,
    resume_caller,
    suspend_caller,
)
from forecourt.actions.suspension import Caller
from tests.actions.builders import a_record, some_callers
from tests.store.in_memory import InMemoryStore

ACME = Caller(id="partner:partner_acme_corp", is_owner=True)


async def suspend(
    store: InMemoryStore, reference: str
) -> CallerStopped | NothingToChange | NobodyCalledSo:
    return await suspend_caller(
        reference,
        callers=some_callers(),
        store=store.credentials,
        suspensions=store.suspensions,
        record=a_record(),
    )


async def resume(
    store: InMemoryStore, reference: str, **declared: tuple[()]
) -> CallerGoesOn | NothingToChange | NobodyCalledSo:
    return await resume_caller(
        reference,
        callers=some_callers(**declared),
        store=store.credentials,
        suspensions=store.suspensions,
        record=a_record(),
    )


async def test_stops_and_goes_on() -> None:
    store = InMemoryStore()
    assert await suspend(store, "partner:acme-corp") == CallerStopped(caller=ACME)
    (stands,) = await store.suspensions.standing()
    assert (stands.caller, stands.record) == (ACME, a_record())
    assert await resume(store, "partner:acme-corp") == CallerGoesOn(caller=ACME)
    assert await store.suspensions.standing() == ()


async def test_doing_it_twice_changes_nothing() -> None:
    store = InMemoryStore()
    await suspend(store, "partner:acme-corp")
    assert await suspend(store, "partner:partner_acme_corp") == NothingToChange(caller=ACME)
    await resume(store, "partner:acme-corp")
    assert await resume(store, "partner:acme-corp") == NothingToChange(caller=ACME)
    assert (await store.news.latest_news()).latest == 2


async def test_nobody_is_stopped_by_a_name_that_nobody_has() -> None:
    store = InMemoryStore()
    assert await suspend(store, "partner:acme") == NobodyCalledSo()
    assert await resume(store, "partner:acme") == NobodyCalledSo()
    assert await store.suspensions.standing() == ()


async def test_who_is_not_declared_any_more_can_be_let_go_on() -> None:
    store = InMemoryStore()
    await suspend(store, "partner:acme-corp")
    assert await resume(store, "partner:partner_acme_corp", partners=()) == CallerGoesOn(
        caller=ACME
    )
