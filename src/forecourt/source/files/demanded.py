"""What the table of postures demands, as a note for whoever writes a key that it sets."""

from __future__ import annotations

from forecourt.estate.audience import Audience
from forecourt.estate.posture import BY_KEY
from forecourt.estate.wording import worded


def demanded(key: str) -> str:
    """A sentence with what each audience demands in a dimension."""
    dimension = BY_KEY[key]
    values = (worded(dimension, dimension.values[audience].value) for audience in Audience)
    each = "; ".join(f"{a.value}: {value}" for a, value in zip(Audience, values, strict=True))
    return f"Demanded by audience: {each}."


def usual(key: str, audience: Audience) -> str:
    """A sentence with what holds for callers of an audience where nothing is written."""
    dimension = BY_KEY[key]
    value = worded(dimension, dimension.values[audience].value)
    return f"Left out, it is what {audience.value} callers have: {value}."
