"""FC303."""

from __future__ import annotations

from forecourt.estate.audience import Audience
from forecourt.governance.lifecycle.floor_laxer_than_posture import RULE
from tests.governance.builders import an_estate, an_organization, findings, messages


def test_finds_a_floor_below_the_table() -> None:
    organization = an_organization(deprecation_floors={Audience.PUBLIC: 6, Audience.PARTNER: 6})
    (found,) = findings(RULE, an_estate(organization))
    assert found.message == (
        "the floor for public APIs is 6 months, laxer than the 12 months that public demands"
    )
    assert found.span == organization.places["floors.deprecation.public"]


def test_a_floor_at_or_above_the_table_passes() -> None:
    organization = an_organization(deprecation_floors={Audience.PUBLIC: 12, Audience.PARTNER: 9})
    assert messages(RULE, an_estate(organization)) == []


def test_says_nothing_where_the_organisation_could_not_be_read() -> None:
    assert messages(RULE, an_estate(organization=None)) == []
