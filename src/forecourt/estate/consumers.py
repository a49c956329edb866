"""Who calls: services, partners, and the plans that public applications may be on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from forecourt.diagnostics import Places
from forecourt.estate.rate_limit import RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An internal caller, known by its SPIFFE identity. `rate_limit` None: the posture's."""

    name: str
    identity: str
    rate_limit: RateLimit | None = None
    enabled_features: tuple[str, ...] = ()
    places: Places = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What public applications may use."""

    name: str
    rate_limit: RateLimit
    places: Places = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCertificates:
    """Client certificates a partner must bring: SHA-256 fingerprints (hex), or an authority."""

    sha256: tuple[str, ...] = ()
    ca: str | None = None


# How often a delivery that failed is repeated; `aggressive` begins sooner.
RETRY_POLICIES = ("standard", "aggressive")


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A partner's contract: `partners/NAME.yaml`.

    `apis` maps an API to the versions this partner may use (None: every one it sees). `sunsets`
    maps (API, version) to a date agreed with this partner. `certificates` None: keys and tokens
    are enough. `webhook_retry_policy` is one of `RETRY_POLICIES`.
    """

    name: str
    id: str
    title: str
    rate_limit: RateLimit
    apis: Mapping[str, tuple[str, ...] | None]
    enabled_features: tuple[str, ...] = ()
    sla_tier: str | None = None
    sla_availability: Decimal | None = None
    certificates: PartnerCertificates | None = None
    support: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    webhook_endpoints: tuple[str, ...] = ()
    webhook_retry_policy: str | None = None
    sunsets: Mapping[tuple[str, str], date] = field(default_factory=dict)
    places: Places = field(compare=False, repr=False)
