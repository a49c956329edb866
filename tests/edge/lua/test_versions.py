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
    a_version("2024-09-01", "preview", feature="early"),
    a_version("2024-10-01", "draft"),
)


def chosen(
    policy: dict[str, Any],
    wanted: str | None,
    *,
    granted: bool | tuple[str, ...] = True,
    audience: str = "partner",
    features: tuple[str, ...] = (),
    pins: dict[str, str] | bool | None = False,
) -> str | None:
    """The name of the version; None for none, and why, where nobody can say."""
    grant = granted if granted is True else LUA.value(dict.fromkeys(granted or (), True))
    terms = {"audience": audience, "has_feature": dict.fromkeys(features, True) or False}
    if pins is not None:
        terms["pins"] = pins
    found = VERSIONS.choose(LUA.value(policy), grant, LUA.value(terms), wanted)
    if isinstance(found, tuple):
        return str(found[1])
    return None if found is None else str(found.name)


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
        ("2024-02-30", None),
        ("2023-02-29", None),
        ("2024-02-29", "2024-01-15"),
        ("2024-13-01", None),
        ("0000-01-01", None),
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
        "a day that February never has",
        "a day that February does not have that year",
        "a day that February has that year",
        "a month that is none",
        "a year that is none",
    ],
)
def test_chooses_by_date(wanted: str | None, expected: str | None) -> None:
    assert chosen(DATED, wanted) == expected


def test_chooses_only_what_the_contract_allows() -> None:
    assert chosen(DATED, None, granted=("2023-06-01",)) == "2023-06-01"
    assert chosen(DATED, "2024-01-15", granted=("2023-06-01",)) == "2023-06-01"
    assert chosen(DATED, "2023-01-01", granted=("2023-06-01",)) is None
    assert chosen(DATED, None, granted=()) is None


def test_shows_a_preview_to_those_who_have_its_feature() -> None:
    assert chosen(DATED, "2024-09-01") == "2024-01-15"
    assert chosen(DATED, "2024-09-01", features=("other",)) == "2024-01-15"
    assert chosen(DATED, "2024-09-01", features=("early",)) == "2024-09-01"
    assert chosen(DATED, "2030-01-01", features=("early",)) == "2024-09-01"
    assert chosen(DATED, None, features=("early",)) == "2024-01-15"
    assert chosen(DATED, "2024-09-01", features=("early",), granted=("2024-01-15",)) != "2024-09-01"
    assert chosen(DATED, "2024-09-01", audience="internal") == "2024-01-15"


def test_shows_a_preview_without_a_feature_to_nobody() -> None:
    policy = by_header(a_version("1", "preview"))
    assert chosen(policy, "1", audience="internal", features=("early",)) is None


def test_shows_a_draft_to_services_that_call_it_by_its_name() -> None:
    assert chosen(DATED, "2024-10-01") == "2024-01-15"
    assert chosen(DATED, "2024-10-01", audience="internal") == "2024-10-01"
    assert chosen(DATED, "2024-10-02", audience="internal") == "2024-01-15"


def test_a_pin_counts_where_nothing_is_named() -> None:
    pins = {"analytics": "2022-01-01", "payments": "2"}
    assert chosen(DATED, None, pins=pins) == "2022-01-01"
    assert chosen(DATED, "2023-06-01", pins=pins) == "2023-06-01"
    assert chosen(DATED, None, pins={"payments": "2"}) == "2024-01-15"


@pytest.mark.parametrize("version", ["2021-01-01", "2024-09-01", "2024-10-01", "2025-01-01"])
def test_a_pin_opens_nothing_and_leads_nowhere_else(version: str) -> None:
    assert chosen(DATED, None, pins={"analytics": version}) is None
    allowed = ("2023-06-01",)
    assert chosen(DATED, None, pins={"analytics": "2024-01-15"}, granted=allowed) is None


def test_where_nobody_knows_the_pins_only_who_names_a_version_gets_one() -> None:
    assert chosen(DATED, None, pins=None) == "unavailable"
    assert chosen(DATED, "2023-06-01", pins=None) == "2023-06-01"


BY_FLAGS = {
    "api": "users",
    "by_header": False,
    "by_flags": True,
    "versions": [
        a_version("1"),
        a_version("2", feature="new-ledger"),
        a_version("3", "preview", feature="newest-ledger"),
        a_version("4", "draft"),
    ],
}


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ((), "1"),
        (("other",), "1"),
        (("new-ledger",), "2"),
        (("newest-ledger",), "3"),
        (("new-ledger", "newest-ledger"), "3"),
    ],
)
def test_a_feature_chooses_where_the_api_says_so(features: tuple[str, ...], expected: str) -> None:
    assert chosen(BY_FLAGS, None, audience="internal", features=features) == expected
    assert chosen(BY_FLAGS, "4", audience="internal", features=features) == expected


def test_lists_what_may_be_named() -> None:
    policy = by_header(*DATED["versions"], a_version("2025-01-01", sunset=100))
    partner = {"audience": "partner", "has_feature": False, "sunsets": False}

    def choices(now: float, granted: Any = True, **terms: Any) -> list[str]:
        given = LUA.value(granted) if isinstance(granted, dict) else granted
        found = VERSIONS.choices(LUA.value(policy), given, LUA.value(partner | terms), now)
        return list(found.values())

    assert choices(99) == ["2022-01-01", "2023-06-01", "2024-01-15", "2025-01-01"]
    assert choices(100) == ["2022-01-01", "2023-06-01", "2024-01-15"]
    assert choices(100, has_feature={"early": True})[-1] == "2024-09-01"
    assert choices(100, audience="internal")[-1] == "2024-10-01"
    assert choices(100, granted={"2023-06-01": True}) == ["2023-06-01"]
    assert choices(100, sunsets={"analytics 2025-01-01": 101})[-1] == "2025-01-01"


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
