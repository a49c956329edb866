"""Do what the posture says about what detectors found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from forecourt.actions.block import Block, Blocks, Evidence, Measure, Target, TargetKind, spares
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.known_of_old import PastCalls, known_of_old
from forecourt.actions.record import Record
from forecourt.defence.detector import Finding
from forecourt.estate.audience import Audience
from forecourt.estate.defending import DEFENDING

# Who acts, on the record.
DETECTED = "forecourt"

# How far back it counts that something was done before, and how much may be done at once: a flood
# of addresses must not become a flood of news. What is left out is found again.
_REMEMBERED = timedelta(days=1)
MOST_AT_ONCE = 100

# An address from which so many callers call that are known of old is a balancer's, or a provider's:
# to block it would turn away all of them for one.
MANY_CONSUMERS = 5

_KINDS = {
    "address": TargetKind.ADDRESS,
    "credential": TargetKind.CREDENTIAL,
    "application": TargetKind.APPLICATION,
}
# From the mildest on: what is done keeps what is milder from being done. Who is spared is spared
# whatever it does.
_WEIGHTS = {Measure.REPORT: 0, Measure.THROTTLE: 1, Measure.BLOCK: 2, Measure.SPARE: 3}

Abuse = Callable[[str | None, Audience], Awaitable[str]]


async def answer_findings(
    findings: Iterable[Finding],
    *,
    blocks: Blocks,
    calls: PastCalls,
    abuse: Abuse,
    never: tuple[str, ...],
    now: datetime,
    entropy: Entropy,
) -> tuple[tuple[Finding, Block], ...]:
    """What was done about each of them. Nothing is done twice about one target at a time.

    `abuse` gives the posture of an API for callers of an audience; `never` are networks that no
    block may hold off; `calls` says who called before. Raises `StoreUnavailable`; then nothing was
    done.
    """
    known = list(await blocks.since(now - _REMEMBERED))
    done: list[tuple[Finding, Block]] = []
    for finding in findings:
        target = Target(kind=_KINDS[finding.subject.kind], id=finding.subject.id)
        posture = await abuse(finding.api, finding.audience)
        is_shared = await _is_shared(finding, calls, now.date())
        measure = _measure(finding, target, posture, never, is_shared=is_shared)
        its = [b for b in known if b.target == target]
        if any(b.stands(now) and _is_as_much(b.measure, measure) for b in its):
            continue
        times = sum(1 for b in its if _counts(b, measure))
        block = _block(finding, target, measure, times=times, now=now, entropy=entropy)
        known.append(block)
        done.append((finding, block))
        if len(done) == MOST_AT_ONCE:
            break
    await blocks.add([block for _, block in done])
    return tuple(done)


async def _is_shared(finding: Finding, calls: PastCalls, today: date) -> bool:
    """Whether it is about an address behind which many are. Whoever attacks could sign up for as
    many accounts as it takes: those of today count for nothing."""
    if finding.subject.kind != "address" or len(finding.consumers) < MANY_CONSUMERS:
        return False
    return await known_of_old(finding.consumers, calls, today) >= MANY_CONSUMERS


def _measure(
    finding: Finding, target: Target, posture: str, never: tuple[str, ...], *, is_shared: bool
) -> Measure:
    wanted = Measure(posture)
    is_address = target.kind is TargetKind.ADDRESS
    if finding.detector.most == "report" or is_shared or spares(never, target):
        return Measure.REPORT
    # No address is served more slowly: who is behind it is not known.
    return Measure.REPORT if is_address and wanted is Measure.THROTTLE else wanted


def _is_as_much(done: Measure, wanted: Measure) -> bool:
    return _WEIGHTS[done] >= _WEIGHTS[wanted]


def _counts(block: Block, measure: Measure) -> bool:
    """Whether it makes the next one longer: what somebody lifted was a mistake."""
    return block.measure is measure and block.evidence is not None and block.lifted_at is None


def _block(
    finding: Finding,
    target: Target,
    measure: Measure,
    *,
    times: int,
    now: datetime,
    entropy: Entropy,
) -> Block:
    seconds: Sequence[int] = DEFENDING[finding.audience].seconds
    detector = finding.detector
    within = detector.threshold.seconds
    return Block(
        id=new_id("blk", entropy),
        target=target,
        measure=measure,
        record=Record(
            at=now,
            who=DETECTED,
            because=f"{detector.name}: {finding.counted} {detector.counted} within {_span(within)}",
        ),
        until=now + timedelta(seconds=seconds[min(times, len(seconds) - 1)]),
        evidence=Evidence(
            detector=detector.name,
            counted=finding.counted,
            seconds=within,
            samples=finding.samples,
        ),
    )


def _span(seconds: int) -> str:
    days = seconds // 86_400
    return f"{days} days" if days else f"{seconds} seconds"
