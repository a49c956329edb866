"""The posture table, cell by cell, and what holds when an API sets some of it itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.diagnostics import Places, Span
from forecourt.estate.api import Api, BodyLimits, Owner, Scheme, Upstream, Version
from forecourt.estate.audience import Audience, sees
from forecourt.estate.posture import (
    BY_KEY,
    DIMENSIONS,
    NOTICING,
    POSTURES,
    Dimension,
    JudgedBy,
    Posture,
    is_laxer,
    posture_of,
)
from forecourt.estate.rate_limit import RateLimit
from forecourt.estate.scale import Accepted, Comparison, Count, Ladder, Limits

_MB = 1024 * 1024
_EXTERNAL = {"api_key", "oauth2", "jwt"}
_ANY_SCHEME = {"none", "flags", "dates", "path", "header"}

# dimension, judged by, then the values of internal, partner and public callers or APIs.
_TABLE: tuple[tuple[str, str, Any, Any, Any], ...] = (
    (
        "trust",
        "caller",
        "high: same organisation",
        "negotiated",
        "none: every request may be an attack",
    ),
    ("listener", "both", "internal", "internal+external", "internal+external"),
    ("credentials", "caller", {"mtls", "internal_token"}, _EXTERNAL, _EXTERNAL),
    ("authorization", "caller", "service", "contract", "scope"),
    ("rate_limit", "caller", 10_000, 1_000, 100),
    ("anonymous_limit", "caller", 60, 60, 60),
    ("quota", "caller", "none", "daily", "daily"),
    ("request_check", "caller", "off", "enforce", "enforce"),
    ("unknown_parameters", "caller", "pass", "refuse", "refuse"),
    ("response_check", "caller", "off", "filter", "filter"),
    ("body_limits", "caller", (8 * _MB, 128, 100_000), (_MB, 64, 10_000), (_MB, 64, 10_000)),
    ("encryption", "both", "mesh", "tls", "tls"),
    ("errors", "caller", "detailed", "sanitised", "constant"),
    ("audit", "caller", "operational", "compliance", "compliance_security"),
    ("abuse", "caller", "report", "throttle", "block"),
    ("shedding", "caller", "last", "by_tier", "first"),
    ("usage_control", "API", "enforce", "by_contract", "suggest"),
    ("source", "API", "shown", "hidden", "hidden"),
    ("versioning", "API", _ANY_SCHEME, {"path", "header"}, {"path", "header"}),
    ("breaking_change", "API", "announce", "acknowledge", "new_version"),
    ("deprecation", "API", 0, 6, 12),
    ("notice", "API", "chat", "direct", "published"),
    ("documentation", "API", "minimum", "partner", "full"),
    ("languages", "API", 1, 5, 5),
    ("freshness", "API", "with_releases", "continuous", "continuous"),
    ("documentation_review", "API", "peer", "writer", "writer_editorial"),
    ("feedback", "API", "chat", "manager", "formal"),
    ("promise", "API", "slo", "sla_contract", "sla_published"),
    ("design_approval", "API", "team_lead", "board", "board_quorum"),
    ("naming", "API", "suggested", "enforced", "enforced"),
    ("security_review", "API", "scan", "scan_signoff", "audit"),
    ("exposure_audit", "API", "on_publish", "daily", "daily"),
    ("launch", "API", "flag", "pilot", "announcement"),
    ("onboarding", "caller", "automatic", "assisted", "self_service"),
    ("support", "caller", "chat", "manager", "ticket"),
)

# The ladders from lax to strict, where the values of the table do not climb by themselves.
_LADDERS: Mapping[str, tuple[str, ...]] = {
    "listener": ("internal+external", "internal"),
    "authorization": ("service", "contract", "scope"),
    "quota": ("none", "monthly", "daily"),
    "request_check": ("off", "observe", "enforce"),
    "unknown_parameters": ("pass", "refuse"),
    "response_check": ("off", "observe", "filter"),
    "encryption": ("mesh", "tls", "tls_pinned"),
    "errors": ("detailed", "sanitised", "constant"),
    "audit": ("operational", "compliance", "compliance_security"),
    "abuse": ("report", "throttle", "block"),
    "usage_control": ("suggest", "by_contract", "enforce"),
    "source": ("shown", "hidden"),
    "breaking_change": ("announce", "acknowledge", "new_version"),
    "notice": ("chat", "direct", "published"),
    "documentation": ("minimum", "partner", "full"),
    "freshness": ("with_releases", "continuous"),
    "documentation_review": ("peer", "writer", "writer_editorial"),
    "feedback": ("chat", "manager", "formal"),
    "promise": ("slo", "sla_contract", "sla_published"),
    "design_approval": ("team_lead", "board", "board_quorum"),
    "naming": ("suggested", "enforced"),
    "security_review": ("scan", "scan_signoff", "audit"),
    "exposure_audit": ("on_publish", "daily"),
    "launch": ("flag", "pilot", "announcement"),
    "support": ("chat", "manager", "ticket"),
}


def _plain(value: object) -> object:
    match value:
        case RateLimit():
            return value.requests_per_minute
        case BodyLimits():
            return (value.bytes, value.depth, value.keys)
        case frozenset():
            return set(value)
        case _:
            return value


@pytest.mark.parametrize("row", _TABLE, ids=lambda row: row[0])
def test_the_table_says(row: tuple[str, str, Any, Any, Any]) -> None:
    key, judged_by, *values = row
    dimension = BY_KEY[key]
    assert dimension.judged_by.value == judged_by
    assert [_plain(dimension.values[a].value) for a in Audience] == values


def test_the_table_has_these_rows_in_this_order() -> None:
    assert [d.key for d in DIMENSIONS] == [row[0] for row in _TABLE]


@pytest.mark.parametrize("key", _LADDERS)
def test_a_ladder_climbs_from_lax_to_strict(key: str) -> None:
    assert BY_KEY[key].scale == Ladder(_LADDERS[key])


def test_every_value_has_its_reason() -> None:
    assert all(d.values[a].because for d in DIMENSIONS for a in Audience)


def test_a_posture_has_a_field_for_each_row() -> None:
    assert list(Posture.__dataclass_fields__) == [d.key for d in DIMENSIONS]
    for audience in Audience:
        for dimension in DIMENSIONS:
            field = getattr(POSTURES[audience], dimension.key)
            assert field == dimension.values[audience].value


def test_only_texts_for_people_cannot_be_set() -> None:
    assert [d.key for d in DIMENSIONS if not d.is_settable] == ["trust"]


# --- what an API sets itself ----------------------------------------------------------------------


def _values_of(dimension: Dimension) -> st.SearchStrategy[object]:
    match dimension.scale:
        case Ladder(words):
            return st.sampled_from(words)
        case Accepted(words):
            return st.frozensets(st.sampled_from(words), min_size=1)
        case Count():
            return st.integers(0, 100)
        case Limits():
            return st.builds(
                BodyLimits,
                bytes=st.integers(1, 16 * _MB),
                depth=st.integers(1, 256),
                keys=st.integers(1, 200_000),
            )
        case _:
            return st.builds(
                RateLimit,
                requests_per_minute=st.integers(1, 20_000),
                burst_allowance=st.decimals(1, 3, places=2),
            )


_settable = [d for d in DIMENSIONS if d.is_settable]
_audiences = st.sampled_from(Audience)
_choices = st.fixed_dictionaries({}, optional={d.key: _values_of(d) for d in _settable})


def _an_api(audience: Audience, posture: Mapping[str, object]) -> Api:
    return Api(
        name="any",
        title="Any",
        audience=audience,
        owner=Owner(team="any"),
        path="/any/",
        upstream=Upstream(url="http://any"),
        scheme=Scheme.NONE,
        versions=(Version(name="", contract=None),),
        folder="apis/any",
        posture=posture,
        places=Places(Span("apis/any/api.yaml", 1, 1)),
    )


@st.composite
def _calls(draw: st.DrawFn) -> tuple[Api, Audience]:
    """An API, and a caller that sees it."""
    audience = draw(_audiences)
    caller = draw(st.sampled_from([a for a in Audience if sees(a, audience)]))
    return _an_api(audience, draw(_choices)), caller


@given(_calls())
def test_no_caller_gets_less_than_the_table_unless_the_api_says_so(
    call: tuple[Api, Audience],
) -> None:
    api, caller = call
    posture = posture_of(api, caller)
    for dimension in DIMENSIONS:
        key, value = dimension.key, getattr(posture, dimension.key)
        column = api.audience if dimension.judged_by is JudgedBy.API else caller
        if is_laxer(key, value, column):
            assert key in api.posture
            assert value == api.posture[key]


@given(_calls())
def test_what_an_api_loosens_holds_for_its_own_audience_only(call: tuple[Api, Audience]) -> None:
    api, caller = call
    posture = posture_of(api, caller)
    for dimension in DIMENSIONS:
        if dimension.judged_by is JudgedBy.CALLER and caller is not api.audience:
            assert not is_laxer(dimension.key, getattr(posture, dimension.key), caller)


@given(_calls())
def test_what_an_api_tightens_holds_for_everybody(call: tuple[Api, Audience]) -> None:
    api, caller = call
    posture = posture_of(api, caller)
    for key, own in api.posture.items():
        dimension = BY_KEY[key]
        usual = dimension.values[caller].value
        if dimension.scale.compare(own, usual) is Comparison.STRICTER:
            assert getattr(posture, key) == own


@pytest.mark.parametrize("caller", Audience)
@pytest.mark.parametrize("audience", Audience)
def test_encryption_is_the_stricter_of_both(audience: Audience, caller: Audience) -> None:
    posture = posture_of(_an_api(audience, {}), caller)
    both = {POSTURES[audience].encryption, POSTURES[caller].encryption}
    assert posture.encryption == ("tls" if "tls" in both else "mesh")


@pytest.mark.parametrize("audience", Audience)
def test_an_api_that_sets_nothing_has_the_posture_of_its_audience(audience: Audience) -> None:
    assert posture_of(_an_api(audience, {}), audience) == POSTURES[audience]


@pytest.mark.parametrize("audience", Audience)
def test_a_brownout_refuses_only_who_sees_the_api_and_services_only_of_an_internal_one(
    audience: Audience,
) -> None:
    noticing = NOTICING[audience]
    assert noticing.because
    assert all(sees(caller, audience) for caller in noticing.callers)
    assert (Audience.INTERNAL in noticing.callers) is (audience is Audience.INTERNAL)
    assert bool(noticing.usual) is audience.is_external
