"""FC304."""

from __future__ import annotations

from datetime import date

import pytest

from forecourt.estate.api import Status, Version
from forecourt.estate.audience import Audience
from forecourt.governance.lifecycle.deprecation_too_short import RULE
from forecourt.governance.rule import ServedVersion
from tests.governance.builders import (
    a_deprecated_version,
    a_version,
    an_api,
    an_estate,
    an_organization,
    findings,
    messages,
    some_facts,
)


def test_says_how_long_is_demanded_and_until_when() -> None:
    api = an_api(versions=(a_deprecated_version("2024-01-01", "2024-07-01"),))
    (found,) = findings(RULE, an_estate(api))
    assert found.message == (
        "version `1` has 6 months from `deprecated` to `sunset`, but a public API demands 12 months"
    )
    assert found.help == (
        "set `sunset` to 2025-01-01 or later; an exception takes a waiver of "
        '`deprecation-too-short` for `payments` with `version: "1"`'
    )
    assert found.span == api.places["versions.1.sunset"]
    assert (found.api, found.version) == ("payments", "1")


@pytest.mark.parametrize(
    ("audience", "deprecated", "sunset", "is_too_short"),
    [
        ("public", "2024-01-01", "2025-01-01", False),
        ("public", "2024-01-01", "2024-12-31", True),
        ("public", "2024-02-29", "2025-02-28", False),
        ("partner", "2024-08-31", "2025-02-28", False),
        ("partner", "2024-08-31", "2025-02-27", True),
        ("internal", "2024-01-01", "2024-01-01", False),
    ],
)
def test_counts_calendar_months(
    audience: str, deprecated: str, sunset: str, is_too_short: bool
) -> None:
    api = an_api(audience=audience, versions=(a_deprecated_version(deprecated, sunset),))
    assert bool(messages(RULE, an_estate(api))) is is_too_short


def test_the_stricter_of_posture_and_floor_counts() -> None:
    version = a_deprecated_version("2024-01-01", "2025-01-01")
    organization = an_organization(deprecation_floors={Audience.PUBLIC: 18})
    (of_the_floor,) = messages(RULE, an_estate(an_api(versions=(version,)), organization))
    assert of_the_floor.endswith(
        f"`{organization.places['floors.deprecation.public']}` demands 18 months"
    )
    own = an_api(versions=(version,), posture={"deprecation": 24})
    (of_the_api,) = messages(RULE, an_estate(own, organization))
    assert of_the_api.endswith(f"`{own.places['posture.deprecation']}` demands 24 months")


@pytest.mark.parametrize(
    "version",
    [a_version(), a_version(status=Status.DEPRECATED, sunset=date(2024, 7, 1))],
    ids=["current", "since nobody knows when"],
)
def test_leaves_to_others_what_is_not_a_period(version: Version) -> None:
    assert messages(RULE, an_estate(an_api(versions=(version,)))) == []


@pytest.mark.parametrize(
    ("told", "today", "is_too_short"),
    [
        (None, "2024-01-01", False),
        (None, "2024-01-02", True),
        (None, "2026-01-01", True),
        ("2024-12-31", "2024-06-01", False),
        ("2025-01-01", "2024-06-01", False),
        ("2025-01-02", "2024-06-01", True),
        ("2025-01-02", "2023-06-01", False),
    ],
    ids=[
        "told on the day",
        "told a day late",
        "ended before it was told",
        "put off",
        "as it was told",
        "brought forward",
        "brought forward long before",
    ],
)
def test_an_end_that_was_not_told_before_counts_from_today(
    told: str | None, today: str, is_too_short: bool
) -> None:
    api = an_api(versions=(a_deprecated_version("2024-01-01", "2025-01-01"),))
    sunset = None if told is None else date.fromisoformat(told)
    served = ServedVersion(name="1", sunset=sunset, prefix="/payments/v1/")
    estate = an_estate(api)
    facts = some_facts(estate, served={"payments": (served,)})
    its = findings(RULE, estate, facts, today=date.fromisoformat(today))
    assert len(its) == is_too_short
    for finding in its:
        assert "from today, when its callers first hear of it, to `sunset`" in finding.message


def test_what_is_new_is_told_by_its_own_dates() -> None:
    estate = an_estate(an_api(versions=(a_deprecated_version("2020-01-01", "2021-01-01"),)))
    facts = some_facts(estate, served={"payments": ()})
    assert findings(RULE, estate, facts, today=date(2024, 1, 1)) == []
