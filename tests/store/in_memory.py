"""A store that forgets at the end; the shared suite holds it to what the real ones do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from forecourt.actions.announce import News, NewsHead, NewsKind
from forecourt.actions.block import Block
from forecourt.actions.credential import Application, Credential, HeldKey, Owner, Revocation
from forecourt.actions.known_of_old import DaysCalled
from forecourt.actions.leak import Leak, LeakCount, LeakKind, LeakPlace
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.pin import PinRecord
from forecourt.actions.published import PREFIX, callers_from_parts
from forecourt.actions.quota import DAYS_KEPT as QUOTA_DAYS_KEPT
from forecourt.actions.quota import (
    SPENT,
    QuotaEvent,
    QuotaState,
    Spending,
    Spent,
    news_about,
    quota_states,
)
from forecourt.actions.record import Record
from forecourt.actions.revision import NO_EFFECT, Effect, Narrowing, Revision, RevisionKind
from forecourt.actions.suspension import Caller, Suspension
from forecourt.actions.usage import DAYS_KEPT, NO_USES, Counted, LogPosition, Usage
from forecourt.compiler.ir.callers import Callers, Pin
from forecourt.store.blocks import KEPT
from forecourt.store.leaks import MOST_OF_OPERATION
from forecourt.store.revisions import part_digest
from forecourt.usage.rollup import UsageKey
from forecourt.usage.spending import Holder


class InMemoryNews:
    def __init__(self) -> None:
        self._news: list[News] = []

    async def latest_news(self) -> NewsHead:
        return NewsHead(epoch="memory", latest=len(self._news))

    async def news_since(self, sequence: int, *, up_to: int) -> tuple[News, ...]:
        return tuple(n for n in self._news if sequence < n.sequence <= up_to)

    async def announce(self, kind: NewsKind, subject: str, at: datetime) -> None:
        sequence = len(self._news) + 1
        self._news.append(News(sequence=sequence, at=at, kind=kind, subject=subject))


class InMemoryCredentials:
    def __init__(self, news: InMemoryNews) -> None:
        self._news = news
        self._applications: dict[tuple[Owner, str], Application] = {}
        self._held: dict[str, HeldKey] = {}

    async def held_key(self, sha256: str) -> HeldKey | None:
        return self._held.get(sha256)

    async def held_key_by_id(self, id: str) -> HeldKey | None:
        return next((h for h in self._in_order() if h.credential.id == id), None)

    async def held_keys_by_prefix(self, prefix: str) -> tuple[HeldKey, ...]:
        return tuple(h for h in self._in_order() if h.credential.prefix == prefix)

    async def key_by_digest(self, sha256: str) -> Credential | None:
        held = self._held.get(sha256)
        return None if held is None else held.credential

    async def key_by_id(self, id: str) -> Credential | None:
        return next((h.credential for h in self._in_order() if h.credential.id == id), None)

    async def keys_by_prefix(self, prefix: str) -> tuple[Credential, ...]:
        return tuple(h.credential for h in self._in_order() if h.credential.prefix == prefix)

    async def keys(self, owner: Owner | None) -> tuple[HeldKey, ...]:
        return tuple(h for h in self._in_order() if owner in (None, h.application.owner))

    async def application(self, owner: Owner, name: str) -> Application | None:
        return self._applications.get((owner, name))

    async def application_by_id(self, id: str) -> Application | None:
        return next((a for a in self._applications.values() if a.id == id), None)

    async def applications(self, owner: Owner | None) -> tuple[Application, ...]:
        found = [a for a in self._applications.values() if owner in (None, a.owner)]
        return tuple(sorted(found, key=lambda a: (a.owner.kind.value, a.owner.name, a.name)))

    async def add_application(self, application: Application, record: Record) -> Application:
        return self._applications.setdefault((application.owner, application.name), application)

    async def add_key(self, held: HeldKey, sha256: str, record: Record) -> HeldKey:
        new = held.application
        application = self._applications.setdefault((new.owner, new.name), new)
        credential = replace(held.credential, application=application.id)
        self._held[sha256] = HeldKey(credential=credential, application=application)
        return self._held[sha256]

    async def add_keys(self, keys: Iterable[tuple[HeldKey, str]], record: Record) -> None:
        for held, sha256 in keys:
            await self.add_key(held, sha256, record)

    async def revoke(self, id: str, revocation: Revocation) -> Credential | None:
        for sha256, held in self._held.items():
            if held.credential.id == id and held.credential.revoked is None:
                credential = replace(held.credential, revoked=revocation)
                self._held[sha256] = replace(held, credential=credential)
                await self._news.announce(NewsKind.CREDENTIAL, id, revocation.at)
                return credential
        return None

    async def rotate(
        self, id: str, ends_at: datetime, new: HeldKey, sha256: str, record: Record
    ) -> HeldKey | None:
        for digest, held in self._held.items():
            key = held.credential
            if key.id == id and key.revoked is None and key.replaced_by is None:
                ended = replace(key, expires_at=ends_at, replaced_by=new.credential.id)
                self._held[digest] = replace(held, credential=ended)
                self._held[sha256] = replace(new, application=held.application)
                await self._news.announce(NewsKind.CREDENTIAL, id, record.at)
                return self._held[sha256]
        return None

    def use(self, last_uses: Mapping[str, datetime]) -> None:
        for sha256, held in self._held.items():
            key = held.credential
            used = last_uses.get(key.id, key.last_used_at)
            if used is not None and used > (key.last_used_at or used - timedelta(1)):
                self._held[sha256] = replace(held, credential=replace(key, last_used_at=used))

    def _in_order(self) -> list[HeldKey]:
        by_age = lambda h: (h.credential.created_at, h.credential.id)  # noqa: E731
        return sorted(self._held.values(), key=by_age)


class InMemoryClients:
    def __init__(self) -> None:
        self._held: dict[str, HeldClient] = {}

    async def add_client(self, held: HeldClient, record: Record) -> HeldClient:
        self._held[held.client.id] = held
        return held

    async def client(self, id: str) -> HeldClient | None:
        return self._held.get(id)

    async def clients(self) -> tuple[HeldClient, ...]:
        return tuple(self._held.values())


class InMemoryRevisions:
    def __init__(self, news: InMemoryNews) -> None:
        self._news = news
        self._revisions: list[Revision] = []
        self._named: list[frozenset[str]] = []
        self._states: list[dict[str, str]] = [{}]

    async def add(
        self,
        *,
        snapshot: str,
        kind: RevisionKind,
        at: datetime,
        who: str,
        because: str,
        changed: Mapping[str, str | None],
        news: Iterable[tuple[NewsKind, str]] = (),
        effect: Effect = NO_EFFECT,
    ) -> Revision:
        number = len(self._revisions) + 1
        revision = Revision(
            number=number, snapshot=snapshot, kind=kind, at=at, who=who, because=because
        )
        state: dict[str, str | None] = {**self._states[-1], **changed}
        self._revisions.append(revision)
        self._named.append(frozenset(changed))
        self._states.append({part: c for part, c in sorted(state.items()) if c is not None})
        for what, subject in news:
            await self._news.announce(what, subject, at)
        return revision

    async def newest(self) -> Revision | None:
        return self._revisions[-1] if self._revisions else None

    async def revision(self, number: int) -> Revision | None:
        return next((r for r in self._revisions if r.number == number), None)

    async def newest_by(self, moment: datetime) -> Revision | None:
        return next((r for r in reversed(self._revisions) if r.at <= moment), None)

    async def newest_on(
        self, part: str, *, kinds: frozenset[RevisionKind], by: datetime
    ) -> Revision | None:
        asked = zip(reversed(self._revisions), reversed(self._named), strict=True)
        return next((r for r, n in asked if part in n and r.kind in kinds and r.at <= by), None)

    async def history(self, *, most: int = 100) -> tuple[Revision, ...]:
        return tuple(reversed(self._revisions))[:most]

    async def digests(self, number: int) -> dict[str, str]:
        return {part: part_digest(c) for part, c in (await self.parts(number)).items()}

    async def parts(self, number: int, *, prefix: str = "") -> dict[str, str]:
        state = self._states[min(number, len(self._states) - 1)]
        return {part: c for part, c in state.items() if part.startswith(prefix)}

    async def published_callers(self) -> Callers:
        return callers_from_parts(await self.parts(len(self._revisions), prefix=PREFIX))


class InMemoryNarrowings:
    def __init__(self) -> None:
        self._standing: dict[str, Narrowing] = {}

    async def narrow(self, narrowing: Narrowing) -> None:
        self._standing[narrowing.api] = narrowing

    async def lift(self, api: str, record: Record) -> None:
        self._standing.pop(api, None)

    async def standing(self) -> tuple[Narrowing, ...]:
        return tuple(n for _, n in sorted(self._standing.items()))


class InMemoryRejectedParts:
    def __init__(self) -> None:
        self._rejected: set[tuple[str, str]] = set()

    async def reject(self, parts: Iterable[tuple[str, str]], record: Record) -> None:
        self._rejected |= set(parts)

    async def accept(self, parts: Iterable[tuple[str, str]], record: Record) -> None:
        self._rejected -= set(parts)

    async def rejected(self) -> frozenset[tuple[str, str]]:
        return frozenset(self._rejected)


class InMemoryCompiledContracts:
    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        self._contents = {**contents, **self._contents}

    async def of(self, digests: frozenset[str]) -> dict[str, bytes]:
        return {d: content for d, content in self._contents.items() if d in digests}


class InMemoryLeaks:
    def __init__(self) -> None:
        self._known: dict[LeakPlace, Leak] = {}

    async def add(self, counts: Sequence[LeakCount], at: datetime) -> None:
        for count in counts:
            place = count.at
            of_it = [p for p in self._known if _operation(p) == _operation(place)]
            if place not in self._known and len(of_it) >= MOST_OF_OPERATION:
                place = replace(place, status="-", kind=LeakKind.MORE.value, place="")
            known = self._known.get(place, Leak(at=place, times=0, since=at, last=at))
            self._known[place] = replace(known, times=known.times + count.times, last=at)

    async def of(self, api: str, version: str | None = None) -> tuple[Leak, ...]:
        return tuple(self._known[p] for p in sorted(self._known) if _is_of(p, api, version))

    async def forget(self, api: str, version: str | None, record: Record) -> int:
        before = len(self._known)
        self._known = {p: k for p, k in self._known.items() if not _is_of(p, api, version)}
        return before - len(self._known)


def _operation(place: LeakPlace) -> tuple[str, str, str]:
    return place.api, place.version, place.operation


def _is_of(place: LeakPlace, api: str, version: str | None) -> bool:
    return place.api == api and version in (None, place.version)


class InMemoryPins:
    def __init__(self, news: InMemoryNews) -> None:
        self._news = news
        self._pins: dict[tuple[str, str], PinRecord] = {}

    async def pins_of(self, application: str) -> tuple[Pin, ...]:
        its = (r for r in await self.records() if r.application == application)
        return tuple(Pin(api=r.api, version=r.version) for r in its)

    async def records(self) -> tuple[PinRecord, ...]:
        return tuple(r for _, r in sorted(self._pins.items()) if r.version)

    async def pin(self, record: PinRecord) -> None:
        self._pins[record.application, record.api] = record
        await self._news.announce(NewsKind.APPLICATION, record.application, record.at)

    async def pin_first(self, records: Sequence[PinRecord]) -> tuple[PinRecord, ...]:
        late = []
        for record in records:
            known = self._pins.get((record.application, record.api))
            if known is not None and not known.version and known.at >= record.at:
                late.append(record)
            elif known is None or not known.version:
                await self.pin(record)
        return tuple(late)

    async def unpin(self, application: str, api: str, at: datetime, who: str) -> bool:
        known = self._pins.get((application, api))
        if known is None or not known.version:
            return False
        self._pins[application, api] = replace(known, version="", at=at, who=who)
        await self._news.announce(NewsKind.APPLICATION, application, at)
        return True


class InMemorySuspensions:
    def __init__(self, news: InMemoryNews) -> None:
        self._news = news
        self._standing: dict[Caller, Suspension] = {}

    async def standing(self) -> tuple[Suspension, ...]:
        by_caller = sorted(self._standing.items(), key=lambda i: (i[0].is_owner, i[0].id))
        return tuple(suspension for _, suspension in by_caller)

    async def suspend(self, suspension: Suspension) -> bool:
        caller = suspension.caller
        if caller in self._standing:
            return False
        self._standing[caller] = suspension
        await self._news.announce(caller.news, caller.id, suspension.record.at)
        return True

    async def resume(self, caller: Caller, record: Record) -> bool:
        if self._standing.pop(caller, None) is None:
            return False
        await self._news.announce(caller.news, caller.id, record.at)
        return True


class InMemorySpending:
    def __init__(self, news: InMemoryNews) -> None:
        self._news = news
        self._days: Counter[tuple[str, date]] = Counter()
        self._events: list[QuotaEvent] = []

    async def spent(self, holder: str, day: date) -> Spent:
        days = {d: n for (its, d), n in self._days.items() if its == holder and d <= day}
        first = day.replace(day=1)
        return Spent(day=days.get(day, 0), month=sum(n for d, n in days.items() if d >= first))

    async def spent_by_all(self, day: date) -> dict[str, Spent]:
        first = day.replace(day=1)
        holders = {holder for holder, d in self._days if first <= d <= day}
        return {holder: await self.spent(holder, day) for holder in holders}

    async def events(self, *, most: int) -> tuple[QuotaEvent, ...]:
        newest = sorted(self._events, key=lambda e: e.holder)
        return tuple(sorted(newest, key=lambda e: (e.at, e.percent), reverse=True))[:most]

    async def spend(self, spending: Spending, today: date) -> tuple[QuotaEvent, ...]:
        for key, requests in spending.requests.items():
            self._days[key.holder.id, key.day] += requests
        oldest = today - timedelta(days=QUOTA_DAYS_KEPT)
        self._days = Counter({k: n for k, n in self._days.items() if k[1] >= oldest})
        day, told = spending.at.date(), []
        for holder, limit in sorted(spending.limits.items(), key=lambda its: its[0]):
            known = {replace(e, at=spending.at) for e in self._events}
            new = [
                event
                for state in quota_states(limit, await self.spent(holder.id, day), day)
                for percent in state.reached
                if (event := _event(holder, state, percent, spending.at)) not in known
            ]
            if any(event.percent == SPENT for event in new):
                await self._news.announce(news_about(holder), holder.id, spending.at)
            told += new
            self._events += new
        return tuple(told)


def _event(holder: Holder, state: QuotaState, percent: int, at: datetime) -> QuotaEvent:
    return QuotaEvent(
        holder=holder.id,
        window=state.window,
        since=state.window.first(at.date()),
        limit=state.limit,
        percent=percent,
        at=at,
    )


class InMemoryBlocks:
    def __init__(self, news: InMemoryNews) -> None:
        self._news = news
        self._blocks: list[Block] = []

    async def standing(self, now: datetime) -> tuple[Block, ...]:
        return tuple(b for b in self._in_order() if b.stands(now))

    async def since(self, then: datetime) -> tuple[Block, ...]:
        its = self._in_order()
        return tuple(b for b in its if b.record.at >= then or not _ended_by(b, then))

    async def add(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            oldest = block.record.at - KEPT
            self._blocks = [b for b in self._blocks if not _ended_by(b, oldest)]
            self._blocks.append(block)
            if not block.measure.is_felt:
                continue
            await self._news.announce(block.target.kind.news, block.target.id, block.record.at)

    async def lift(self, ids: Iterable[str], record: Record) -> tuple[Block, ...]:
        wanted = frozenset(ids)
        lifted = tuple(b for b in await self.standing(record.at) if b.id in wanted)
        for block in lifted:
            self._blocks.remove(block)
            self._blocks.append(replace(block, lifted_at=record.at))
            await self._news.announce(block.target.kind.news, block.target.id, record.at)
        return lifted

    def _in_order(self) -> list[Block]:
        return sorted(self._blocks, key=lambda b: (b.record.at, b.id))


def _ended_by(block: Block, then: datetime) -> bool:
    return any(end is not None and end <= then for end in (block.lifted_at, block.until))


class InMemoryUsage:
    def __init__(self, credentials: InMemoryCredentials, spending: InMemorySpending) -> None:
        self._credentials = credentials
        self._spending = spending
        self._positions: dict[str, LogPosition] = {}
        self._days: Counter[UsageKey] = Counter()

    async def position(self, log: str) -> LogPosition | None:
        return self._positions.get(log)

    async def add(
        self,
        log: str,
        before: LogPosition | None,
        after: LogPosition,
        counts: Mapping[UsageKey, int],
        today: date,
        last_uses: Mapping[str, datetime] = NO_USES,
        spending: Spending | None = None,
    ) -> Counted | None:
        if self._positions.get(log) != before:
            return None
        self._positions[log] = after
        self._days.update(counts)
        self._credentials.use(last_uses)
        oldest = today - timedelta(days=DAYS_KEPT)
        self._days = Counter({k: n for k, n in self._days.items() if k.day >= oldest})
        told = () if spending is None else await self._spending.spend(spending, today)
        return Counted(told=told)

    async def days_called(
        self, consumers: Collection[str], *, since: date, until: date
    ) -> Mapping[str, DaysCalled]:
        days: dict[str, set[date]] = {}
        for key in self._days:
            if key.consumer in consumers and since <= key.day <= until:
                days.setdefault(key.consumer, set()).add(key.day)
        return {
            consumer: DaysCalled(days=len(its), first=min(its)) for consumer, its in days.items()
        }

    async def of(self, api: str, *, since: date, until: date) -> tuple[Usage, ...]:
        found: dict[tuple[str, str, str], Usage] = {}
        for key, requests in sorted(self._days.items()):
            if key.api == api and since <= key.day <= until:
                its = (key.version, key.consumer, key.application)
                so_far = found[its].requests if its in found else 0
                found[its] = Usage(
                    version=key.version,
                    consumer=key.consumer,
                    application=key.application,
                    requests=so_far + requests,
                    last=key.day,
                )
        return tuple(sorted(found.values()))


@dataclass(frozen=True)
class InMemoryStore:
    leaks: InMemoryLeaks = field(default_factory=InMemoryLeaks)
    compiled_contracts: InMemoryCompiledContracts = field(default_factory=InMemoryCompiledContracts)
    news: InMemoryNews = field(default_factory=InMemoryNews)
    narrowings: InMemoryNarrowings = field(default_factory=InMemoryNarrowings)
    rejected_parts: InMemoryRejectedParts = field(default_factory=InMemoryRejectedParts)
    clients: InMemoryClients = field(default_factory=InMemoryClients)
    usage: InMemoryUsage = field(init=False)
    spending: InMemorySpending = field(init=False)
    pins: InMemoryPins = field(init=False)
    blocks: InMemoryBlocks = field(init=False)
    suspensions: InMemorySuspensions = field(init=False)
    credentials: InMemoryCredentials = field(init=False)
    revisions: InMemoryRevisions = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spending", InMemorySpending(self.news))
        object.__setattr__(self, "pins", InMemoryPins(self.news))
        object.__setattr__(self, "blocks", InMemoryBlocks(self.news))
        object.__setattr__(self, "suspensions", InMemorySuspensions(self.news))
        object.__setattr__(self, "credentials", InMemoryCredentials(self.news))
        object.__setattr__(self, "usage", InMemoryUsage(self.credentials, self.spending))
        object.__setattr__(self, "revisions", InMemoryRevisions(self.news))
