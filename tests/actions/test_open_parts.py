"""What is held is opened by name, on the record."""

from __future__ import annotations

import pytest

from forecourt.actions.open_parts import NotHeld, StillWrong
from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.revision import RevisionKind
from forecourt.estate.audience import Audience
from tests.actions.publishing import Acme, a_users_file, an_api_file

PAYMENTS, USERS = "apis/payments/api.yaml", "apis/users/api.yaml"


@pytest.fixture
async def waiting(acme: Acme) -> Acme:
    """`users` waits to be public."""
    await acme.publish()
    await acme.publish(USERS, a_users_file("public"))
    return acme


async def test_publishes_what_was_held_and_says_what_it_opened(waiting: Acme) -> None:
    outcome = await waiting.open("api/users")
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/users",)
    assert outcome.held == ()
    assert str(outcome.openings[0]).startswith("anyone with a public key or token")
    assert outcome.revision.kind is RevisionKind.OPEN
    assert (outcome.revision.who, outcome.revision.because) == ("ada", "a open")
    assert "/users/" in waiting.paths()
    assert isinstance(await waiting.publish(), Unchanged)


async def test_opens_what_is_named_and_nothing_else(waiting: Acme) -> None:
    waiting.save("apis/orders/api.yaml", an_api_file(name="orders"))
    waiting.save("apis/orders/v1.openapi.yaml", str(waiting.files["apis/users/v1.openapi.yaml"]))
    outcome = await waiting.open("api/users")
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/users",)
    assert [h.part for h in outcome.held] == ["api/orders"]
    assert "/orders/" not in waiting.paths()


@pytest.mark.parametrize("part", ["api/payments", "api/nothing", "gateway"])
async def test_what_does_not_wait_cannot_be_opened(waiting: Acme, part: str) -> None:
    assert await waiting.open("api/users", part) == NotHeld(parts=(part,))
    assert await waiting.revisions() == 1


async def test_what_has_mistakes_cannot_be_opened(waiting: Acme) -> None:
    waiting.save(USERS, an_api_file("public", name="users", allow="[nobody]"))
    outcome = await waiting.open("api/users")
    assert isinstance(outcome, StillWrong)
    assert [r.part for r in outcome.refused] == ["api/users"]
    assert await waiting.revisions() == 1


async def test_ends_a_narrowing_and_names_what_that_opens(acme: Acme) -> None:
    await acme.publish()
    await acme.narrow("payments", Audience.INTERNAL)
    outcome = await acme.open("api/payments")
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert any("payments version 1 on the external listener" in str(o) for o in outcome.openings)
    assert await acme.store.narrowings.standing() == ()
    assert "/payments/" in acme.paths()
    assert isinstance(await acme.publish(), Unchanged)


async def test_opening_one_leaves_the_narrowing_of_another(acme: Acme) -> None:
    await acme.publish()
    await acme.narrow("payments", Audience.INTERNAL)
    acme.save(USERS, a_users_file("public"))
    outcome = await acme.open("api/users")
    assert isinstance(outcome, Published)
    assert acme.paths() == {"/users/"}
    assert len(await acme.store.narrowings.standing()) == 1


async def test_a_narrowing_of_what_is_gone_can_be_ended(acme: Acme) -> None:
    await acme.publish()
    await acme.narrow("payments", Audience.INTERNAL)
    await acme.publish("apis/payments", None)
    assert isinstance(await acme.open("api/payments"), Unchanged)
    assert await acme.store.narrowings.standing() == ()


async def test_publishes_what_was_rolled_back_after_all(acme: Acme) -> None:
    await acme.publish()
    await acme.publish(PAYMENTS, an_api_file("internal"))
    await acme.roll_back(1, may_open=True)
    assert [h.part for h in (await acme.publish()).held] == ["api/payments"]
    outcome = await acme.open("api/payments")
    assert isinstance(outcome, Published)
    assert acme.paths() == set()
    assert (await acme.publish()).held == ()
