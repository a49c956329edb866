"""What is promised by tier, and what is paid when it is broken: `sla.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from forecourt.diagnostics import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Below this availability, this fraction of the fee is paid back."""

    below: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A promise: availability and credits as fractions, latencies and response times in seconds."""

    name: str
    availability: Decimal
    latency: Mapping[str, Decimal] = field(default_factory=dict)
    support_response: Decimal | None = None
    credits: tuple[Credit, ...] = ()
    places: Places = field(compare=False, repr=False)
