"""FC309."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.estate.api import Scheme, Status
from forecourt.governance.lifecycle.version_taken_out import RULE
from forecourt.governance.rule import ServedVersion
from forecourt.governance.waivers import waiver_of_nothing, waiver_unused
from tests.governance.builders import (
    a_version,
    a_waiver,
    an_api,
    an_estate,
    findings,
    some_facts,
)

SUNSET = date(2024, 7, 1)


def a_served(name: str, sunset: date | None = None) -> ServedVersion:
    return ServedVersion(name=name, sunset=sunset, prefix=f"/payments/v{name}/")


def found(
    today: date, *served: ServedVersion, audience: str = "public", **written: Any
) -> list[Any]:
    api = an_api("payments", audience, **{"versions": (a_version("2"),)} | written)
    estate = an_estate(api)
    facts = some_facts(estate, served={"payments": served})
    return findings(RULE, estate, facts, today=today)


@pytest.mark.parametrize(
    ("sunset", "today", "told"),
    [
        (None, date(2024, 1, 1), "version `1` is served and was never deprecated"),
        (SUNSET, date(2024, 6, 30), "version `1` is served until 2024-07-01"),
        (SUNSET, SUNSET, "version `1` ended on 2024-07-01, and answers 410 until 2024-09-29"),
        (SUNSET, date(2024, 9, 28), "version `1` ended on 2024-07-01"),
        (SUNSET, date(2024, 9, 29), None),
    ],
)
def test_a_version_stays_for_ninety_days_after_its_sunset(
    sunset: date | None, today: date, told: str | None
) -> None:
    its = found(today, a_served("1", sunset), a_served("2"))
    assert len(its) == (told is not None)
    if told is not None:
        assert its[0].message.startswith(told)
        assert (its[0].api, its[0].version) == ("payments", "1")
        assert 'with `version: "1"`' in its[0].help


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PREVIEW])
def test_a_version_that_becomes_a_draft_or_a_preview_is_taken_out(status: Status) -> None:
    versions = (a_version("1", status=status, feature="early"), a_version("2"))
    (its,) = found(date(2024, 1, 1), a_served("1"), a_served("2"), versions=versions)
    assert its.message == (
        f"version `1` is served and was never deprecated, but it is a {status.value} now"
    )
    assert its.span == an_api(versions=versions).places["versions.1.status"]


def test_a_version_that_moves_is_taken_out_where_it_was() -> None:
    (its,) = found(date(2024, 1, 1), a_served("2"), path="/pay/")
    assert its.message.endswith("but it moves from `/payments/v2/` to `/pay/v2/`")
    assert its.help.startswith("leave it there, deprecated, with a `sunset`; an exception takes")
    by_header = found(date(2024, 1, 1), a_served("2"), scheme=Scheme.HEADER)
    assert [f.message.partition(", but ")[2] for f in by_header] == [
        "it moves from `/payments/v2/` to `/payments/`"
    ]
    assert found(date(2024, 9, 29), a_served("2", SUNSET), path="/pay/") == []


def test_nothing_is_said_where_nobody_knows_what_was_served() -> None:
    estate = an_estate(an_api(versions=(a_version("2"),)))
    assert findings(RULE, estate, some_facts(estate, served=None)) == []
    assert findings(RULE, estate, some_facts(estate, served={})) == []


def test_a_waiver_may_name_the_version_that_is_gone() -> None:
    waiver = a_waiver(rule=RULE.name, version="1")
    estate = an_estate(an_api(versions=(a_version("2"),)), waiver)
    assert findings(waiver_of_nothing.RULE, estate) == []
    unknown = some_facts(estate, served=None)
    assert findings(waiver_unused.RULE, estate, unknown) == []
    known = some_facts(estate, served={"payments": ()})
    assert len(findings(waiver_unused.RULE, estate, known)) == 1
