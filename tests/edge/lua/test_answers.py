"""Only what is declared leaves; end_to_end/test_answers.py asks the same of the real Envoy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lupa.luajit21 import LuaError

from forecourt.contract.lenses.steps import Rename
from tests.edge.lua.answering import WayOut
from tests.edge.lua.lens.lensing import DIGEST as LENSES
from tests.edge.lua.lens.lensing import Lenses, a_hop, a_program, an_operation

SECRET = "40 percent"


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WayOut:
    monkeypatch.chdir(tmp_path)
    return WayOut(tmp_path)


def test_what_is_declared_leaves_untouched(out: WayOut) -> None:
    answer = out.left({"name": "lamp"}, fields={"content-digest": "x"})
    assert answer.text() == '{"name":"lamp"}'
    assert out.fields(answer)["content-digest"] == "x"
    assert out.told(answer) == []


def test_what_is_not_is_removed_and_the_length_mended(out: WayOut) -> None:
    fields = {"content-digest": "x", "repr-digest": "x", "content-length": "99"}
    answer = out.left({"name": "lamp", "margin": SECRET}, fields=fields)
    assert answer.text() == '{"name":"lamp"}'
    assert out.fields(answer)["content-length"] == "15"
    assert not {"content-digest", "repr-digest"} & set(out.fields(answer))
    assert out.told(answer) == ["filter lamps 2 GET%20/things 200 undeclared /margin 1"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"status": "202"}, "undeclared-status"),
        ({"fields": {"content-type": "application/xml"}}, "undeclared-media-type"),
        ({"fields": {"content-type": ""}}, "undeclared-media-type"),
        ({"fields": {"content-encoding": "GZIP"}}, "encoded-answer"),
        ({"body": "no json"}, "unreadable-answer"),
        ({"body": '{"a":1,"a":2}'}, "unreadable-answer"),
    ],
)
@pytest.mark.parametrize("errors", ["constant", "sanitised", "detailed"])
def test_what_may_not_leave_is_a_problem_that_says_why_inside_only(
    out: WayOut, given: Any, reason: str, errors: str
) -> None:
    given = {"body": {"name": SECRET}, "mark": out.mark(errors=errors)} | given
    answer = out.left(given.pop("body"), **given)
    said = json.loads(answer.text())
    assert out.fields(answer)[":status"] == "502"
    assert said["type"] == "urn:forecourt:problem:undeclared-answer"
    assert said.get("reason") == (reason if errors == "detailed" else None)
    (line,) = out.told(answer)
    assert f" {reason} " in line


def test_a_refusal_stays_one(out: WayOut) -> None:
    answer = out.left("no json", status="409")
    assert out.fields(answer)[":status"] == "409"
    assert json.loads(answer.text())["status"] == 409
    assert out.left({"name": "a", "x": 1}, status="404").text() == '{"name":"a"}'


def test_identity_is_no_encoding(out: WayOut) -> None:
    answer = out.left({"name": "a"}, fields={"content-encoding": "identity"})
    assert answer.text() == '{"name":"a"}'


def test_where_no_body_is_declared_the_one_that_came_is_dropped(out: WayOut) -> None:
    answer = out.left({"x": SECRET}, status="204")
    assert answer.text() == ""
    assert out.fields(answer)["content-length"] == "0"
    assert "content-type" not in out.fields(answer)


@pytest.mark.parametrize("body", [None, ""])
@pytest.mark.parametrize("status", ["200", "204", "304", "404"])
def test_an_answer_without_a_body_stays_one(out: WayOut, status: str, body: str | None) -> None:
    answer = out.left(body, status=status)
    assert answer.text() == body
    assert out.fields(answer)[":status"] == status


def test_a_head_has_no_body_to_look_at(out: WayOut) -> None:
    answer = out.left("never", fields={"content-length": "999"}, asks=" head")
    assert answer.text() == "never"
    assert "content-length" not in out.fields(answer)


@pytest.mark.parametrize("by_route", [True, False], ids=["the route's", "Envoy's own"])
@pytest.mark.parametrize("status", ["200", "404", "500"])
def test_is_held_whoever_wrote_the_answer_and_the_mark_never_leaves(
    out: WayOut, status: str, by_route: bool
) -> None:
    answer = out.left({"x": SECRET}, status=status, by_route=by_route)
    assert SECRET not in answer.text()
    assert "forecourt-mark" not in out.fields(answer)


def test_other_media_types_are_not_even_read(out: WayOut) -> None:
    handle = out.answer("x", fields={"content-type": "text/event-stream", "content-encoding": "br"})
    out.lua.run("local h = ... h.body = function() error('it waited') end", handle)
    out.hold(handle)


@pytest.mark.parametrize(
    "given",
    [
        {"mark": None, "status": "403"},
        {"mark": None, "said": {"replied": "yes"}, "status": "401"},
        {"mark": None, "said": {"replied": "yes"}, "status": "503"},
        {"mark": "yes constant"},
        {"admitted": False, "status": "413"},
    ],
    ids=[
        *("Envoy's", "the gate's", "the gate's own 503", "held to no contract"),
        "Envoy's, of a body that is too large",
    ],
)
def test_what_is_no_answer_of_a_held_operation_leaves_as_it_is(out: WayOut, given: Any) -> None:
    assert out.left({"x": 1}, **given).text() == '{"x":1}'


def test_what_the_mock_says_of_its_contract_leaves_and_nobody_can_pretend_to_be_it(
    out: WayOut,
) -> None:
    given: Any = {"status": "406", "fields": {"x-forecourt-problem": "nothing-to-show"}}
    handle = out.answer({"title": "no example"}, **given)
    metadata = "{ get = function(_, name) return name == 'mock' end }"
    out.lua.run(f"local h = ... h.metadata = function() return {metadata} end", handle)
    out.hold(handle)
    assert "no example" in handle.text()
    pretends = out.left({"title": "no example"}, **given)
    assert "no example" not in pretends.text()


def test_an_upstreams_fault_is_hidden_here_too(out: WayOut) -> None:
    answer = out.left({"trace": SECRET}, status="500")
    assert "upstream-failed" in answer.text()


def test_without_the_contract_nothing_leaves(out: WayOut) -> None:
    handle = out.answer({"name": "a"}, mark=out.mark(digest="f" * 32))
    with pytest.raises(LuaError, match="is not there"):
        out.hold(handle)


def test_what_was_lowered_is_held_to_the_contract_of_the_caller(
    out: WayOut, tmp_path: Path
) -> None:
    steps = (Rename(name="title", to="name"),)
    hop = a_hop(
        an_operation("GET", "/things", ("GET", "/items"), answers={"200": a_program(*steps)})
    )
    Lenses(tmp_path, hop)
    mark = f"{out.mark()} by {LENSES} 1"
    answer = out.left({"title": "lamp", "margin": SECRET}, mark=mark)
    assert answer.text() == '{"name":"lamp"}'
    assert out.fields(answer)["content-length"] == "15"
    free = out.left({"title": "lamp", "margin": 1}, mark=f"yes constant by {LENSES} 1")
    assert free.text() == '{"name":"lamp","margin":1}'
    assert out.fields(free)["content-length"] == str(len(free.text()))
    observed = out.left({"title": "a", "x": 1}, mark=f"{out.mark('observe')} by {LENSES} 1")
    assert observed.text() == '{"name":"a","x":1}'
