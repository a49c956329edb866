"""What an admitted request costs and carries."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.envoy.filters import MARK_KEY, MARK_NAMESPACE, MARK_PREFIX
from forecourt.compiler.envoy.routes import UPSTREAM_HEADER
from forecourt.estate.posture import POSTURES
from tests.edge.entitled import a_policy, an_answer
from tests.edge.luajit import Lua

NOW = 1_000.0


class Gate:
    """The last step in, and the way out of the same request."""

    def __init__(self) -> None:
        self.lua = Lua()
        self.admission = self.lua.module("admission")
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


@pytest.fixture
def gate() -> Gate:
    return Gate()


def test_tells_the_upstream_who_calls(gate: Gate) -> None:
    handle = gate.admitted(scopes="payments:read", features="bulk beta", subject="ada%20l")
    fields = gate.fields(handle)
    assert fields == {
        "forecourt-consumer": "developer:ada",
        "forecourt-application": "app_1",
        "forecourt-audience": "public",
        "forecourt-credential": "key_1",
        "forecourt-version": "2",
        "forecourt-scopes": "payments:read",
        "forecourt-features": "bulk beta",
        "forecourt-subject": "ada%20l",
    }


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


def test_marks_what_the_admission_filter_lets_through(gate: Gate) -> None:
    mark = gate.admitted().said[MARK_NAMESPACE][MARK_KEY]
    assert mark.startswith(MARK_PREFIX)


def test_the_mark_is_the_last_thing_it_does(gate: Gate) -> None:
    """A mark that was set before an error would be admitted."""
    given = gate.lua.value(an_answer(scopes="a", features="b", subject="c"))
    slot = gate.entitlements.remember("x-api-key", "a key", given, NOW)
    handle = gate.lua.handle(route="a route", policy=a_policy())
    policy = gate.policies.of(handle)
    version = gate.lua.value({"name": "2", "status": "current"})
    for word in ("version", "scopes", "features", "subject"):
        name = f"forecourt-{word}"
        broken = gate.lua.run(
            "local name = ... return {add = function(_, n) if n == name then error(n) end end}",
            name,
        )
        with pytest.raises(Exception, match=name):
            gate.admission.admit(handle, broken, slot, policy, version)
        assert handle.said[MARK_NAMESPACE] is None


@pytest.mark.parametrize(
    ("audience", "mark"),
    [("internal", "yes detailed"), ("partner", "yes sanitised"), ("public", "yes constant")],
)
def test_the_mark_says_how_the_caller_reads_problems(gate: Gate, audience: str, mark: str) -> None:
    assert gate.admitted(audience=audience).said[MARK_NAMESPACE][MARK_KEY] == mark


def test_there_is_a_mark_for_every_posture(gate: Gate) -> None:
    for posture in POSTURES.values():
        callers = {"public": {"errors": posture.errors, "body_bytes": 1, "credentials": []}}
        handle = gate.admitted(policy={"callers": callers})
        assert handle.said[MARK_NAMESPACE][MARK_KEY] == f"{MARK_PREFIX}{posture.errors}"
