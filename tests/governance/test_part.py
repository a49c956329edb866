"""Which part of the estate a finding belongs to."""

from __future__ import annotations

import pytest

from forecourt.diagnostics import Span
from forecourt.governance import part_of
from tests.governance.builders import a_waiver, an_estate


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("apis/payments/api.yaml", "api/payments"),
        ("apis/payments/guides/migrate.md", "api/payments"),
        ("partners/acme-corp.yaml", "partner/acme-corp"),
        ("services.yaml", "services"),
        ("plans.yaml", "plans"),
        ("sla.yaml", "sla"),
        ("forecourt.yaml", "organization"),
        ("forecourt.prod.yaml", "organization"),
        ("contracts/shared.yaml", "organization"),
        ("apis/payments", "api/payments"),
        ("waivers/payments-promise-missing.yaml", "api/payments"),
        ("waivers/unreadable.yaml", "organization"),
    ],
)
def test_a_place_belongs_to(path: str, part: str) -> None:
    assert part_of(Span(path, 1, 1), an_estate(a_waiver())) == part
