"""What is done about what detectors found: by audience, for growing times, never twice at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from forecourt.actions.answer_findings import DETECTED, MOST_AT_ONCE, answer_findings
from forecourt.actions.block import Block, Measure, Target, TargetKind
from forecourt.actions.usage import LogPosition
from forecourt.defence import credential_guessing, many_addresses, not_allowed
from forecourt.defence.detector import Finding, Subject
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.usage.rollup import UsageKey
from tests.actions.builders import NOW, a_block, a_record, chance
from tests.store.in_memory import InMemoryStore

MINUTE = timedelta(minutes=1)
ADDRESS = Subject("address", "203.0.113.7/32")


def a_finding(**fields: Any) -> Finding:
    given = {
        "detector": many_addresses.DETECTOR,
        "subject": Subject("credential", "key_1"),
        "audience": Audience.PUBLIC,
        "api": "payments",
        "counted": 41,
        "distinct": 40,
        "samples": ("r-1", "r-2"),
    }
    return Finding(**(given | fields))


class Answering:
    """A store, and an hour of the day."""

    def __init__(self) -> None:
        self.store = InMemoryStore()
        self.now = NOW
        self.posture: str | None = None

    async def called(self, consumers: Iterable[str], *days_ago: int) -> None:
        """They were let through so many days ago."""
        counts = {
            UsageKey(
                day=(NOW - timedelta(days=days)).date(),
                api="payments",
                version="1",
                consumer=consumer,
                application="app",
            ): 1
            for consumer in consumers
            for days in days_ago
        }
        before = await self.store.usage.position("a log")
        after = LogPosition(file="1:1", offset=1 if before is None else before.offset + 1)
        await self.store.usage.add("a log", before, after, counts, NOW.date())

    async def to(self, *findings: Finding, never: tuple[str, ...] = ()) -> list[Block]:
        async def abuse(api: str | None, caller: Audience) -> str:
            return self.posture or POSTURES[caller].abuse

        done = await answer_findings(
            findings,
            blocks=self.store.blocks,
            calls=self.store.usage,
            abuse=abuse,
            never=never,
            now=self.now,
            entropy=chance(str(self.now)),
        )
        return [block for _, block in done]


@pytest.fixture
def answering() -> Answering:
    return Answering()


@pytest.mark.parametrize(
    ("audience", "measure"),
    [
        (Audience.INTERNAL, Measure.REPORT),
        (Audience.PARTNER, Measure.THROTTLE),
        (Audience.PUBLIC, Measure.BLOCK),
    ],
    ids=lambda value: value.value,
)
async def test_does_what_the_posture_says(
    answering: Answering, audience: Audience, measure: Measure
) -> None:
    (block,) = await answering.to(a_finding(audience=audience))
    assert block.measure is measure
    assert await answering.store.blocks.standing(NOW) == (block,)


async def test_an_api_may_be_stricter_about_its_callers(answering: Answering) -> None:
    answering.posture = "block"
    (block,) = await answering.to(a_finding(audience=Audience.PARTNER))
    assert block.measure is Measure.BLOCK


async def test_says_what_it_counted_and_in_which_requests(answering: Answering) -> None:
    (block,) = await answering.to(a_finding())
    assert block.record.who == DETECTED
    assert block.record.because.startswith("many-addresses: 41 requests from networks")
    assert block.evidence is not None
    assert (block.evidence.counted, block.evidence.samples) == (41, ("r-1", "r-2"))


async def test_lasts_longer_each_time_on_a_day(answering: Answering) -> None:
    lasted = []
    for _ in range(8):
        (block,) = await answering.to(a_finding())
        assert block.until is not None
        lasted.append(block.until - answering.now)
        answering.now = block.until
        if answering.now > NOW + timedelta(hours=20):
            break
    assert [span // MINUTE for span in lasted] == [1, 5, 30, 120, 720, 1440]
    answering.now = NOW + timedelta(days=60)
    (block,) = await answering.to(a_finding())
    assert block.until == answering.now + MINUTE


async def test_what_somebody_lifted_makes_nothing_longer(answering: Answering) -> None:
    (block,) = await answering.to(a_finding())
    await answering.store.blocks.lift([block.id], a_record())
    answering.now = NOW + timedelta(seconds=5)
    (again,) = await answering.to(a_finding())
    assert again.until == answering.now + MINUTE


async def test_does_nothing_twice_at_a_time(answering: Answering) -> None:
    assert len(await answering.to(a_finding(), a_finding())) == 1
    assert await answering.to(a_finding()) == []


async def test_who_is_spared_is_left_alone_until_that_ends(answering: Answering) -> None:
    spared = a_block("key_1", kind=TargetKind.CREDENTIAL, measure=Measure.SPARE)
    await answering.store.blocks.add([spared])
    assert await answering.to(a_finding()) == []
    assert spared.until is not None
    answering.now = spared.until
    assert len(await answering.to(a_finding())) == 1


async def test_a_report_keeps_nobody_from_being_blocked(answering: Answering) -> None:
    answering.posture = "report"
    await answering.to(a_finding())
    answering.posture = None
    (block,) = await answering.to(a_finding())
    assert block.measure is Measure.BLOCK


async def test_blocks_an_address_of_strangers(answering: Answering) -> None:
    guessing = a_finding(detector=credential_guessing.DETECTOR, subject=ADDRESS, api=None)
    (block,) = await answering.to(guessing)
    assert block.target == Target(kind=TargetKind.ADDRESS, id="203.0.113.7/32")


@pytest.mark.parametrize(
    ("fields", "never"),
    [
        ({"audience": Audience.PARTNER}, ()),
        ({}, ("203.0.113.0/24",)),
    ],
    ids=["a partner calls from there", "it is declared"],
)
async def test_only_reports_an_address_where(
    answering: Answering, fields: dict[str, Any], never: tuple[str, ...]
) -> None:
    guessing = a_finding(detector=credential_guessing.DETECTOR, subject=ADDRESS, **fields)
    (block,) = await answering.to(guessing, never=never)
    assert block.measure is Measure.REPORT


async def test_some_detectors_only_ever_report(answering: Answering) -> None:
    answering.posture = "block"
    subject = Subject("application", "orders")
    its = a_finding(detector=not_allowed.DETECTOR, subject=subject, audience=Audience.INTERNAL)
    (block,) = await answering.to(its)
    assert (block.measure, block.target.kind) == (Measure.REPORT, TargetKind.APPLICATION)


async def test_a_flood_of_addresses_is_no_flood_of_news(answering: Answering) -> None:
    subjects = [Subject("address", f"203.0.{n // 256}.{n % 256}/32") for n in range(300)]
    done = await answering.to(*(a_finding(subject=subject) for subject in subjects))
    assert len(done) == MOST_AT_ONCE


ACCOUNTS = tuple(f"developer:{number}" for number in range(50))
A_MONTH = (1, 2, 3, 7, 14, 28)


@pytest.mark.parametrize(
    ("calls", "number", "measure"),
    [
        ({}, 5, Measure.BLOCK),
        ({}, 50, Measure.BLOCK),
        ({(0,): 50}, 50, Measure.BLOCK),
        ({(0, 1, 2, 3, 4, 5, 6): 50}, 50, Measure.BLOCK),
        ({(8,): 50}, 50, Measure.BLOCK),
        ({(8, 9): 50}, 50, Measure.BLOCK),
        ({(31, 32, 33, 34): 50}, 50, Measure.BLOCK),
        ({A_MONTH: 4}, 50, Measure.BLOCK),
        ({A_MONTH: 50}, 4, Measure.BLOCK),
        ({A_MONTH: 5}, 5, Measure.REPORT),
        ({(1, 3, 7): 5}, 5, Measure.REPORT),
        ({A_MONTH: 5}, 50, Measure.REPORT),
        ({A_MONTH: 50}, 50, Measure.REPORT),
    ],
    ids=[
        "five accounts that never called",
        "fifty of them",
        "fifty that call since today",
        "fifty that call since six days",
        "fifty that called once, a week ago",
        "fifty that called twice",
        "fifty that called long ago",
        "an address of four people, and accounts beside them",
        "fifty people of whom four call from there",
        "an office of five",
        "an office whose people call now and then",
        "an office with accounts of an attacker in it",
        "a provider",
    ],
)
async def test_an_address_is_shared_by_those_who_called_before(
    answering: Answering, calls: dict[tuple[int, ...], int], number: int, measure: Measure
) -> None:
    for days, many in calls.items():
        await answering.called(ACCOUNTS[:many], *days)
    consumers = frozenset(ACCOUNTS[:number])
    guessing = a_finding(
        detector=credential_guessing.DETECTOR, subject=ADDRESS, consumers=consumers
    )
    (block,) = await answering.to(guessing)
    assert block.measure is measure
