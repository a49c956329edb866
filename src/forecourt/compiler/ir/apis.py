"""An API as the edge serves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from forecourt.compiler.ir.callers import Limit
from forecourt.contract.reached import Reached
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience
from forecourt.estate.rate_limit import RateLimit

# A version in this state is for the organisation's own services.
DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """Where requests go: `base_path` begins and ends with `/`; `mock`: the built-in mock."""

    host: str
    port: int
    tls: bool
    base_path: str
    mock: bool = False

    @property
    def key(self) -> str:
        """What is the same for upstreams that share connections."""
        if self.mock:
            return "mock"
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"


def mock_upstream(api: str) -> Upstream:
    """The built-in mock, which answers for an API by its contract."""
    return Upstream(host="", port=0, tls=False, base_path=f"/{api}/", mock=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRef:
    """A version's contract as callers of one audience see it, by the digests of what was compiled.

    `way_in` finds operations and judges requests, `way_out` says what may leave. `exact` are the
    schemas that the edge leaves to the control plane; "" where it leaves none. `hidden` names what
    is held back from those callers by its marks (`contract.hidden`), `reached` by its places
    (`contract.reached`): only who compares two parts reads them, to see what one would open.
    `has_lives`: answers may say that an operation, or a parameter, is deprecated. `has_limits`: an
    operation has a limit of its own.
    """

    audience: Audience
    way_in: str
    way_out: str
    exact: str = ""
    hidden: tuple[str, ...] = ()
    reached: Reached = ()
    has_lives: bool = False
    has_limits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymous:
    """What of a version anybody may call who brings no credential, until a day: from that on,
    nothing.

    `operations` are their names (`POST /tokens`); `way_in`, `way_out` and `exact` the contract that
    has only these, as in `ContractRef`. Each address may send so many requests as `limit` says, and
    has a bucket for each `bucket`: the API where that says itself how many, else "".
    """

    operations: tuple[str, ...]
    until: date
    way_in: str
    way_out: str
    exact: str = ""
    limit: Limit
    bucket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brownout:
    """A while in which a version is refused: from `begins` on, and no longer at `ends`."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LensRef:
    """What lies between a version and the one that its service speaks, by its digest.

    `functions` are the names of the files of functions that it calls.
    """

    digest: str
    speaks: str
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of an API. `prefix` is where it stands (begins and ends with `/`).

    `successors` are the current versions that callers of a deprecated one may move to, the newest
    first. `feature` is what a caller must have (always, for a preview). `guide` is a URL, or a file
    of the estate. `contracts` has one for each audience whose calls are held to it. `brownouts` are
    in the order in which they come. `anonymous` None: nobody calls without a credential.
    """

    name: str
    status: str
    prefix: str
    upstream: Upstream
    deprecated: date | None
    sunset: date | None
    guide: str | None
    successors: tuple[str, ...] = ()
    contracts: tuple[ContractRef, ...] = ()
    lens: LensRef | None = None
    brownouts: tuple[Brownout, ...] = ()
    feature: str | None = None
    anonymous: Anonymous | None = None
    origin: Span = field(compare=False)

    @property
    def is_released(self) -> bool:
        """Whether callers outside may know of it: a preview, those with its feature."""
        return self.status != DRAFT

    def is_open_to(self, features: Iterable[str]) -> bool:
        """Whether a caller with these features has what it needs. A preview needs one."""
        if self.feature is None:
            return self.status != "preview"
        return self.feature in features


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerPolicy:
    """What holds for callers of one audience.

    How refusals read, which kinds of credential count, whether the scopes of an operation are
    demanded, and how requests and answers are held to the contract. A body may have so many bytes,
    levels and keys. `abuse` is what is done about attacks, beside the edge. `meets_brownouts`: they
    are refused while a version has one. `precedence` is the class in which they are turned away
    here (None: their own). `limit` is what each of them may ask of this API (None: what its own
    limit lets through).
    """

    audience: Audience
    errors: str
    credentials: tuple[str, ...]
    demands_scopes: bool
    request_check: str
    response_check: str
    unknown_parameters: str
    body_bytes: int
    body_depth: int
    body_keys: int
    meets_brownouts: bool = False
    precedence: int | None = None
    # Of what was published before there was one, the table's.
    abuse: str | None = None
    limit: RateLimit | None = None

    @property
    def is_held_to_contract(self) -> bool:
        """Whether anything of such a caller's requests or answers is looked at."""
        return (self.request_check, self.response_check) != ("off", "off")

    @property
    def reaches_operations_only(self) -> bool:
        """Whether what is no operation of the contract is not there: it would answer nothing."""
        return self.request_check == "enforce" or self.response_check == "filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """An API with everything that follows from its audience.

    `listeners` are the names of those it is on. `by_header`: the caller names the version in
    `API-Version`; `by_flags`: its features say it. `allow` None: every service. `callers` has one
    policy for each audience that can reach it.
    """

    name: str
    title: str
    audience: Audience
    team: str
    path: str
    listeners: tuple[str, ...]
    by_header: bool
    versions: tuple[Version, ...]
    allow: tuple[str, ...] | None
    callers: tuple[CallerPolicy, ...]
    by_flags: bool = False
    origin: Span = field(compare=False)
