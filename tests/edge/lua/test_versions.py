"""Which version a caller means, and whether it may have it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.edge.luajit import Lua

LUA = Lua()
VERSIONS = LUA.module("versions")


def a_version(name: str, status: str = "current", **fields: Any) -> dict[str, Any]:
    return {"name": name, "status": status, **fields}


def by_header(*versions: dict[str, Any]) -> dict[str, Any]:
    return {"api": "analytics", "by_header": True, "versions": list(versions)}


DATED = by_header(
    a_version("2022-01-01", "deprecated"),
    a_version("2023-06-01"),
    a_version("2024-01-15"),
    a_version("2024-09-01", "preview"),
)


def chosen(
    policy: dict[str, Any],
    wanted: str | None,
    *,
    granted: bool | tuple[str, ...] = True,
    audience: str = "partner",
) -> str | None:
    grant = granted if granted is True else LUA.value(dict.fromkeys(granted or (), True))
    found = VERSIONS.choose(LUA.value(policy), grant, audience, wanted)
    return None if found is None else found.name


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, "2024-01-15"),
        ("2024-01-15", "2024-01-15"),
        ("2024-01-14", "2023-06-01"),
        ("2030-01-01", "2024-01-15"),
        ("2022-12-31", "2022-01-01"),
        ("2021-12-31", None),
        ("", None),
        ("latest", None),
        ("2024-1-15", None),
        ("2024-01-15,2023-06-01", None),
    ],
    ids=[
        "none named: the newest that is current",
        "the day itself",
        "the newest that is not after it",
        "a day to come",
        "a deprecated one",
        "before the first",
        "an empty field",
        "a word",
        "a day in another spelling",
        "two days",
    ],
)
def test_chooses_by_date(wanted: str | None, expected: str | None) -> None:
    assert chosen(DATED, wanted) == expected


def test_chooses_only_what_the_contract_allows() -> None:
    assert chosen(DATED, None, granted=("2023-06-01",)) == "2023-06-01"
    assert chosen(DATED, "2024-01-15", granted=("2023-06-01",)) == "2023-06-01"
    assert chosen(DATED, "2023-01-01", granted=("2023-06-01",)) is None
    assert chosen(DATED, None, granted=()) is None


def test_shows_what_is_not_released_to_services_only() -> None:
    assert chosen(DATED, "2024-09-01") == "2024-01-15"
    assert chosen(DATED, "2024-09-01", audience="internal") == "2024-09-01"
    assert chosen(DATED, None, audience="internal") == "2024-01-15"


def test_chooses_by_name_where_names_are_no_dates() -> None:
    policy = by_header(a_version("2"), a_version("10"))
    assert chosen(policy, "2") == "2"
    assert chosen(policy, None) == "10"
    assert chosen(policy, "2024-01-15") is None
    assert chosen(policy, "3") is None


def test_the_path_has_said_it_already() -> None:
    policy = {"api": "payments", "by_header": False, "versions": [a_version("2")]}
    assert chosen(policy, None) == "2"
    assert chosen(policy, "1") == "2"
    assert chosen(policy, None, granted=("1",)) is None


@given(st.text(st.characters(max_codepoint=255), max_size=30))
def test_any_text_names_a_version_that_is_there_or_none(wanted: str) -> None:
    assert chosen(DATED, wanted) in {None, *(v["name"] for v in DATED["versions"])}


@given(st.integers(0, 4_102_444_800))
def test_writes_dates_as_http_does(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    written = VERSIONS.http_date(seconds)
    assert written == format_datetime(moment, usegmt=True)
    assert parsedate_to_datetime(written) == moment


def test_the_date_that_was_agreed_goes_before_everybody_elses() -> None:
    policy = LUA.value({"api": "payments"})
    version = LUA.value(a_version("1", sunset=100))
    assert VERSIONS.sunset(policy, version, LUA.value({"payments 1": 200})) == 200
    assert VERSIONS.sunset(policy, version, LUA.value({"payments 2": 200})) == 100
    assert VERSIONS.sunset(policy, version, False) == 100
    assert VERSIONS.sunset(policy, LUA.value(a_version("1")), False) is None
