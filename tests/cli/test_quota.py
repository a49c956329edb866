"""`forecourt quota`: what is spent, of how much, and what was told of it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forecourt.actions.quota import Spending
from forecourt.actions.quota_limits import quota_limits
from forecourt.actions.usage import LogPosition
from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings
from forecourt.usage.spending import Holder, SpendingKey
from tests.cli.command import told
from tests.cli.estates import Estate

ACME = Holder(id="partner:partner_acme_corp", is_owner=True)


def calls(folder: Path, holder: str, requests: int) -> datetime:
    """As many are counted; gives when."""
    now = datetime.now(UTC)
    its = Holder(id=holder, is_owner=":" in holder)

    async def add() -> None:
        async with opened_world(read_settings(folder)) as world:
            store = world.store
            callers = await store.revisions.published_callers()
            limits = await quota_limits({its}, callers, store.credentials)
            costs = {SpendingKey(day=now.date(), holder=its): requests}
            spending = Spending(requests=costs, limits=limits, at=now)
            before = await store.usage.position("a log")
            offset = 1 if before is None else before.offset + 1
            after = LogPosition(file="1:2", offset=offset)
            await store.usage.add("a log", before, after, {}, now.date(), spending=spending)

    asyncio.run(add())
    return now


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(tmp_path, monkeypatch)
    limit = "rate_limit: {requests_per_minute: 100, requests_per_day: 1000}"
    monthly = "rate_limit: {requests_per_minute: 100, requests_per_month: 5000}"
    estate.write("plans.yaml", f"plans: {{small: {{{limit}}}, large: {{{monthly}}}}}\n")
    contract = (tmp_path / "partners" / "acme-corp.yaml").read_text()
    lines = [line for line in contract.splitlines() if not line.startswith("rate_limit")]
    estate.write("partners/acme-corp.yaml", "\n".join([*lines, limit, ""]))
    estate.publish()
    return estate


def test_lists_whose_how_much_and_until_when(estate: Estate, tmp_path: Path) -> None:
    issued = estate.run(
        "key", "issue", "--developer", "ada", "--application", "shop", "--plan", "large"
    )
    assert issued.exit_code == 0, told(issued)
    shop = json.loads(estate.run("quota", "list", "--format", "json").stdout)
    assert [quota["holder"] for quota in shop] == [ACME.id], "ada has not called yet"
    listed = estate.run("consumer", "pins")
    assert listed.exit_code == 0

    tomorrow = calls(tmp_path, ACME.id, 1200) + timedelta(days=1)
    result = estate.run("quota", "list")
    assert result.exit_code == 0, told(result)
    assert result.stdout == (
        f"{ACME.id}  1,200 of 1,000 a day  until {tomorrow.date()} 00:00 UTC  used up\n"
    )


def test_asks_about_one_holder(estate: Estate, tmp_path: Path) -> None:
    tomorrow = calls(tmp_path, ACME.id, 800) + timedelta(days=1)
    (found,) = json.loads(estate.run("quota", "list", ACME.id, "--format", "json").stdout)
    assert (found["spent"], found["limit"], found["window"]) == (800, 1000, "day")
    assert found["resets"] == f"{tomorrow.date()}T00:00:00Z"
    assert found["exhausted"] is False
    assert f"{ACME.id}  800 of" in estate.run("quota", "list", "partner:acme-corp").stdout
    nobody = estate.run("quota", "list", "partner:acme")
    assert nobody.exit_code == 2
    assert "nobody is called `partner:acme`" in told(nobody)
    none = estate.run("quota", "list", "service:orders")
    assert none.exit_code == 1
    assert "`service:orders` has no quota" in told(none)


def test_a_caller_is_shown_with_what_is_spent(estate: Estate, tmp_path: Path) -> None:
    added = estate.run("consumer", "add", "shop", "--developer", "ada", "--plan", "small")
    calls(tmp_path, added.stdout.split()[-1], 12)
    calls(tmp_path, ACME.id, 800)
    for name, said in (
        ("developer:ada/shop", "12 of 1,000 a day  until"),
        ("developer:ada", "developer:ada/shop: 12 of 1,000 a day  until"),
        ("partner:acme-corp", "800 of 1,000 a day  until"),
    ):
        shown = estate.run("consumer", "show", name)
        assert f"quota     {said}" in shown.stdout, told(shown)


def test_lists_warnings_the_newest_first(estate: Estate, tmp_path: Path) -> None:
    assert "nobody came to 80 percent" in told(estate.run("quota", "warnings"))
    now = calls(tmp_path, ACME.id, 960)
    result = estate.run("quota", "warnings")
    assert result.exit_code == 0, told(result)
    assert result.stdout.splitlines() == [
        f"{now:%Y-%m-%d %H:%M:%S}  {ACME.id}  {percent} percent of 1,000 a day from {now.date()}"
        for percent in (95, 80)
    ]
    events = json.loads(estate.run("quota", "warnings", "--most", "1", "--format", "json").stdout)
    assert [event["percent"] for event in events] == [95]
