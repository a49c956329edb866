"""Who is turned away first where not everybody can be served."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.estate.posture import Shedding
from forecourt.estate.sla import Tier

# Classes of callers, the first to be turned away first. Partners are in those between, by the tier
# that they bought.
FIRST, LEAST_TIER, BEST_TIER, LAST = 0, 1, 3, 4
CLASSES = LAST + 1


def precedence(shedding: Shedding, tier: int = LEAST_TIER) -> int:
    """The class of callers whom a posture sheds so; `tier` is that of `tier_class`."""
    match shedding:
        case "first":
            return FIRST
        case "by_tier":
            return tier
        case "last":
            return LAST


def tier_class(name: str | None, tiers: Mapping[str, Tier]) -> int:
    """The class of a partner that bought a tier: the more is promised the later it is turned away.
    Nobody promised anything: the first of partners."""
    if name is None or name not in tiers:
        return LEAST_TIER
    by_promise = sorted(tiers, key=lambda tier: (tiers[tier].availability, tier))
    classes = BEST_TIER - LEAST_TIER + 1
    return LEAST_TIER + by_promise.index(name) * classes // max(len(by_promise), classes)
