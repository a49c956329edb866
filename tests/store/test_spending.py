"""Spending adds up, and each threshold is told once, in every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from forecourt.actions.announce import NewsKind
from forecourt.actions.quota import DAYS_KEPT, QuotaEvent, Spending, Spent, Window
from forecourt.actions.usage import LogPosition
from forecourt.compiler.ir.callers import Limit
from forecourt.store.opening import Store
from forecourt.usage.spending import Holder, SpendingKey
from tests.actions.builders import NOW, a_limit

TODAY = NOW.date()
APP = Holder(id="app_1", is_owner=False)
ACME = Holder(id="partner:acme", is_owner=True)
TEN_A_DAY = replace(a_limit(), per_day=10)


class Edge:
    """One that counts its own log into a store."""

    def __init__(self, store: Store, log: str = "a log") -> None:
        self.store = store
        self.log = log
        self.position: LogPosition | None = None

    async def spends(
        self, requests: int, *, of: Holder = APP, day: date = TODAY, limit: Limit = TEN_A_DAY
    ) -> list[tuple[Window, int]]:
        """Counts that many; the events that came of it."""
        offset = 0 if self.position is None else self.position.offset
        after = LogPosition(file="1:2", offset=offset + 1)
        spending = Spending(
            requests={SpendingKey(day=day, holder=of): requests}, limits={of: limit}, at=NOW
        )
        told = await self.store.usage.add(
            self.log, self.position, after, {}, TODAY, spending=spending
        )
        assert told is not None
        self.position = after
        return [(event.window, event.percent) for event in told.told]


async def test_days_add_up_to_a_month(store: Store) -> None:
    edge = Edge(store)
    first = TODAY.replace(day=1)
    for day, requests in ((first - timedelta(days=1), 100), (first, 2), (first, 3)):
        await edge.spends(requests, day=day)
    assert await store.spending.spent("app_1", first) == Spent(day=5, month=5)
    await edge.spends(4, day=first + timedelta(days=9))
    assert await store.spending.spent("app_1", first) == Spent(day=5, month=5)
    assert await store.spending.spent("app_1", first + timedelta(days=9)) == Spent(day=4, month=9)
    assert await store.spending.spent("app_2", first) == Spent()
    await edge.spends(1, of=ACME, day=first)
    assert await store.spending.spent_by_all(first) == {
        "app_1": Spent(day=5, month=5),
        "partner:acme": Spent(day=1, month=1),
    }


async def test_edges_that_share_a_database_share_what_is_spent(store: Store) -> None:
    one, other = Edge(store), Edge(store, "another log")
    assert await one.spends(5) == []
    assert await other.spends(5) == [(Window.DAY, 80), (Window.DAY, 95), (Window.DAY, 100)]
    assert await store.spending.spent("app_1", TODAY) == Spent(day=10, month=10)


async def test_each_threshold_is_told_once_in_a_window(store: Store) -> None:
    edge = Edge(store)
    told = [await edge.spends(1) for _ in range(12)]
    assert told[7:10] == [[(Window.DAY, 80)], [], [(Window.DAY, 95), (Window.DAY, 100)]]
    assert [t for t in told if t] == [told[7], told[9]]
    kept = await store.spending.events(most=10)
    assert [event.percent for event in kept] == [100, 95, 80]
    assert kept[0] == QuotaEvent(
        holder="app_1", window=Window.DAY, since=TODAY, limit=10, percent=100, at=NOW
    )
    assert [e.percent for e in await store.spending.events(most=1)] == [100]


async def test_whose_quota_is_used_up_is_news(store: Store) -> None:
    edge = Edge(store)
    await edge.spends(9)
    before = await store.news.latest_news()
    await edge.spends(1)
    await edge.spends(1)
    after = await store.news.latest_news()
    (news,) = await store.news.news_since(before.latest, up_to=after.latest)
    assert (news.kind, news.subject) == (NewsKind.APPLICATION, "app_1")
    await edge.spends(10, of=ACME)
    (news,) = await store.news.news_since(after.latest, up_to=after.latest + 9)
    assert (news.kind, news.subject) == (NewsKind.CONSUMER, "partner:acme")


async def test_another_limit_resets_nothing_and_is_told_anew(store: Store) -> None:
    edge = Edge(store)
    await edge.spends(10)
    raised = replace(TEN_A_DAY, per_day=100)
    assert await edge.spends(70, limit=raised) == [(Window.DAY, 80)]
    assert await store.spending.spent("app_1", TODAY) == Spent(day=80, month=80)


async def test_what_was_counted_is_not_spent_again(store: Store) -> None:
    edge, other = Edge(store), Edge(store)
    await edge.spends(5)
    spending = Spending(requests={SpendingKey(day=TODAY, holder=APP): 5}, at=NOW)
    after = LogPosition(file="1:2", offset=1)
    assert await store.usage.add(other.log, None, after, {}, TODAY, spending=spending) is None
    assert await store.spending.spent("app_1", TODAY) == Spent(day=5, month=5)


async def test_forgets_days_that_are_too_old(store: Store) -> None:
    edge = Edge(store)
    old = TODAY - timedelta(days=DAYS_KEPT + 1)
    await edge.spends(3, day=old)
    await edge.spends(1)
    assert await store.spending.spent("app_1", old) == Spent()
