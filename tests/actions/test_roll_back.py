"""The way back to an earlier revision."""

from __future__ import annotations

import pytest

from forecourt.actions.plan_publication import HeldBecause
from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.revision import RevisionKind
from forecourt.actions.roll_back import NoSuchRevision, WouldOpen
from forecourt.estate.audience import Audience
from tests.actions.publishing import Acme, a_users_file, an_api_file

PAYMENTS, USERS = "apis/payments/api.yaml", "apis/users/api.yaml"
MOVED = an_api_file(upstream="{url: http://other.svc}")


@pytest.fixture
async def changed(acme: Acme) -> Acme:
    """Revision 2 sends `payments` to another upstream."""
    await acme.publish()
    await acme.publish(PAYMENTS, MOVED)
    return acme


async def test_serves_what_served_then(changed: Acme) -> None:
    first = await changed.store.revisions.revision(1)
    outcome = await changed.roll_back(1)
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert outcome.revision.number == 3
    assert outcome.revision.kind is RevisionKind.ROLLBACK
    assert first is not None
    assert outcome.revision.snapshot == first.snapshot == changed.edge.digest


async def test_what_was_left_behind_waits_while_its_file_says_the_same(changed: Acme) -> None:
    await changed.roll_back(1)
    outcome = await changed.publish()
    assert isinstance(outcome, Unchanged)
    (held,) = outcome.held
    assert (held.part, held.because) == ("api/payments", HeldBecause.ROLLED_BACK)


async def test_a_file_that_changes_moves_again(changed: Acme) -> None:
    await changed.roll_back(1)
    outcome = await changed.publish(PAYMENTS, an_api_file(upstream="{url: http://third.svc}"))
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)


async def test_others_move_while_what_was_left_behind_waits(changed: Acme) -> None:
    await changed.roll_back(1)
    outcome = await changed.publish(USERS, a_users_file(allow="[]"))
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/users",)
    assert [h.part for h in outcome.held] == ["api/payments"]


async def test_a_way_back_that_opens_something_asks_first(acme: Acme) -> None:
    await acme.publish()
    await acme.publish(PAYMENTS, an_api_file("internal"))
    outcome = await acme.roll_back(1)
    assert isinstance(outcome, WouldOpen)
    assert [h.part for h in outcome.held] == ["api/payments"]
    assert outcome.held[0].openings
    assert (await acme.revisions(), acme.paths()) == (2, set())
    assert await acme.store.rejected_parts.rejected() == frozenset()


async def test_goes_back_all_the_same_where_that_is_wanted(acme: Acme) -> None:
    await acme.publish()
    await acme.publish(PAYMENTS, an_api_file("internal"))
    outcome = await acme.roll_back(1, may_open=True)
    assert isinstance(outcome, Published)
    assert outcome.openings
    assert acme.paths() == {"/payments/"}


async def test_what_was_removed_stays_after_it_was_brought_back(acme: Acme) -> None:
    await acme.publish()
    await acme.publish("apis/payments", None)
    await acme.roll_back(1, may_open=True)
    outcome = await acme.publish(USERS, a_users_file(allow="[]"))
    assert [(h.part, h.because) for h in outcome.held] == [
        ("api/payments", HeldBecause.ROLLED_BACK)
    ]
    assert acme.paths() == {"/payments/"}
    await acme.open("api/payments")
    assert acme.paths() == set()
    assert (await acme.publish()).held == ()


async def test_what_is_new_since_then_waits_to_come_back(acme: Acme) -> None:
    await acme.publish()
    acme.save("apis/orders/api.yaml", an_api_file("internal", name="orders"))
    acme.save("apis/orders/v1.openapi.yaml", str(acme.files["apis/users/v1.openapi.yaml"]))
    await acme.open("api/orders")
    outcome = await acme.roll_back(1)
    assert outcome.moved == ("api/orders",)
    assert [h.part for h in (await acme.publish()).held] == ["api/orders"]


async def test_going_forth_again_takes_back_what_was_said(changed: Acme) -> None:
    await changed.roll_back(1)
    await changed.roll_back(2)
    assert await changed.publish() == Unchanged(held=(), refused=())
    changed.save(PAYMENTS, an_api_file())
    outcome = await changed.publish()
    assert [h.because for h in outcome.held] == [HeldBecause.ROLLED_BACK]


async def test_narrowings_by_hand_stay_in_force(changed: Acme) -> None:
    await changed.narrow("payments", Audience.INTERNAL)
    outcome = await changed.roll_back(1)
    assert isinstance(outcome, Published)
    assert changed.paths() == set()


@pytest.mark.parametrize("number", [0, -1, 3, 10**9])
async def test_there_is_no_such_revision(changed: Acme, number: int) -> None:
    assert await changed.roll_back(number) == NoSuchRevision(number=number)


async def test_there_is_none_before_the_first(acme: Acme) -> None:
    assert await acme.roll_back(1) == NoSuchRevision(number=1)


async def test_going_back_to_what_serves_changes_nothing(changed: Acme) -> None:
    assert isinstance(await changed.roll_back(2), Unchanged)
    assert await changed.revisions() == 2
