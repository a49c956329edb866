"""What an admitted request carries, and that the way out reads the mark as the way in wrote it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forecourt.compiler.envoy.filters import MARK_KEY, MARK_NAMESPACE, MARK_PREFIX
from forecourt.compiler.envoy.rate_limit import BUCKET_HEADER, COST_HEADER, RUNG_HEADER
from forecourt.compiler.envoy.routes import LIFECYCLE, UPSTREAM_HEADER
from forecourt.compiler.envoy.security_headers import security_headers
from forecourt.estate.posture import POSTURES
from tests.edge.entitled import a_policy, an_answer
from tests.edge.luajit import Lua

NOW = 1_000.0


class Gate:
    """The last step in, and the way out of the same request."""

    def __init__(self) -> None:
        self.lua = Lua()
        self.admission = self.lua.module("admission")
        self.answer = self.lua.module("answer")
        self.entitlements = self.lua.module("entitlements")
        self.policies = self.lua.module("policies")

    def admitted(
        self,
        version: dict[str, Any] | None = None,
        policy: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **answer: Any,
    ) -> Any:
        """The handle of a request that was let through."""
        given = self.lua.value(an_answer(**answer))
        slot = self.entitlements.remember("x-api-key", "a key", given, NOW)
        spelled = a_policy(**(policy or {}))
        handle = self.lua.handle(route=str(spelled), policy=spelled, headers=headers)
        read = self.policies.of(handle)
        chosen = self.lua.value(version or {"name": "2", "status": "current"})
        self.admission.name_caller(handle.sent, slot)
        self.admission.admit(handle, handle.sent, slot, read, chosen)
        return handle

    def fields(self, handle: Any) -> dict[str, str]:
        pairs = self.lua.run(
            "local found = {} for n, value in pairs(...) do found[n] = value end return found",
            handle.sent,
        )
        return dict(self.lua.plain(pairs))

    def answered(self, request: Any, body: str | None = "{}", **fields: str) -> Any:
        """The handle of the answer to it, as the way out leaves it."""
        given = {":status": "200"} | {n.replace("_", "-"): v for n, v in fields.items()}
        given = {(":status" if n == "status" else n): v for n, v in given.items()}
        said = self.lua.plain(request.said) if request is not None else {}
        handle = self.lua.handle(headers=given, metadata=said, body=body)
        self.answer.finish(handle)
        return handle


@pytest.fixture
def gate() -> Gate:
    return Gate()


def test_tells_the_upstream_who_calls(gate: Gate) -> None:
    handle = gate.admitted(scopes="payments:read", features="bulk beta", subject="ada%20l")
    fields = gate.fields(handle)
    assert {
        n: v for n, v in fields.items() if n not in (BUCKET_HEADER, RUNG_HEADER, COST_HEADER)
    } == {
        "forecourt-consumer": "developer:ada",
        "forecourt-application": "app_1",
        "forecourt-audience": "public",
        "forecourt-credential": "key_1",
        "forecourt-version": "2",
        "forecourt-scopes": "payments:read",
        "forecourt-features": "bulk beta",
        "forecourt-subject": "ada%20l",
    }


def test_names_the_bucket_and_what_the_request_costs(gate: Gate) -> None:
    fields = gate.fields(gate.admitted(bucket="partner:acme", rung="7", cost="6000"))
    assert (fields[BUCKET_HEADER], fields[RUNG_HEADER], fields[COST_HEADER]) == (
        "partner:acme",
        "7",
        "6000",
    )


def test_leaves_out_what_there_is_not(gate: Gate) -> None:
    fields = gate.fields(gate.admitted({"name": "", "status": "current"}))
    names = ("version", "scopes", "features", "subject")
    absent = {UPSTREAM_HEADER, *(f"forecourt-{name}" for name in names)}
    assert absent.isdisjoint(fields)


def test_names_the_upstream_where_a_route_has_several(gate: Gate) -> None:
    version = {"name": "2", "status": "current", "upstream": "http://two:80"}
    assert gate.fields(gate.admitted(version))[UPSTREAM_HEADER] == "http://two:80"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/payments/", "/base/"),
        ("/payments/a/b?c=/payments/", "/base/a/b"),
        ("/payments/?", "/base/"),
    ],
)
def test_says_where_the_versions_own_upstream_wants_it(
    gate: Gate, path: str, expected: str
) -> None:
    version = {"name": "2", "status": "current", "base": "/base/"}
    handle = gate.admitted(version, {"prefix": "/payments/"}, {":path": path})
    assert handle.said[MARK_NAMESPACE].path == expected
    assert gate.admitted().said[MARK_NAMESPACE].path is None


def test_says_how_long_a_deprecated_version_lives(gate: Gate) -> None:
    version = {
        "name": "1",
        "status": "deprecated",
        "deprecated": 1_688_169_599,
        "sunset": 1_704_067_200,
        "link": '</v2/>; rel="successor-version"',
    }
    said = gate.admitted(version).said[MARK_NAMESPACE]
    assert {name: said[name] for name in LIFECYCLE} == {
        "deprecation": "@1688169599",
        "sunset": "Mon, 01 Jan 2024 00:00:00 GMT",
        "link": '</v2/>; rel="successor-version"',
    }


def test_says_the_date_that_was_agreed_with_the_caller(gate: Gate) -> None:
    version = {"name": "1", "status": "deprecated", "sunset": 1_704_067_200}
    agreed = {"payments 1": 1_704_153_600}
    said = gate.admitted(version, sunsets=agreed).said[MARK_NAMESPACE]
    assert said.sunset == "Tue, 02 Jan 2024 00:00:00 GMT"
    assert said.deprecation is None


def test_says_nothing_of_the_end_of_a_current_version(gate: Gate) -> None:
    version = {"name": "2", "status": "current", "sunset": 1_704_067_200}
    assert gate.admitted(version).said[MARK_NAMESPACE].sunset is None


def test_marks_what_the_admission_filter_lets_through(gate: Gate) -> None:
    mark = gate.admitted().said[MARK_NAMESPACE][MARK_KEY]
    assert mark.startswith(MARK_PREFIX)


def test_the_mark_is_the_last_thing_it_does(gate: Gate) -> None:
    """A mark that was set before an error would be admitted."""
    given = gate.lua.value(an_answer())
    slot = gate.entitlements.remember("x-api-key", "a key", given, NOW)
    handle = gate.lua.handle(route="a route", policy=a_policy())
    policy = gate.policies.of(handle)
    version = gate.lua.value({"name": "2", "status": "current"})
    for name in ("forecourt-version", BUCKET_HEADER, RUNG_HEADER, COST_HEADER):
        broken = gate.lua.run(
            "local name = ... return {add = function(_, n) if n == name then error(n) end end}",
            name,
        )
        with pytest.raises(Exception, match=name):
            gate.admission.admit(handle, broken, slot, policy, version)
        assert handle.said[MARK_NAMESPACE] is None


@pytest.mark.parametrize(
    ("audience", "is_detailed"), [("internal", True), ("partner", False), ("public", False)]
)
def test_the_way_out_knows_the_callers_terms_by_the_mark(
    gate: Gate, audience: str, is_detailed: bool
) -> None:
    request = gate.admitted(audience=audience, cost="600000", limit="100", capacity="25")
    answer = gate.answered(request, status="200", x_ratelimit_remaining=str(10 * 600_000))
    fields = gate.fields(answer)
    assert fields["ratelimit-policy"] == '"minute";q=100;w=60'
    assert fields["ratelimit"] == '"minute";r=10;t=9'
    failed = gate.answered(request, body="stack trace", status="503")
    assert (failed.text() == "stack trace") is is_detailed


def test_many_different_terms_are_read_as_well(gate: Gate) -> None:
    for limit in range(1, 5_000):
        request = gate.admitted(limit=str(limit), cost=str(60_000_000 // limit))
        answer = gate.answered(request, x_ratelimit_remaining="0")
        assert gate.fields(answer)["ratelimit-policy"] == f'"minute";q={limit};w=60'


# --- the way out ----------------------------------------------------------------------------------


def test_hides_how_the_limiter_counts(gate: Gate) -> None:
    answer = gate.answered(
        gate.admitted(),
        x_ratelimit_limit="15000000",
        x_ratelimit_remaining="600000",
        x_ratelimit_reset="3",
    )
    assert not [name for name in gate.fields(answer) if name.startswith("x-ratelimit")]


def test_says_when_to_come_back(gate: Gate) -> None:
    answer = gate.answered(gate.admitted(), status="429", x_ratelimit_remaining="0")
    assert gate.fields(answer)["retry-after"] == "1"
    slow = gate.admitted(limit="1", cost="60000000", capacity="1")
    answer = gate.answered(slow, status="429", x_ratelimit_remaining="0")
    assert gate.fields(answer)["retry-after"] == "60"


@pytest.mark.parametrize("status", ["500", "502", "503", "599"])
def test_an_upstreams_fault_reads_the_same_whatever_it_said(gate: Gate, status: str) -> None:
    answer = gate.answered(
        gate.admitted(),
        body="Traceback (most recent call last)",
        status=status,
        server="old",
        x_debug="secret",
        x_request_id="r-1",
        content_type="text/html",
    )
    fields = gate.fields(answer)
    assert fields[":status"] == status
    assert fields["content-type"] == "application/problem+json"
    assert fields["content-length"] == str(len(answer.text()))
    assert "urn:forecourt:problem:upstream-failed" in answer.text()
    assert '"r-1"' in answer.text()
    assert f'"status":{status}' in answer.text()
    assert "secret" not in str(fields)
    assert "Traceback" not in answer.text()


def test_a_fault_keeps_what_browsers_must_know(gate: Gate) -> None:
    told = {
        header["header"]["key"]: header["header"]["value"]
        for header in security_headers(is_external=True)
    }
    handle = gate.lua.handle(headers={":status": "500", "x-debug": "secret", **told}, body="x")
    gate.answer.finish(handle)
    fields = gate.fields(handle)
    assert {name: fields.get(name) for name in told} == told
    assert "x-debug" not in fields


def test_a_fault_without_a_body_gets_none(gate: Gate) -> None:
    answer = gate.answered(gate.admitted(), body=None, status="500", x_debug="secret")
    assert gate.fields(answer)["content-length"] == "0"
    assert "x-debug" not in gate.fields(answer)


def test_what_carries_no_mark_is_not_shown_an_upstreams_fault(gate: Gate) -> None:
    answer = gate.answered(None, body="secret", status="500")
    assert "secret" not in answer.text()


def test_leaves_the_gates_own_refusals_alone(gate: Gate) -> None:
    handle = gate.lua.handle(
        headers={":status": "503", "retry-after": "5"},
        metadata={"forecourt": {"replied": "yes"}},
        body="ours",
    )
    gate.answer.finish(handle)
    assert handle.text() == "ours"


@pytest.mark.parametrize("broken", ["streamInfo", "headers"])
def test_an_error_on_the_way_out_leaves_nothing_unfinished(gate: Gate, broken: str) -> None:
    handle = gate.lua.handle(headers={":status": "200", "x-secret": "s"}, body="unfiltered")
    gate.lua.run(
        """
        local handle, name = ...
        local real, calls = handle[name], 0
        handle[name] = function(...)
          calls = calls + 1
          if calls == 1 then error("a fault") end
          return real(...)
        end
        """,
        handle,
        broken,
    )
    gate.answer.finish(handle)
    assert gate.fields(handle)[":status"] == "502"
    assert "x-secret" not in gate.fields(handle)
    assert "edge-fault" in handle.text()


@pytest.mark.parametrize(
    "mark", ["", "yes", "yes 1 2", "yes a b c d", "no 1 2 3 detailed", "yes 1 2 3 detailed more"]
)
def test_a_mark_that_it_does_not_know_shows_nothing(gate: Gate, mark: str) -> None:
    handle = gate.lua.handle(
        headers={":status": "500"}, metadata={"forecourt": {"admit": mark}}, body="secret"
    )
    gate.answer.finish(handle)
    assert "secret" not in handle.text()


def test_every_word_for_errors_fits_into_a_mark() -> None:
    assert all(re.fullmatch("[a-z]+", posture.errors) for posture in POSTURES.values())
