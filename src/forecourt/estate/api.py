"""An API as its team declares it: `apis/NAME/api.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from forecourt.diagnostics import Places, Span
from forecourt.estate.audience import Audience
from forecourt.estate.brownouts import Brownout
from forecourt.estate.changes import Changes


class Scheme(Enum):
    """How a caller names the version of an API it wants."""

    PATH = "path"
    HEADER = "header"
    DATES = "dates"
    FLAGS = "flags"
    NONE = "none"


class Status(Enum):
    """Where a version stands in its life. Retired is not written: its sunset date says it."""

    DRAFT = "draft"
    PREVIEW = "preview"
    CURRENT = "current"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who answers for an API: a team, its channel, and who is called at night."""

    team: str
    slack: str | None = None
    on_call: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where the service listens: an `http` or `https` URL, and the version it speaks."""

    url: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an API.

    `contract` is the path of its OpenAPI document, from the estate's root; None only where the API
    is unversioned and has no document. `overlays` are laid over it, those of its API first.
    `upstream` overrides the API's. `guide` is a URL, or the path of a file from the estate's root.
    `feature` is what a consumer must have to reach it: a preview, and one that flags choose.
    `brownouts` None: the usual ones of its audience; empty: none.
    """

    name: str
    contract: str | None
    status: Status = Status.CURRENT
    deprecated: date | None = None
    sunset: date | None = None
    guide: str | None = None
    upstream: Upstream | None = None
    overlays: tuple[str, ...] = ()
    brownouts: tuple[Brownout, ...] | None = None
    feature: str | None = None

    @property
    def guide_file(self) -> str | None:
        """The guide, where it is a file of the estate."""
        return None if self.guide is None or "://" in self.guide else self.guide

    @property
    def document(self) -> str | None:
        """By what the contract is known that is read for it: its path, and what is laid over it.

        Two versions that share a file, and lay different overlays over it, have two contracts.
        """
        return (
            None if self.contract is None else " + ".join(map(str, (self.contract, *self.overlays)))
        )


# A message goes through a channel of the organisation.
ACTIONS = ("notify slack", "notify email", "declare incident")


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """What happens when an objective falls below a threshold (a fraction).

    `action` is one of `ACTIONS`; `origin` is where it stands.
    """

    threshold: Decimal
    action: str
    origin: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """An internal API's SLO: fractions for availability and errors, seconds for latencies."""

    availability: Decimal | None = None
    window_days: int = 30
    escalation: tuple[Escalation, ...] = ()
    latency: Mapping[str, Decimal] = field(default_factory=dict)
    error_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyLimits:
    """The largest body a caller may send: bytes, nesting depth, number of keys."""

    bytes: int
    depth: int
    keys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One API.

    `path` begins and ends with `/`. `versions` are sorted by name; an unversioned API has exactly
    one, named "". `allow` names the services that may call (None: every declared one; empty: none).
    `posture` holds the dimensions the team set itself, already read as the dimension's own type
    (`estate.posture`). `changes` say how a version becomes the one after it, by the newer one's
    name. `places` has a place for every key that was written.
    """

    name: str
    title: str
    audience: Audience
    owner: Owner
    path: str
    upstream: Upstream
    scheme: Scheme
    versions: tuple[Version, ...]
    folder: str
    source: str | None = None
    allow: tuple[str, ...] | None = None
    posture: Mapping[str, object] = field(default_factory=dict)
    overlays: tuple[str, ...] = ()
    sla_tiers: tuple[str, ...] = ()
    objective: Objective | None = None
    dashboards: tuple[str, ...] = ()
    changes: tuple[Changes, ...] = ()
    places: Places = field(compare=False, repr=False)

    def prefix_of(self, version: str) -> str:
        """Where a version stands, also one that is not served any more: `/payments/v2/` by path,
        the API's own path by any other scheme."""
        return f"{self.path}v{version}/" if self.scheme is Scheme.PATH else self.path
