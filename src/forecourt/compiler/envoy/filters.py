"""The filters a request meets, in order, with the reason for each place."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.compiler.envoy.answers import answers_filter
from forecourt.compiler.envoy.faults import faults_filter
from forecourt.compiler.envoy.gate import MARK_KEY, MARK_NAMESPACE, MARK_PREFIX, gate_filter
from forecourt.compiler.envoy.jwt import token_filter
from forecourt.compiler.envoy.mocked import MOCK_KEY, MOCK_NAMESPACE
from forecourt.compiler.envoy.pacing import pacing_filter
from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.envoy.vantage import Vantage

# The order is the product: each line says why nothing may move above it.
ORDER: tuple[tuple[str, str], ...] = (
    ("tokens", "signatures are checked before anybody reads a claim"),
    ("gate", "who calls, what that costs, and whether the caller sees it: before a body is read"),
    ("pacing", "who is turned away by a full machine hears it later: before its body is read"),
    ("body", "a body that is too large is refused before the upstream hears of it"),
    ("admission", "what carries no mark ends here: Envoy lets a request go on after a Lua error"),
    ("answers", "on the way back before the gate's fields: what no contract declares stays inside"),
    ("faults", "on the way back the first to see an answer: its faults go no further"),
    ("router", "the upstream"),
)

BODY_FILTER = "envoy.filters.http.buffer"

# The gate sets it, before the mark, for whoever calls with a test key.
TEST_KEY = "test"


def http_filters(vantage: Vantage) -> list[Json]:
    """The filters of one chain; a filter that nobody placed is a KeyError."""
    filters: Mapping[str, Json | None] = {
        "tokens": token_filter(vantage),
        "gate": gate_filter(vantage),
        "pacing": pacing_filter(vantage),
        "body": _body_filter(),
        "admission": _admission_filter(),
        "answers": answers_filter(vantage),
        "faults": faults_filter(vantage),
        "router": _router(),
    }
    return [spelled for name, _ in ORDER if (spelled := filters[name]) is not None]


def _admission_filter() -> Json:
    """The mark; and of a test key besides, that the route leads to the mock."""
    mark = _metadata(MARK_NAMESPACE, MARK_KEY, {"string_match": {"prefix": MARK_PREFIX}})
    is_test = _metadata(MARK_NAMESPACE, TEST_KEY, {"present_match": True})
    to_mock = _metadata(MOCK_NAMESPACE, MOCK_KEY, {"bool_match": True}, source="ROUTE")
    return extension(
        "envoy.filters.http.rbac",
        "envoy.extensions.filters.http.rbac.v3.RBAC",
        {
            "rules": {
                "action": "ALLOW",
                "policies": {
                    "admitted": {
                        "principals": [{"any": True}],
                        "permissions": [_all_of(mark, _any_of({"not_rule": is_test}, to_mock))],
                    }
                },
            }
        },
    )


def _metadata(namespace: str, key: str, value: Json, *, source: str = "DYNAMIC") -> Json:
    matcher = {"filter": namespace, "path": [{"key": key}], "value": value}
    return {"sourced_metadata": {"metadata_matcher": matcher, "metadata_source": source}}


def _all_of(*rules: Json) -> Json:
    return {"and_rules": {"rules": list(rules)}}


def _any_of(*rules: Json) -> Json:
    return {"or_rules": {"rules": list(rules)}}


def _body_filter() -> Json:
    """Bounds a body that does not say how large it is. The route says how large it may be.

    One that says so is bounded by the gate, and HTTP holds it to its word: it is not waited for, so
    that uploads flow. What has no route has no body to send.
    """
    bounded = extension(
        BODY_FILTER, "envoy.extensions.filters.http.buffer.v3.Buffer", {"max_request_bytes": 1}
    )
    says_its_length = {
        "single_predicate": {
            "input": extension(
                "content-length",
                "envoy.type.matcher.v3.HttpRequestHeaderMatchInput",
                {"header_name": "content-length"},
            ),
            "value_match": {"safe_regex": {"google_re2": {}, "regex": "[0-9]+"}},
        }
    }
    skip = extension("skip", "envoy.extensions.filters.common.matcher.action.v3.SkipFilter")
    return extension(
        BODY_FILTER,
        "envoy.extensions.common.matching.v3.ExtensionWithMatcher",
        {
            "extension_config": bounded,
            "xds_matcher": {
                "matcher_list": {
                    "matchers": [{"predicate": says_its_length, "on_match": {"action": skip}}]
                }
            },
        },
    )


# While the gate asks who calls, up to 64 KiB of a body come in: 32 KiB and one read, or a stream's
# window. Envoy reads on when far less than the bound waits; with a smaller bound it never would.
_LEAST_BOUND = 256 * 1024


def body_bound(most: int) -> Json:
    """A route's own bound for the body filter, in bytes.

    It counts what a body does not say of itself; a length that is too large the gate refuses.
    """
    most = max(most, _LEAST_BOUND)
    return {
        BODY_FILTER: {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute",
            "buffer": {"max_request_bytes": most},
        }
    }


def buffer_limit(most: int) -> int:
    """How much of a body a route's filters may hold at once, in bytes.

    The gate judges bodies whole; a connection's own buffer is much smaller, and stays so for
    whatever flows through.
    """
    return max(most, _LEAST_BOUND)


def _router() -> Json:
    return extension(
        "envoy.filters.http.router",
        "envoy.extensions.filters.http.router.v3.Router",
        {"suppress_envoy_headers": True},
    )
