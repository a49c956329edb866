"""FC902."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forecourt.diagnostics import Severity
from forecourt.governance.waivers.waiver_expiring import RULE
from tests.governance.builders import A_DAY, a_waiver, an_estate, findings, messages


@pytest.mark.parametrize(("days", "left"), [(1, "1 day"), (2, "2 days"), (14, "14 days")])
def test_warns_for_two_weeks(days: int, left: str) -> None:
    waiver = a_waiver(expires=A_DAY + timedelta(days=days))
    (found,) = findings(RULE, an_estate(waiver))
    assert f"ends in {left};" in found.message
    assert found.span == waiver.places["expires"]
    assert RULE.severity is Severity.WARNING


@pytest.mark.parametrize("days", [-1, 0, 15])
def test_says_nothing_earlier_or_later(days: int) -> None:
    assert messages(RULE, an_estate(a_waiver(expires=A_DAY + timedelta(days=days)))) == []
