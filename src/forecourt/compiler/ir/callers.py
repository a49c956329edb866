"""Who may call, as the edge and the resolver need to know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience
from forecourt.estate.precedence import LEAST_TIER


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A token bucket: `per_minute` tokens refill evenly, at most `capacity` of them wait. Quotas
    come on top: requests `per_day` and `per_month` (UTC's calendar), None where there is none.
    `per_user` is what each person may use of it for whom a token was issued; None: all of it.
    `at_once` requests may be under way at a time; None: nobody counts them."""

    per_minute: int
    capacity: float
    per_day: int | None = None
    per_month: int | None = None
    per_user: Limit | None = None
    at_once: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the organisation; `identity` is its SPIFFE ID."""

    name: str
    identity: str
    limit: Limit
    features: tuple[str, ...] = ()
    origin: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An API that a partner's contract names; `versions` None: every version it sees."""

    api: str
    versions: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedSunset:
    """The day from which a version is gone, as agreed with one partner."""

    api: str
    version: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The version of an API that an application gets where it names none."""

    api: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A partner's contract.

    `host` is the host of its own on the external listener, where it must bring a client certificate
    (`sha256` fingerprints, or one signed by `ca`, a PEM file of the estate with the
    content of that digest, which holds certificates of these); None: keys and tokens
    are enough, and no such host exists. `tier` is the class of what was promised
    (`forecourt.estate.precedence`).
    """

    name: str
    id: str
    limit: Limit
    grants: tuple[Grant, ...]
    features: tuple[str, ...]
    host: str | None
    sha256: tuple[str, ...]
    ca: str | None
    ca_sha256: str | None = None
    ca_holds: tuple[str, ...] = ()
    sunsets: tuple[AgreedSunset, ...]
    tier: int = LEAST_TIER
    origin: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a public application on this plan may use."""

    name: str
    limit: Limit
    origin: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Somebody who signs tokens for callers of one audience. `jwks` is an https URL or a file.

    `plan` is what each application is on that brings its tokens, where they are public ones.
    """

    name: str
    issuer: str
    jwks: str
    token_audience: str
    callers: Audience
    consumer_claim: str
    plan: str | None = None
    origin: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Everyone declared, by name. `standard` is the limit of a public caller without a plan."""

    services: tuple[Service, ...]
    partners: tuple[Partner, ...]
    plans: tuple[Plan, ...]
    issuers: tuple[Issuer, ...]
    standard: Limit
