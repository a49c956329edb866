"""What follows from the audience: one frozen table, and the only place that asks which word it is.

Each dimension has a name, a scale from lax to strict, whose audience it is judged by, who enforces
it, and a value with its reason for each audience. Everything else in Forecourt reads the fields of
a `Posture`; an `if audience is …` elsewhere is a decision that leaked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Literal, get_args

from forecourt.estate.api import Api, BodyLimits
from forecourt.estate.audience import Audience
from forecourt.estate.brownouts import USUAL, Brownout
from forecourt.estate.rate_limit import RateLimit
from forecourt.estate.scale import Accepted, Comparison, Count, Ladder, Limits, Rate, Scale, Text

Credential = Literal["anonymous", "api_key", "oauth2", "jwt", "internal_token", "mtls"]
Reachable = Literal["internal+external", "internal"]
Authorization = Literal["service", "contract", "scope"]
RequestCheck = Literal["off", "observe", "enforce"]
UnknownParameters = Literal["pass", "refuse"]
ResponseCheck = Literal["off", "observe", "filter"]
Encryption = Literal["mesh", "tls", "tls_pinned"]
Errors = Literal["detailed", "sanitised", "constant"]
Abuse = Literal["report", "throttle", "block"]
Shedding = Literal["first", "by_tier", "last"]
Versioning = Literal["none", "flags", "dates", "path", "header"]


class JudgedBy(Enum):
    """Whose audience decides: the caller's, the API's, or the stricter of both."""

    CALLER = "caller"
    API = "API"
    BOTH = "both"


class EnforcedBy(Enum):
    """Who holds a dimension. `DECLARED` ones bind people; no code enforces them yet."""

    EDGE = "edge"
    CHECK = "check"
    DECLARED = "declared only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """A value for every dimension of the table. The fields are the dimensions' keys."""

    trust: str
    listener: Reachable
    credentials: frozenset[Credential]
    authorization: Authorization
    rate_limit: RateLimit
    anonymous_limit: RateLimit
    quota: str
    request_check: RequestCheck
    unknown_parameters: UnknownParameters
    response_check: ResponseCheck
    body_limits: BodyLimits
    encryption: Encryption
    errors: Errors
    audit: str
    abuse: Abuse
    shedding: Shedding
    usage_control: str
    source: str
    versioning: frozenset[Versioning]
    breaking_change: str
    deprecation: int
    notice: str
    documentation: str
    languages: int
    freshness: str
    documentation_review: str
    feedback: str
    promise: str
    design_approval: str
    naming: str
    security_review: str
    exposure_audit: str
    launch: str
    onboarding: str
    support: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What one audience gets in one dimension, and why."""

    value: object
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One row of the table. `values` has one value for each audience."""

    key: str
    judged_by: JudgedBy
    enforced_by: EnforcedBy
    scale: Scale
    values: Mapping[Audience, Value]

    @property
    def is_settable(self) -> bool:
        """Whether an API may set it; text for people follows from the audience alone."""
        return not isinstance(self.scale, Text)


_MB = 1024 * 1024
_CALLER, _API, _BOTH = JudgedBy.CALLER, JudgedBy.API, JudgedBy.BOTH
_EDGE, _CHECK, _DECLARED = EnforcedBy.EDGE, EnforcedBy.CHECK, EnforcedBy.DECLARED
_AN_ADDRESS = RateLimit(requests_per_minute=60)
_EXTERNAL_CREDENTIALS: frozenset[Credential] = frozenset({"api_key", "oauth2", "jwt"})


def _row(
    key: str,
    judged_by: JudgedBy,
    enforced_by: EnforcedBy,
    scale: Scale,
    internal: tuple[object, str],
    partner: tuple[object, str],
    public: tuple[object, str],
) -> Dimension:
    cells = zip(Audience, (internal, partner, public), strict=True)
    values = {audience: Value(value=value, because=why) for audience, (value, why) in cells}
    return Dimension(
        key=key,
        judged_by=judged_by,
        enforced_by=enforced_by,
        scale=scale,
        values=MappingProxyType(values),
    )


def _words(literal: object) -> tuple[str, ...]:
    return tuple(get_args(literal))


# fmt: off
DIMENSIONS: tuple[Dimension, ...] = (
    _row("trust", _CALLER, _DECLARED, Text(),
         ("high: same organisation", "callers answer to the same people"),
         ("negotiated", "a contract names both sides"),
         ("none: every request may be an attack", "anyone may sign up")),
    _row("listener", _BOTH, _EDGE, Ladder(_words(Reachable)),
         ("internal", "what the external listener does not know cannot be reached through it"),
         ("internal+external", "partners call from outside; services may too, from inside"),
         ("internal+external", "strangers call from outside; services may too, from inside")),
    _row("credentials", _CALLER, _EDGE, Accepted(_words(Credential)),
         (frozenset({"mtls", "internal_token"}), "an identity needs no secret to copy"),
         (_EXTERNAL_CREDENTIALS, "they name the partner; mTLS where contracted"),
         (_EXTERNAL_CREDENTIALS, "a key says which application calls, never which person")),
    _row("authorization", _CALLER, _EDGE, Ladder(_words(Authorization)),
         ("service", "an allow list of services is short and reviewed in one place"),
         ("contract", "the contract names APIs and versions"),
         ("scope", "a stranger holds what was granted, and nothing else")),
    _row("rate_limit", _CALLER, _EDGE, Rate(),
         (RateLimit(requests_per_minute=10_000), "stops a runaway loop, not a busy service"),
         (RateLimit(requests_per_minute=1_000), "the contract's own limit replaces it"),
         (RateLimit(requests_per_minute=100, per_user=RateLimit(requests_per_minute=50)),
          "the plan's own limit replaces it")),
    _row("anonymous_limit", _CALLER, _EDGE, Rate(),
         (_AN_ADDRESS, "inside, nobody calls without an identity"),
         (_AN_ADDRESS, "nobody calls without the partner's credential"),
         (_AN_ADDRESS, "who brings no credential is counted by address")),
    _row("quota", _CALLER, _EDGE, Ladder(("none", "monthly", "daily")),
         ("none", "capacity is planned together"),
         ("daily", "by contract"),
         ("daily", "by plan")),
    _row("request_check", _CALLER, _EDGE, Ladder(_words(RequestCheck)),
         ("off", "the calling team tests against the contract; observe by choice"),
         ("enforce", "nothing enters that the contract does not describe"),
         ("enforce", "nothing enters that the contract does not describe")),
    _row("unknown_parameters", _CALLER, _EDGE, Ladder(_words(UnknownParameters)),
         ("pass", "services are deployed together"),
         ("refuse", "a misspelt parameter is answered, not ignored"),
         ("refuse", "what is not described cannot be relied on, or attacked")),
    _row("response_check", _CALLER, _EDGE, Ladder(_words(ResponseCheck)),
         ("off", "colleagues may see what a service says; observe by choice"),
         ("filter", "only declared fields leave"),
         ("filter", "only declared fields leave")),
    _row("body_limits", _CALLER, _EDGE, Limits(),
         (BodyLimits(bytes=8 * _MB, depth=128, keys=100_000), "batches between services are large"),
         (BodyLimits(bytes=1 * _MB, depth=64, keys=10_000), "more than any honest call needs"),
         (BodyLimits(bytes=1 * _MB, depth=64, keys=10_000), "more than any honest call needs")),
    _row("encryption", _BOTH, _EDGE, Ladder(_words(Encryption)),
         ("mesh", "mutual TLS between workloads, transparent to code"),
         ("tls", "TLS 1.2 or newer"),
         ("tls", "TLS 1.2 or newer, with HSTS; pins where they are published")),
    _row("errors", _CALLER, _EDGE, Ladder(_words(Errors)),
         ("detailed", "whoever calls also debugs"),
         ("sanitised", "a stable code and a reference that support can look up"),
         ("constant", "a stranger learns nothing from the shape of a refusal")),
    _row("audit", _CALLER, _DECLARED, Ladder(("operational", "compliance", "compliance_security")),
         ("operational", "enough to debug"),
         ("compliance", "what was done under the contract can be shown"),
         ("compliance_security", "attacks are reconstructed afterwards")),
    _row("abuse", _CALLER, _EDGE, Ladder(_words(Abuse)),
         ("report", "an anomaly inside is a bug; its owner is told"),
         ("throttle", "the partner manager is told before anybody is cut off"),
         ("block", "for growing times")),
    _row("shedding", _CALLER, _EDGE, Ladder(_words(Shedding)),
         ("last", "the organisation keeps running"),
         ("by_tier", "by the SLA that was sold"),
         ("first", "nobody was promised otherwise")),
    _row("usage_control", _API, _DECLARED, Ladder(("suggest", "by_contract", "enforce")),
         ("enforce", "client versions may be set centrally"),
         ("by_contract", "as agreed"),
         ("suggest", "published advice is all there is")),
    _row("source", _API, _DECLARED, Ladder(("shown", "hidden")),
         ("shown", "the code is the best documentation for colleagues"),
         ("hidden", "how it is made is nobody's business outside"),
         ("hidden", "how it is made is nobody's business outside")),
    _row("versioning", _API, _CHECK, Accepted(_words(Versioning)),
         (frozenset({"none", "flags", "dates", "path", "header"}), "callers move together"),
         (frozenset({"path", "header"}), "the contract names versions, so they must have names"),
         (frozenset({"path", "header"}), "strangers move when they can")),
    _row("breaking_change", _API, _DECLARED, Ladder(("announce", "acknowledge", "new_version")),
         ("announce", "coordinate with the calling services"),
         ("acknowledge", "each affected partner agrees"),
         ("new_version", "nobody can be asked")),
    _row("deprecation", _API, _CHECK, Count("calendar months", more_is=Comparison.STRICTER),
         (0, "callers are known and move together"),
         (6, "a partner plans by the half-year, or as the contract says"),
         (12, "a stranger needs a year")),
    _row("notice", _API, _DECLARED, Ladder(("chat", "direct", "published")),
         ("chat", "in the owner's channel"),
         ("direct", "to each partner"),
         ("published", "by e-mail, changelog feed and portal banner")),
    _row("documentation", _API, _DECLARED, Ladder(("minimum", "partner", "full")),
         ("minimum", "purpose, owner, contact, operations, runbook"),
         ("partner", "public documentation and partner guides, for allowed versions"),
         ("full", "complete self-service, for every supported version")),
    _row("languages", _API, _DECLARED, Count("code-sample languages", more_is=Comparison.STRICTER),
         (1, "the company's own"),
         (5, "what partners commonly use"),
         (5, "what developers commonly use; 10 is better")),
    _row("freshness", _API, _DECLARED, Ladder(("with_releases", "continuous")),
         ("with_releases", "colleagues can ask"),
         ("continuous", "wrong documentation is a support case"),
         ("continuous", "wrong documentation is a support case")),
    _row("documentation_review", _API, _DECLARED, Ladder(("peer", "writer", "writer_editorial")),
         ("peer", "a colleague reads it"),
         ("writer", "a technical writer reads it"),
         ("writer_editorial", "a technical writer and an editor read it")),
    _row("feedback", _API, _DECLARED, Ladder(("chat", "manager", "formal")),
         ("chat", "in the owner's channel"),
         ("manager", "through the account manager"),
         ("formal", "every page rated, every rating answered")),
    _row("promise", _API, _DECLARED, Ladder(("slo", "sla_contract", "sla_published")),
         ("slo", "a target without penalty"),
         ("sla_contract", "by contract, reported to each partner"),
         ("sla_published", "published tiers with credits, and a status page")),
    _row("design_approval", _API, _DECLARED, Ladder(("team_lead", "board", "board_quorum")),
         ("team_lead", "the team can change it later"),
         ("board", "the review board and the partner manager"),
         ("board_quorum", "what is public stays")),
    _row("naming", _API, _DECLARED, Ladder(("suggested", "enforced")),
         ("suggested", "names can still be changed"),
         ("enforced", "names cannot be changed afterwards"),
         ("enforced", "names cannot be changed afterwards")),
    _row("security_review", _API, _DECLARED, Ladder(("scan", "scan_signoff", "audit")),
         ("scan", "automated"),
         ("scan_signoff", "automated, and somebody signs"),
         ("audit", "by hand")),
    _row("exposure_audit", _API, _EDGE, Ladder(("on_publish", "daily")),
         ("on_publish", "nothing changes in between"),
         ("daily", "the world outside changes by itself"),
         ("daily", "the world outside changes by itself")),
    _row("launch", _API, _DECLARED, Ladder(("flag", "pilot", "announcement")),
         ("flag", "service by service"),
         ("pilot", "with named partners"),
         ("announcement", "formal general availability")),
    _row("onboarding", _CALLER, _DECLARED, Ladder(("automatic", "assisted", "self_service")),
         ("automatic", "a declared service can call"),
         ("assisted", "invitation, contract, guidance"),
         ("self_service", "in the portal")),
    _row("support", _CALLER, _DECLARED, Ladder(("chat", "manager", "ticket")),
         ("chat", "in the owner's channel"),
         ("manager", "account manager with an escalation path"),
         ("ticket", "tickets")),
)
# fmt: on

BY_KEY: Mapping[str, Dimension] = MappingProxyType({d.key: d for d in DIMENSIONS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """How callers of a deprecated version notice that it ends.

    `usual` are the brownouts of a version for which nobody wrote any, `callers` those whom
    brownouts refuse, written or not.
    """

    usual: tuple[Brownout, ...]
    callers: frozenset[Audience]
    because: str


# By the audience of the API. A version may have a schedule of its own, so this is no dimension:
# none is neither laxer nor stricter than another.
NOTICING: Mapping[Audience, Noticing] = MappingProxyType(
    {
        Audience.INTERNAL: Noticing(
            usual=(),
            callers=frozenset({Audience.INTERNAL}),
            because="every calling team can be spoken with; the API's own may still choose to",
        ),
        Audience.PARTNER: Noticing(
            usual=USUAL,
            callers=frozenset({Audience.PARTNER}),
            because="a partner may not read what it is sent; our own services can be spoken with",
        ),
        Audience.PUBLIC: Noticing(
            usual=USUAL,
            callers=frozenset({Audience.PARTNER, Audience.PUBLIC}),
            because="nobody can speak with strangers; our own services can be spoken with",
        ),
    }
)


# As whose callers those count who bring no credential: a partner is known by its contract, a
# service by its identity.
WITHOUT_CREDENTIAL = Audience.PUBLIC


def _posture(audience: Audience) -> Posture:
    fields = {d.key: d.values[audience].value for d in DIMENSIONS}
    return Posture(**fields)  # type: ignore[arg-type]


POSTURES: Mapping[Audience, Posture] = MappingProxyType({a: _posture(a) for a in Audience})


def is_laxer(key: str, value: object, audience: Audience) -> bool:
    """Whether a value in that dimension is laxer than the table demands of an audience."""
    dimension = BY_KEY[key]
    demanded = dimension.values[audience].value
    return dimension.scale.compare(value, demanded) is Comparison.LAXER


def posture_of(api: Api, caller: Audience) -> Posture:
    """What holds when callers of an audience call this API.

    The table's column, with the dimensions the API set itself. Dimensions judged by the API take
    the API's column; judged by the caller, the caller's; judged by both, the stricter. A value that
    the API set holds for callers of its own audience, and for others where it is stricter than
    theirs.
    """
    fields: dict[str, object] = {}
    for dimension in DIMENSIONS:
        value = _table_value(dimension, api.audience, caller)
        if dimension.key in api.posture:
            value = _with_own(dimension, value, api, caller)
        fields[dimension.key] = value
    return replace(POSTURES[caller], **fields)  # type: ignore[arg-type]


def _table_value(dimension: Dimension, api: Audience, caller: Audience) -> object:
    by_caller = dimension.values[caller].value
    by_api = dimension.values[api].value
    match dimension.judged_by:
        case JudgedBy.CALLER:
            return by_caller
        case JudgedBy.API:
            return by_api
        case JudgedBy.BOTH:
            is_stricter = dimension.scale.compare(by_api, by_caller) is Comparison.STRICTER
            return by_api if is_stricter else by_caller


def _with_own(dimension: Dimension, value: object, api: Api, caller: Audience) -> object:
    own = api.posture[dimension.key]
    if dimension.judged_by is not JudgedBy.CALLER or caller is api.audience:
        return own
    return own if dimension.scale.compare(own, value) is Comparison.STRICTER else value
