"""What anybody may call without a credential opens on the record, and closes by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from forecourt.actions.publish import Published, Unchanged
from forecourt.estate.audience import Audience
from tests.actions.builders import NOW
from tests.actions.publishing import CONTRACT, Acme

ANYBODYS = CONTRACT.replace("/charges: {get: {", "/charges: {get: {security: [], ")
WAIVER = "waivers/anybody.yaml"
OPENING = (
    "anybody, without a credential: may call GET /charges of payments version 1 on the external"
    " listener"
)


def openings(outcome: Any) -> list[str]:
    """What waits to be opened."""
    return [str(opening) for held in outcome.held for opening in held.openings]


def a_waiver(days: int = 30) -> str:
    expires = (NOW + timedelta(days=days)).date()
    return (
        "rule: anonymous-operation\napi: payments\nowner: shop\nbecause: it is on every page\n"
        f"approved_by: [board]\nexpires: {expires}\n"
    )


def anybodys(acme: Acme) -> bool:
    return b'"anonymous"' in acme.edge.files["routes-external.json"]


async def test_a_contract_alone_lets_nobody_call_without_a_credential(acme: Acme) -> None:
    await acme.publish()
    await acme.publish("apis/payments/v1.openapi.yaml", ANYBODYS)
    assert not anybodys(acme)


async def test_a_waiver_that_lets_anybody_call_waits_to_be_opened(acme: Acme) -> None:
    acme.save("apis/payments/v1.openapi.yaml", ANYBODYS)
    await acme.publish()
    outcome = await acme.publish(WAIVER, a_waiver())
    assert isinstance(outcome, Unchanged)
    assert openings(outcome) == [OPENING]
    assert not anybodys(acme)
    opened = await acme.open("api/payments")
    assert isinstance(opened, Published)
    assert tuple(map(str, opened.openings)) == (OPENING,)
    assert anybodys(acme)


async def test_another_operation_under_the_same_waiver_waits_too(acme: Acme) -> None:
    acme.save("apis/payments/v1.openapi.yaml", ANYBODYS)
    acme.save(WAIVER, a_waiver())
    await acme.publish()
    more = ANYBODYS.replace("/things: {get: {", "/things: {get: {security: [{}], ")
    outcome = await acme.publish("apis/payments/v1.openapi.yaml", more)
    assert openings(outcome) == [OPENING.replace("/charges", "/things")]


async def test_a_waiver_that_goes_closes_at_once(acme: Acme) -> None:
    acme.save("apis/payments/v1.openapi.yaml", ANYBODYS)
    acme.save(WAIVER, a_waiver())
    await acme.publish()
    assert anybodys(acme)
    outcome = await acme.publish(WAIVER)
    assert isinstance(outcome, Published)
    assert outcome.moved == ("api/payments",)
    assert not anybodys(acme)


async def test_one_that_ended_opens_nothing_again_by_another_end(acme: Acme) -> None:
    acme.save("apis/payments/v1.openapi.yaml", ANYBODYS)
    acme.save(WAIVER, a_waiver(days=30))
    await acme.publish()
    acme.time += timedelta(days=60)
    outcome = await acme.publish(WAIVER, a_waiver(days=90))
    assert isinstance(outcome, Unchanged)
    assert openings(outcome) == [OPENING]


async def test_one_that_lasts_longer_before_it_ends_opens_nothing_new(acme: Acme) -> None:
    acme.save("apis/payments/v1.openapi.yaml", ANYBODYS)
    acme.save(WAIVER, a_waiver(days=30))
    await acme.publish()
    assert isinstance(await acme.publish(WAIVER, a_waiver(days=90)), Published)


async def test_a_narrower_api_is_for_nobody_without_a_credential(acme: Acme) -> None:
    acme.save("apis/payments/v1.openapi.yaml", ANYBODYS)
    acme.save(WAIVER, a_waiver())
    await acme.publish()
    await acme.narrow("payments", Audience.PARTNER)
    assert not anybodys(acme)
