"""What a line of the access log says of how a request ended."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.actions.logged_refusal import logged_refusal
from forecourt.compiler.envoy.problems import NATIVE
from forecourt.compiler.refusals import Refusal
from tests.edge.logged import a_logged_request

OF_ENVOY: dict[str, Any] = {"details": "local_rate_limited", "flags": "-"}


@pytest.mark.parametrize("status", [200, 302, 404, 429])
def test_what_an_upstream_answers_is_no_refusal(status: int) -> None:
    assert logged_refusal(a_logged_request(status=status)) is None


def test_the_word_of_the_gate_says_it() -> None:
    logged = a_logged_request(status=404, reason="not-allowed", details="lua_response")
    assert logged_refusal(logged) is Refusal.NOT_ALLOWED


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"status": 429, "details": "local_rate_limited", "flags": "RL"}, Refusal.RATE_LIMITED),
        ({"status": 503, "details": "upstream_reset{x}", "flags": "UF"}, None),
        ({"status": 504, "details": "response_timeout", "flags": "UT"}, Refusal.UPSTREAM_TIMEOUT),
        ({"status": 500, "details": "via_upstream"}, Refusal.UPSTREAM_FAILED),
        ({"status": 403, "details": "rbac_access_denied"}, Refusal.NOT_ADMITTED),
        ({"status": 404, "details": "route_not_found", "flags": "NR"}, Refusal.NO_SUCH_HOST),
        ({"status": 0, "details": "downstream_remote_disconnect"}, Refusal.CALLER_LEFT),
    ],
)
def test_what_envoy_refuses_is_told_by_flag_and_status(
    fields: dict[str, Any], refusal: Refusal | None
) -> None:
    expected = refusal or Refusal.UPSTREAM_UNAVAILABLE
    assert logged_refusal(a_logged_request(**fields)) is expected


@pytest.mark.parametrize("native", NATIVE, ids=lambda native: native.name)
def test_every_answer_of_envoys_own_has_a_refusal(native: Any) -> None:
    flags = native.flags[0] if native.flags else "-"
    logged = a_logged_request(status=native.status, details="", flags=flags)
    refusal = logged_refusal(logged)
    assert refusal is not None
    assert (refusal.status, refusal.problem) == (native.status, native.name)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"status": 404, "replaced": "undeclared-status"}, Refusal.UNDECLARED_STATUS),
        ({"status": 502, "replaced": "edge-fault"}, Refusal.EDGE_FAULT),
        ({"status": 501, "replaced": "no-example"}, Refusal.NO_EXAMPLE),
        ({"status": 500, "replaced": "upstream-failed"}, Refusal.UPSTREAM_FAILED),
        ({"status": 503, "replaced": "upstream-failed", "flags": "UF"}, None),
        ({"status": 502, "replaced": "edge-fault", "flags": "UF"}, Refusal.EDGE_FAULT),
    ],
)
def test_what_took_an_answers_place_is_told_before_what_the_upstream_said(
    fields: dict[str, Any], refusal: Refusal | None
) -> None:
    expected = refusal or Refusal.UPSTREAM_UNAVAILABLE
    assert logged_refusal(a_logged_request(**fields)) is expected
