"""What is done about what detectors found: by audience, for growing times, never twice at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from forecourt.actions.answer_findings import DETECTED, MOST_AT_ONCE, answer_findings
from forecourt.actions.block import Block, Measure, Target, TargetKind
from forecourt.defence import credential_guessing, many_addresses, not_allowed
from forecourt.defence.detector import Finding, Subject
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
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

    async def to(self, *findings: Finding, never: tuple[str, ...] = ()) -> list[Block]:
        async def abuse(api: str | None, caller: Audience) -> str:
            return self.posture or POSTURES[caller].abuse

        done = await answer_findings(
            findings,
            blocks=self.store.blocks,
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
        ({"consumers": tuple("abcde")}, ()),
        ({}, ("203.0.113.0/24",)),
    ],
    ids=["a partner calls from there", "many known callers do", "it is declared"],
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
