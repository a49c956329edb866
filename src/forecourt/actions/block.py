"""Callers and addresses that are refused, or slowed down, for a while: what a block is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from ipaddress import ip_network
from typing import Protocol

from forecourt.actions.announce import NewsKind
from forecourt.actions.entitlement import Entitlement, Stop, Unknown
from forecourt.actions.record import Record


class TargetKind(Enum):
    """What can be blocked; the value is the news by which the edges hear of it."""

    ADDRESS = "address"
    CREDENTIAL = "credential"
    APPLICATION = "application"
    OWNER = "consumer"

    @property
    def news(self) -> NewsKind:
        """As what the edges hear of it."""
        return NewsKind(self.value)


class Measure(Enum):
    """What is done about a target: told, served at a tenth of its limit, or refused. One that is
    spared is left alone by detectors."""

    SPARE = "spare"
    REPORT = "report"
    THROTTLE = "throttle"
    BLOCK = "block"

    @property
    def is_felt(self) -> bool:
        """Whether its target is served otherwise because of it."""
        return self in (Measure.THROTTLE, Measure.BLOCK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Who is meant. An address is a network (`203.0.113.7/32`), all else is named as the access
    log names it: `key_0V4c…`, `app_0V4c…`, `developer:ada`."""

    kind: TargetKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a detector asked for it: what it counted in how many seconds, in which requests."""

    detector: str
    counted: int
    seconds: int
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A measure that was taken. `until` None: until somebody lifts it; `evidence` None: by hand;
    `lifted_at` None: nobody lifted it."""

    id: str
    target: Target
    measure: Measure
    record: Record
    until: datetime | None
    evidence: Evidence | None = None
    lifted_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.lifted_at is None and (self.until is None or now < self.until)


class KnownBlocks(Protocol):
    """Where it is known what is in force."""

    async def standing(self, now: datetime) -> tuple[Block, ...]:
        """Every measure in force, in the order in which they were taken."""
        ...


class Blocks(KnownBlocks, Protocol):
    """Where blocks are kept; each change is news about its target."""

    async def add(self, blocks: Iterable[Block]) -> None:
        """Takes these measures, together. What nobody feels is no news; what ended long ago is
        forgotten."""
        ...

    async def lift(self, ids: Iterable[str], record: Record) -> tuple[Block, ...]:
        """Ends these; those that were in force."""
        ...

    async def since(self, then: datetime) -> tuple[Block, ...]:
        """Every measure that was taken or stood since then, the first taken first."""
        ...


# A throttled caller has this share of its limit, and one request a minute at least.
THROTTLED_TO = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The measures of a moment, where each resolution looks. None stands without an end."""

    stops: dict[Target, datetime | None]
    throttles: dict[Target, datetime | None]

    def of(self, found: Entitlement, now: datetime) -> Entitlement:
        """What a credential stands for, as long as nobody is refused or slowed down."""
        its = (
            Target(kind=TargetKind.CREDENTIAL, id=found.credential),
            Target(kind=TargetKind.APPLICATION, id=found.application),
            Target(kind=TargetKind.OWNER, id=found.consumer),
        )
        if (throttled := _latest(its, self.throttles, now)) is not None:
            found = _slower(found, throttled, now)
        stopped = _latest(its, self.stops, now)
        return found if stopped is None else replace(found, stop=stopped)


def blocked_by(standing: Iterable[Block]) -> Blocked:
    """The measures of these that concern credentials, the longest of each target."""
    blocked = Blocked(stops={}, throttles={})
    for block in standing:
        of_measure = {Measure.BLOCK: blocked.stops, Measure.THROTTLE: blocked.throttles}
        its = of_measure.get(block.measure)
        if its is not None and block.target.kind is not TargetKind.ADDRESS:
            before, until = its.get(block.target, block.until), block.until
            its[block.target] = None if before is None or until is None else max(before, until)
    return blocked


def unless_blocked(
    found: Entitlement | Unknown, blocked: Blocked, now: datetime
) -> Entitlement | Unknown:
    """What a credential stands for, with what is done about its holder."""
    return found if isinstance(found, Unknown) else blocked.of(found, now)


def _latest(
    targets: Iterable[Target], ends: dict[Target, datetime | None], now: datetime
) -> Stop | None:
    its = [ends[target] for target in targets if target in ends]
    if None in its:
        return Stop(until=None)
    standing = [end for end in its if end is not None and now < end]
    return Stop(until=max(standing)) if standing else None


def _slower(found: Entitlement, throttled: Stop, now: datetime) -> Entitlement:
    """A tenth of the limit, in a bucket of its own: others of its owner pay nothing for it. Quotas
    stand, and what is used up of them. So do limits of APIs and operations: nobody has more of
    them for being slowed down. The edge asks again when it ends."""
    at_once = found.limit.at_once
    limit = replace(
        found.limit,
        per_minute=max(1, int(found.limit.per_minute * THROTTLED_TO)),
        capacity=max(1.0, found.limit.capacity * THROTTLED_TO),
        at_once=None if at_once is None else max(1, int(at_once * THROTTLED_TO)),
    )
    slower = replace(found, limit=limit, bucket=f"{found.bucket}/throttled", beside=found.bucket)
    if throttled.until is None:
        return slower
    return replace(slower, ask_again=int((throttled.until - now).total_seconds()) + 1)


def spares(networks: Iterable[str], target: Target) -> bool:
    """Whether blocking the target would catch an address that is declared as never blocked."""
    if target.kind is not TargetKind.ADDRESS:
        return False
    its = ip_network(target.id)
    declared = (ip_network(network) for network in networks)
    return any(its.version == other.version and its.overlaps(other) for other in declared)
