"""FC305."""

from __future__ import annotations

from datetime import date

import pytest

from forecourt.estate.api import Status, Version
from forecourt.governance.lifecycle.deprecation_undated import RULE
from tests.governance.builders import (
    a_deprecated_version,
    a_partner,
    a_version,
    an_api,
    an_estate,
    findings,
    messages,
)

_DAY = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("version", "says", "at"),
    [
        (
            a_version(status=Status.DEPRECATED, deprecated=_DAY),
            "is deprecated, but has no `sunset`",
            "status",
        ),
        (
            a_version(status=Status.DEPRECATED, sunset=_DAY),
            "is deprecated, but has no `deprecated`",
            "status",
        ),
        (a_version(sunset=_DAY), "is current, but has `sunset: 2024-01-01`", "sunset"),
        (
            a_version(status=Status.PREVIEW, deprecated=_DAY),
            "is preview, but has `deprecated: 2024-01-01`",
            "deprecated",
        ),
    ],
)
def test_finds_status_and_dates_that_do_not_agree(version: Version, says: str, at: str) -> None:
    api = an_api(versions=(version,))
    (found,) = findings(RULE, an_estate(api))
    assert found.message == f"version `1` {says}"
    assert found.span == api.places[f"versions.1.{at}"]


@pytest.mark.parametrize(
    ("version", "says"),
    [
        (a_version(), "is current, and would end on 2024-06-01 without a word"),
        (
            a_deprecated_version("2024-06-01", "2025-06-01"),
            "would end on 2024-06-01, and is deprecated from 2024-06-01 on",
        ),
        (a_deprecated_version("2024-05-31", "2025-06-01"), None),
    ],
)
def test_a_day_agreed_with_a_partner_comes_after_the_deprecation(
    version: Version, says: str | None
) -> None:
    partner = a_partner(sunsets={("payments", "1"): date(2024, 6, 1)})
    its = findings(RULE, an_estate(an_api(versions=(version,)), partner))
    assert [f.message for f in its] == (
        [] if says is None else [f"version `1` of `payments` {says}"]
    )
    assert all(f.span == partner.places["sunsets.payments.1"] for f in its)


@pytest.mark.parametrize("version", [a_version(), a_deprecated_version("2024-01-01", "2024-01-02")])
def test_dates_that_agree_pass(version: Version) -> None:
    assert messages(RULE, an_estate(an_api(versions=(version,)))) == []
