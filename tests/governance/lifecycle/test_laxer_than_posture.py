"""FC301."""

from __future__ import annotations

import pytest

from forecourt.estate.api import BodyLimits, Scheme
from forecourt.estate.rate_limit import RateLimit
from forecourt.governance.lifecycle.laxer_than_posture import RULE
from tests.governance.builders import an_api, an_estate, findings, messages

_MB = 1024 * 1024


def test_says_what_is_demanded_and_by_whom() -> None:
    limits = BodyLimits(bytes=8 * _MB, depth=64, keys=10_000)
    api = an_api(posture={"body_limits": limits})
    (found,) = findings(RULE, an_estate(api))
    assert found.message == (
        "`body_limits` is `8 MB, depth 64, 10,000 keys`, laxer than the `1 MB, depth 64, 10,000 "
        "keys` that a public API demands: more than any honest call needs"
    )
    assert found.help == (
        "remove `body_limits`, or set it to `1 MB, depth 64, 10,000 keys` or stricter; an "
        "exception takes a waiver of `laxer-than-posture` for `payments` with `dimension: "
        "body_limits`"
    )
    assert found.span == api.places["posture.body_limits"]
    assert (found.api, found.dimension) == ("payments", "body_limits")


def test_says_of_a_limit_what_an_api_can_say() -> None:
    api = an_api(posture={"rate_limit": RateLimit(requests_per_minute=300)})
    (found,) = findings(RULE, an_estate(api))
    assert "laxer than the `100 a minute, burst 1.25` that a public API demands" in found.message
    assert "set it to `100 a minute, burst 1.25` or stricter" in found.help


@pytest.mark.parametrize(
    ("audience", "key", "value"),
    [
        ("public", "errors", "sanitised"),
        ("public", "deprecation", 6),
        ("partner", "response_check", "observe"),
        ("public", "versioning", frozenset({"path", "none"})),
        ("internal", "usage_control", "suggest"),
    ],
)
def test_finds_each_dimension_that_is_laxer(audience: str, key: str, value: object) -> None:
    api = an_api(audience=audience, posture={key: value})
    assert [f.dimension for f in findings(RULE, an_estate(api))] == [key]


@pytest.mark.parametrize(
    ("audience", "key", "value"),
    [
        ("public", "errors", "constant"),
        ("partner", "errors", "constant"),
        ("public", "deprecation", 24),
        ("internal", "response_check", "filter"),
        ("public", "body_limits", BodyLimits(bytes=_MB // 4, depth=64, keys=10_000)),
    ],
)
def test_stricter_is_always_allowed(audience: str, key: str, value: object) -> None:
    assert messages(RULE, an_estate(an_api(audience=audience, posture={key: value}))) == []


@pytest.mark.parametrize("audience", ["partner", "public"])
@pytest.mark.parametrize("scheme", [Scheme.NONE, Scheme.FLAGS, Scheme.DATES])
def test_external_versions_must_have_names_in_the_request(audience: str, scheme: Scheme) -> None:
    api = an_api(audience=audience, scheme=scheme)
    (found,) = findings(RULE, an_estate(api))
    assert found.message.startswith(
        f"`scheme` is `{scheme.value}`, but a {audience} API demands one of `path, header`: "
    )
    assert (found.span, found.dimension) == (api.places["versioning.scheme"], "versioning")


@pytest.mark.parametrize("scheme", Scheme)
def test_an_internal_api_may_use_any_scheme(scheme: Scheme) -> None:
    assert messages(RULE, an_estate(an_api("users", "internal", scheme=scheme))) == []


def test_a_scheme_must_fit_what_the_api_itself_accepts() -> None:
    api = an_api(scheme=Scheme.PATH, posture={"versioning": frozenset({"header"})})
    (found,) = findings(RULE, an_estate(api))
    assert f"`{api.places['posture.versioning']}` demands one of `header`" in found.message
