"""What an upstream says of its own faults stays inside; colleagues read it."""

from __future__ import annotations

from typing import Any

import pytest
from lupa.luajit21 import LuaError

from forecourt.compiler.envoy.security_headers import security_headers
from tests.edge.luajit import Lua

MARK = "yes constant"
SECRET = "Traceback (most recent call last)"


class WayOut:
    """Answers, as they leave."""

    def __init__(self) -> None:
        self.lua = Lua()
        self._faults = self.lua.module("faults")

    def answer(
        self,
        mark: str | None = MARK,
        *,
        body: str | None = SECRET,
        said: dict[str, str] | None = None,
        of_route: dict[str, bool] | None = None,
        **fields: str,
    ) -> Any:
        """The handle of an answer of 500 that was not yet looked at."""
        ours = {"admit": mark} | (said or {})
        return self.lua.handle(
            of_route=of_route or {},
            headers={":status": "500", "content-length": str(len(body or ""))}
            | {_spelled(name): value for name, value in fields.items()},
            metadata={"forecourt": ours},
            body=body,
        )

    def hidden(self, mark: str | None = MARK, **given: Any) -> Any:
        """The handle of an answer as it leaves."""
        handle = self.answer(mark, **given)
        self._faults.hide(handle)
        return handle

    def hide(self, handle: Any) -> None:
        self._faults.hide(handle)

    def fields(self, handle: Any) -> dict[str, str]:
        pairs = self.lua.run(
            "local found = {} for n, value in pairs(...) do found[n] = value end return found",
            handle.sent,
        )
        return dict(self.lua.plain(pairs))


def _spelled(name: str) -> str:
    return ":status" if name == "status" else name.replace("_", "-")


@pytest.fixture
def out() -> WayOut:
    return WayOut()


@pytest.mark.parametrize(
    ("status", "named"),
    [
        ("500", "upstream-failed"),
        ("502", "upstream-failed"),
        ("503", "upstream-unavailable"),
        ("504", "upstream-timeout"),
        ("599", "upstream-failed"),
    ],
)
def test_an_upstreams_fault_reads_the_same_whatever_it_said(
    out: WayOut, status: str, named: str
) -> None:
    answer = out.hidden(
        status=status,
        server="old",
        x_debug="secret",
        set_cookie="secret",
        x_request_id="r-1",
        content_type="text/html",
    )
    fields = out.fields(answer)
    assert fields[":status"] == status
    assert fields["content-type"] == "application/problem+json"
    assert fields["content-length"] == str(len(answer.text()))
    assert fields["cache-control"] == "no-store"
    assert f"urn:forecourt:problem:{named}" in answer.text()
    assert '"r-1"' in answer.text()
    assert f'"status":{status}' in answer.text()
    assert "secret" not in str(fields)
    assert SECRET not in answer.text()


@pytest.mark.parametrize(
    ("mark", "is_shown"),
    [("yes detailed", True), ("yes sanitised", False), ("yes constant", False)],
)
def test_only_who_may_read_details_does(out: WayOut, mark: str, is_shown: bool) -> None:
    answer = out.hidden(mark, x_debug="secret")
    assert (answer.text() == SECRET) is is_shown
    assert ("x-debug" in out.fields(answer)) is is_shown


@pytest.mark.parametrize(
    "mark", [None, "", "yes", "detailed", "yes detailed more", "no detailed", "Yes detailed"]
)
def test_a_mark_that_it_does_not_know_shows_nothing(out: WayOut, mark: str | None) -> None:
    assert SECRET not in out.hidden(mark).text()


@pytest.mark.parametrize("status", ["500", "503"])
def test_what_was_not_admitted_was_refused_for_want_of_room(out: WayOut, status: str) -> None:
    answer = out.hidden(None, status=status, x_debug="secret")
    fields = out.fields(answer)
    assert (fields[":status"], fields["retry-after"]) == ("503", "1")
    assert "urn:forecourt:problem:overloaded" in answer.text()
    assert "x-debug" not in fields
    assert SECRET not in answer.text()


def test_a_fault_keeps_what_browsers_must_know_and_what_is_left(out: WayOut) -> None:
    told = {
        header["header"]["key"]: header["header"]["value"]
        for header in security_headers(is_external=True)
    } | {"ratelimit": "left", "ratelimit-policy": "policy"}
    handle = out.lua.handle(
        headers={":status": "500", "x-debug": "secret", "content-length": "1", **told},
        metadata={"forecourt": {"admit": MARK}},
        body="x",
    )
    out.hide(handle)
    fields = out.fields(handle)
    assert {name: fields.get(name) for name in told} == told
    assert "x-debug" not in fields


def test_a_fault_without_a_body_gets_none(out: WayOut) -> None:
    answer = out.hidden(body=None, x_debug="secret")
    assert out.fields(answer)["content-length"] == "0"
    assert "x-debug" not in out.fields(answer)


@pytest.mark.parametrize(
    ("mark", "said", "may_write"),
    [(MARK, {}, True), (MARK, {"is_head": "yes"}, False), (None, {}, False)],
    ids=["a GET", "a HEAD", "what carries no mark"],
)
def test_writes_a_body_only_where_there_can_be_one(
    out: WayOut, mark: str | None, said: dict[str, str], may_write: bool
) -> None:
    handle = out.answer(mark, said=said)
    asked = out.lua.run(
        """
        local handle, asked = ..., {}
        local body = handle.body
        handle.body = function(self, always) asked[1] = always return body(self) end
        return asked
        """,
        handle,
    )
    out.hide(handle)
    assert asked[1] is may_write


def test_leaves_the_gates_own_refusals_alone(out: WayOut) -> None:
    answer = out.hidden(None, said={"replied": "yes"}, retry_after="5", body="ours")
    assert answer.text() == "ours"
    assert out.fields(answer)["retry-after"] == "5"


def test_the_mock_says_what_its_contract_lacks(out: WayOut) -> None:
    answer = out.hidden(
        status="501", x_forecourt_problem="no-example", of_route={"mock": True}, body="which schema"
    )
    assert answer.text() == "which schema"
    assert out.fields(answer)[":status"] == "501"


def test_nobody_else_is_believed_to_be_the_mock(out: WayOut) -> None:
    answer = out.hidden(status="501", x_forecourt_problem="no-example")
    assert "upstream-failed" in answer.text()
    assert "x-forecourt-problem" not in out.fields(answer)


def test_what_the_mock_shows_of_a_fault_reads_as_the_fault_itself_would(out: WayOut) -> None:
    answer = out.hidden(status="503", of_route={"mock": True})
    assert "upstream-unavailable" in answer.text()


@pytest.mark.parametrize("broken", ["streamInfo", "headers", "body"])
def test_an_error_on_the_way_out_leaves_nothing_unfinished(out: WayOut, broken: str) -> None:
    handle = out.answer(x_secret="s")
    _break(out.lua, handle, broken, times=1)
    out.hide(handle)
    assert out.fields(handle)[":status"] == "502"
    assert "x-secret" not in out.fields(handle)
    assert "edge-fault" in handle.text()


def test_two_errors_are_for_who_called_it_to_close(out: WayOut) -> None:
    handle = out.answer()
    _break(out.lua, handle, "headers", times=9)
    with pytest.raises(LuaError, match="a fault"):
        out.hide(handle)


def _break(lua: Lua, handle: Any, name: str, *, times: int) -> None:
    lua.run(
        """
        local handle, name, times = ...
        local real, calls = handle[name], 0
        handle[name] = function(...)
          calls = calls + 1
          if calls <= times then error("a fault") end
          return real(...)
        end
        """,
        handle,
        name,
        times,
    )


def logged(handle: Any) -> str | None:
    """What the access log says took the answer's place."""
    found: str | None = handle.said.forecourt.replaced
    return found


def test_what_was_replaced_is_logged_and_what_leaves_as_it_is_is_not(out: WayOut) -> None:
    assert logged(out.hidden()) == "upstream-failed"
    assert logged(out.hidden("yes detailed")) is None
    assert logged(out.hidden(said={"replied": "yes"})) is None


def test_only_the_mock_logs_that_it_has_no_example(out: WayOut) -> None:
    said = {"x_forecourt_problem": "no-example"}
    assert logged(out.hidden(of_route={"mock": True}, **said)) == "no-example"
    assert logged(out.hidden("yes detailed", of_route={"mock": True}, **said)) == "no-example"
    assert logged(out.hidden(**said)) == "upstream-failed"
    assert logged(out.hidden(x_forecourt_problem="edge-fault")) == "upstream-failed"


def test_an_answer_that_was_closed_is_logged_as_the_edges_fault(out: WayOut) -> None:
    handle = out.answer()
    out.lua.module("closed").close(handle)
    assert "edge-fault" in handle.text()
    assert logged(handle) == "edge-fault"


def test_what_takes_its_place_says_the_end_of_the_version_as_the_gate_said_it(
    out: WayOut,
) -> None:
    said = {"deprecation": "@1", "link": '</v2/>; rel="successor-version"'}
    fields = out.fields(out.hidden(said=said, deprecation="@2", sunset="soon", link="<http://in>"))
    assert fields["deprecation"] == "@1"
    assert fields["link"] == '</v2/>; rel="successor-version"'
    assert "sunset" not in fields
