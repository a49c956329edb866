"""`forecourt brownouts`: when, and who would be hit."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecourt.actions.usage import LogPosition
from forecourt.bootstrap import opened_world
from forecourt.settings import read_settings
from forecourt.usage.rollup import UsageKey
from tests.actions.publishing import an_api_file
from tests.cli.command import told
from tests.cli.estates import Estate

VERSIONS = (
    '{"1": {contract: v1.openapi.yaml, status: deprecated, deprecated: 2029-01-01,'
    ' sunset: 2030-07-01}, "2": {contract: v1.openapi.yaml}}'
)


def called(folder: Path, *consumers: str) -> None:
    today = datetime.now(UTC).date()

    async def add() -> None:
        async with opened_world(read_settings(folder)) as world:
            keys = (
                UsageKey(day=today, api="payments", version="1", consumer=c, application="app_1")
                for c in consumers
            )
            after = LogPosition(file="1:2", offset=1)
            await world.store.usage.add("a log", None, after, dict.fromkeys(keys, 1200), today)

    asyncio.run(add())


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(tmp_path, monkeypatch)
    estate.write("apis/payments/api.yaml", an_api_file(versions=VERSIONS))
    called(tmp_path, "developer:ada", "service:orders")
    return estate


def test_tells_when_and_whom(estate: Estate) -> None:
    result = estate.run("brownouts", "payments", "--at", "2030-06-01")
    today = datetime.now(UTC).date()
    assert result.stdout == (
        "payments version 1, gone from 2030-07-01\n"
        "  2030-06-01 00:00 to 2030-06-01 12:00 UTC\n"
        "  next: 2030-06-17 00:00 to 2030-06-18 00:00 UTC\n"
        "  2030-06-24 00:00 to 2030-06-26 00:00 UTC\n"
        "  would be refused, by the last 30 days:\n"
        f"    developer:ada, app_1: 1,200 requests, last on {today}\n"
        "  would not, for they are not outside:\n"
        f"    service:orders, app_1: 1,200 requests, last on {today}\n"
    )
    during = estate.run("brownouts", "payments", "--at", "2030-06-25").stdout
    assert "  now: 2030-06-24 00:00 to 2030-06-26 00:00 UTC\n" in during


def test_says_that_nobody_would_be_refused(estate: Estate) -> None:
    before = estate.run("brownouts", "payments", "--at", "2020-06-25").stdout
    assert before.endswith("  would refuse nobody, by the last 30 days\n")


def test_tells_programs_the_same(estate: Estate) -> None:
    result = estate.run("brownouts", "payments", "--at", "2030-06-25", "--format", "json")
    (told_of,) = json.loads(result.stdout)
    assert told_of["now"] == {"begins": "2030-06-24T00:00:00Z", "ends": "2030-06-26T00:00:00Z"}
    assert told_of["next"] is None
    assert [c["consumer"] for c in told_of["hit"]] == ["developer:ada"]
    assert [c["consumer"] for c in told_of["spared"]] == ["service:orders"]


def test_there_may_be_none(estate: Estate) -> None:
    result = estate.run("brownouts", "users")
    assert result.exit_code == 0
    assert "no version of users is deprecated" in result.stderr


def test_an_api_that_is_not_there_is_answered_with_the_name_meant(estate: Estate) -> None:
    assert told(estate.run("brownouts", "payment")) == (
        "exit code 2\n--- stderr\nerror: no API that can be read is called `payment`;"
        " did you mean `payments`?\n"
    )
