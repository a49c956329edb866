"""What the edge logged is counted once, and the first call pins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.quota import Spent
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.compiler.ir.callers import Limit, Pin
from forecourt.edge.logged_request import LoggedRequest
from forecourt.server.usage_counting import Detects, UsageCounting
from forecourt.usage.spending import Holder
from tests.actions.builders import NOW, a_held_key, a_limit, a_record
from tests.edge.logged import a_line
from tests.store.in_memory import InMemoryStore

TODAY = date(2026, 3, 1)


class Counting:
    """A log, and what becomes of it."""

    def __init__(self, folder: Path, detecting: Detects | None = None) -> None:
        self.log = folder / "access.log"
        self.store = InMemoryStore()
        self.pinnable = {"prices": frozenset({"2023-06-01", "2024-01-15"})}
        self.limit = a_limit()
        self.detecting = detecting
        self.counting = self.started()

    def started(self) -> UsageCounting:
        async def pinnable() -> Mapping[str, frozenset[str]]:
            return self.pinnable

        async def limits(holders: Iterable[Holder]) -> Mapping[Holder, Limit]:
            return dict.fromkeys(holders, self.limit)

        return UsageCounting(
            self.log,
            usage=self.store.usage,
            pins=self.store.pins,
            pinnable=pinnable,
            news=self.store.news,
            limits=limits,
            clock=lambda: NOW,
            detecting=self.detecting,
        )

    def logs(self, **fields: Any) -> None:
        with self.log.open("ab") as opened:
            opened.write(a_line(**fields))

    def calls_prices(self, version: str, **fields: Any) -> None:
        self.logs(route="prices@#0123456789ab", version=version, **fields)

    async def counted(self, api: str = "payments") -> int:
        return sum(u.requests for u in await self.store.usage.of(api, since=TODAY, until=TODAY))


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    return Counting(tmp_path)


async def test_counts_each_line_once_also_after_a_restart(counting: Counting) -> None:
    assert not await counting.counting.step()
    counting.logs()
    counting.logs()
    assert await counting.counting.step()
    assert not await counting.counting.step()
    counting.logs()
    assert await counting.started().step()
    assert await counting.counted() == 3


async def test_a_line_that_is_none_is_passed_over(counting: Counting) -> None:
    counting.log.write_bytes(b"not a line\n")
    counting.logs()
    await counting.counting.step()
    assert await counting.counted() == 1


async def test_two_that_count_one_log_count_it_once(counting: Counting) -> None:
    other = counting.started()
    counting.logs()
    await counting.counting.step()
    await other.step()
    assert await counting.counted() == 1


async def test_the_first_call_pins_an_application(counting: Counting) -> None:
    counting.calls_prices("2023-06-01")
    counting.calls_prices("2024-01-15")
    counting.calls_prices("2024-01-15", application="app_2")
    await counting.counting.step()
    assert await counting.store.pins.pins_of("app_1") == (Pin(api="prices", version="2023-06-01"),)
    assert await counting.store.pins.pins_of("app_2") == (Pin(api="prices", version="2024-01-15"),)


async def test_what_was_unpinned_is_pinned_anew_by_the_next_call(counting: Counting) -> None:
    counting.calls_prices("2023-06-01")
    await counting.counting.step()
    counting.calls_prices("2023-06-01")
    await counting.counting.step()
    unpinned = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)
    assert await counting.store.pins.unpin("app_1", "prices", unpinned, "root")
    counting.calls_prices("2023-06-01", time="2026-03-01T11:29:59.000Z")  # from before
    await counting.counting.step()
    assert await counting.store.pins.pins_of("app_1") == ()
    counting.calls_prices("2024-01-15", time="2026-03-01T11:30:01.000Z")
    await counting.counting.step()
    assert await counting.store.pins.pins_of("app_1") == (Pin(api="prices", version="2024-01-15"),)


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "2024-09-01"},
        {"version": "2023-06-01", "route": "prices@#0123456789ab/mock"},
        {"version": "2023-06-01", "route": "payments@1#0123456789ab"},
        {"version": None, "route": "prices@#0123456789ab", "reason": "version-not-named"},
    ],
    ids=["a version that may go", "a test", "a version by path", "a refusal"],
)
async def test_other_calls_pin_nothing(counting: Counting, fields: dict[str, Any]) -> None:
    counting.logs(**{"route": "prices@#0123456789ab"} | fields)
    await counting.counting.step()
    assert await counting.store.pins.records() == ()


async def test_what_cannot_be_stored_is_counted_later(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> bool:
        raise StoreUnavailable("it is away")

    counting.logs()
    with monkeypatch.context() as patched:
        patched.setattr(counting.store.usage, "add", away)
        with pytest.raises(StoreUnavailable):
            await counting.counting.step()
    await counting.counting.step()
    assert await counting.counted() == 1


async def test_what_is_counted_is_spent_once_and_told(
    counting: Counting, capsys: pytest.CaptureFixture[str]
) -> None:
    counting.limit = replace(a_limit(), per_day=4)
    for _ in range(3):
        counting.logs()
    counting.logs(status=404, reason="not-found")
    await counting.counting.step()
    await counting.started().step()
    holder = "partner:partner_acme_corp"
    assert await counting.store.spending.spent(holder, TODAY) == Spent(day=3, month=3)
    assert "a quota" not in capsys.readouterr().out
    counting.logs()
    await counting.counting.step()
    told = capsys.readouterr().out
    assert told.count("a quota is used up") == 1
    assert told.count("a quota will be used up") == 2
    assert [e.percent for e in await counting.store.spending.events(most=9)] == [100, 95, 80]


async def test_says_when_a_key_was_used_last_once_a_minute(counting: Counting) -> None:
    key, held = a_held_key()
    await counting.store.credentials.add_key(held, key_digest(key), a_record())
    written: list[Mapping[str, datetime]] = []
    add = counting.store.usage.add

    async def noting(*given: Any) -> Any:
        written.append(given[5])
        return await add(*given)

    counting.store.usage.add = noting  # type: ignore[method-assign]
    for second in (1, 2, 59):
        counting.logs(credential=held.credential.id, time=f"2026-03-01T12:31:{second:02}Z")
        assert await counting.counting.step()
    counting.logs(credential=held.credential.id, time="2026-03-01T12:32:00Z")
    await counting.counting.step()
    its = {held.credential.id: datetime(2026, 3, 1, 12, 31, tzinfo=UTC)}
    assert written[:3] == [its, {}, {}]
    found = await counting.store.credentials.key_by_id(held.credential.id)
    assert found is not None
    assert found.last_used_at == datetime(2026, 3, 1, 12, 32, tzinfo=UTC)


class Looked:
    """What looks for attacks, and forgets nothing that it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.asked: list[str] = []

    async def last_uses(self, keys: Sequence[str]) -> Mapping[str, datetime]:
        self.asked += keys
        return {}

    async def __call__(
        self, requests: Sequence[LoggedRequest], last_uses: Mapping[str, datetime]
    ) -> None:
        self.told += (request.request_id for request in requests)


async def test_what_looks_for_attacks_is_told_each_line_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> bool:
        raise StoreUnavailable("it is away")

    looked = Looked()
    counting = Counting(tmp_path, detecting=looked)
    counting.logs(request_id="r-1")
    with monkeypatch.context() as patched:
        patched.setattr(counting.store.usage, "add", away)
        with pytest.raises(StoreUnavailable):
            await counting.counting.step()
        counting.logs(request_id="r-2")
        with pytest.raises(StoreUnavailable):
            await counting.counting.step()
    counting.logs(request_id="r-3")
    await counting.counting.step()
    counting.logs(request_id="r-4")
    await counting.counting.step()
    assert looked.told == ["r-1", "r-2", "r-3", "r-4"]
    assert looked.asked[-1] == "key_1"
