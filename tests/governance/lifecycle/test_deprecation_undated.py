"""FC305."""

from __future__ import annotations

from datetime import date

import pytest

from forecourt.estate.api import Status, Version
from forecourt.governance.lifecycle.deprecation_undated import RULE
from tests.governance.builders import (
    a_deprecated_version,
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


@pytest.mark.parametrize("version", [a_version(), a_deprecated_version("2024-01-01", "2024-01-02")])
def test_dates_that_agree_pass(version: Version) -> None:
    assert messages(RULE, an_estate(an_api(versions=(version,)))) == []
