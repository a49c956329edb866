"""Who is turned away first: the public, partners by what was promised, services last."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forecourt.diagnostics import Places, Span
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.estate.precedence import BEST_TIER, FIRST, LAST, LEAST_TIER, precedence, tier_class
from forecourt.estate.sla import Tier

HERE = Places(origin=Span("sla.yaml", 1, 1))


def some_tiers(**availability: str) -> dict[str, Tier]:
    return {
        name: Tier(name=name, availability=Decimal(percent), places=HERE)
        for name, percent in availability.items()
    }


def test_the_public_goes_first_and_services_last() -> None:
    classes = [precedence(POSTURES[audience].shedding) for audience in Audience]
    assert classes == [LAST, LEAST_TIER, FIRST]


def test_the_more_was_promised_the_later_a_partner_goes() -> None:
    tiers = some_tiers(enterprise="0.9995", standard="0.995", premium="0.999")
    classes = [tier_class(name, tiers) for name in ("standard", "premium", "enterprise")]
    assert classes == [1, 2, 3]


@pytest.mark.parametrize(("count", "classes"), [(1, [1]), (2, [1, 2]), (6, [1, 1, 2, 2, 3, 3])])
def test_any_number_of_tiers_has_its_classes(count: int, classes: list[int]) -> None:
    tiers = some_tiers(**{f"tier-{n}": f"0.99{n}" for n in range(count)})
    assert [tier_class(name, tiers) for name in tiers] == classes


def test_who_was_promised_nothing_goes_first_of_partners() -> None:
    tiers = some_tiers(standard="0.995", premium="0.999")
    assert tier_class(None, tiers) == LEAST_TIER == tier_class("gone", tiers)
    assert precedence("by_tier", BEST_TIER) == BEST_TIER < LAST
