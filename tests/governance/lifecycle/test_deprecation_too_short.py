"""FC304."""

from __future__ import annotations

from datetime import date

import pytest

from forecourt.estate.api import Status, Version
from forecourt.estate.audience import Audience
from forecourt.governance.lifecycle.deprecation_too_short import RULE
from tests.governance.builders import (
    a_deprecated_version,
    a_version,
    an_api,
    an_estate,
    an_organization,
    findings,
    messages,
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
