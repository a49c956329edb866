"""Who is suspended, in memory."""

from __future__ import annotations

from forecourt.server.suspended import StandingSuspensions
from tests.actions.builders import a_record, a_suspension
from tests.store.in_memory import InMemoryStore


async def test_knows_what_stood_when_it_looked_last() -> None:
    store = InMemoryStore()
    suspended = StandingSuspensions(store.suspensions)
    its = a_suspension("developer:ada", is_owner=True)
    await store.suspensions.suspend(its)
    assert not suspended().stops(application="app_ada", consumer="developer:ada")
    await suspended.refresh()
    assert suspended().stops(application="app_ada", consumer="developer:ada")
    await store.suspensions.resume(its.caller, a_record())
    await suspended.refresh()
    assert not suspended().stops(application="app_ada", consumer="developer:ada")
