"""Functions of the estate in the place of lenses, as the edge has them run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecourt.compiler.contracts.compile import digest_of
from forecourt.contract.lenses.program import FunctionPair, Move
from forecourt.contract.lenses.steps import Rename
from tests.edge.lua.lens.lensing import (
    Lenses,
    Lowered,
    Raised,
    Refused,
    a_hop,
    a_program,
    an_operation,
    cents,
)

SOURCE = b"def up(body): ..."
PAIR = FunctionPair(raises=(SOURCE, "up"), lowers=(SOURCE, "down"))
CALLED = an_operation(functions=PAIR)
NAMES = a_program(Rename(name="a", to="b"))


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class ControlPlane:
    """Answers each call with a status and a body, and keeps what it was asked."""

    def __init__(self, lenses: Lenses, status: str | None, body: str | None = "") -> None:
        self.asked: list[tuple[dict[str, str], str]] = []
        self._lua = lenses.lua
        self._status, self._body = status, body

    def __call__(self, fields: Any, body: str) -> Any:
        self.asked.append((self._lua.plain(fields), body))
        self._lua.module("lens.values")["begin"](0, 0)  # others were read meanwhile
        headers = None if self._status is None else self._lua.value({":status": self._status})
        return headers, self._body


def raised(path: Path, says: str | None, made: str | None, *hops: Any, **given: Any) -> Any:
    lenses = Lenses(path, *(hops or (a_hop(CALLED),)), limits=given.pop("limits", None))
    control = ControlPlane(lenses, says, made)
    call = {"body": {"name": "Ada"}, **given}
    return lenses.raised("POST", "/charges", resolve=control, **call), control


def lowered(path: Path, says: str | None, made: str | None, *hops: Any, **given: Any) -> Any:
    lenses = Lenses(path, *(hops or (a_hop(CALLED),)))
    control = ControlPlane(lenses, says, made)
    call = {"name": "POST /charges", "body": {"first": "Ada"}, **given}
    return lenses.lowered(resolve=control, **call), control


def test_a_request_is_what_the_function_makes_of_it(tmp_path: Path) -> None:
    found, control = raised(tmp_path, "200", '{"first":1.10}')
    assert isinstance(found, Raised)
    assert found.body == '{"first":1.10}'
    assert found.fields["content-length"] == "14"
    ((fields, body),) = control.asked
    assert body == '{"name": "Ada"}'
    assert fields == {
        ":method": "POST",
        ":path": "/function",
        ":authority": "control",
        "forecourt-file": digest_of(SOURCE),
        "forecourt-function": "up",
        "forecourt-caller": "7",
    }


def test_lenses_of_other_hops_work_before_it_and_after_it(tmp_path: Path) -> None:
    before = a_hop(an_operation(becomes=("POST", "/charges"), request=NAMES))
    after = an_operation("POST", "/payments", ("POST", "/payments"), request=a_program(cents()))
    called = an_operation(functions=PAIR)
    found, control = raised(
        tmp_path,
        "200",
        '{"amount":150}',
        before,
        a_hop(called, older="2", newer="3"),
        a_hop(after, older="3", newer="4"),
        body={"a": 1},
    )
    assert isinstance(found, Raised)
    assert control.asked[0][1] == '{"b":1}'
    assert found.body == '{"amount":{"value":"1.50","currency":"USD"}}'


def test_moves_work_around_it(tmp_path: Path) -> None:
    move = Move(name="notify", to="notify", source="query", target="body", type="boolean")
    lens = an_operation(functions=PAIR, arrives=(move,))
    lenses = Lenses(tmp_path, a_hop(lens))
    control = ControlPlane(lenses, "200", '{"first":1}')
    found = lenses.raised("POST", "/charges?notify=true", {}, resolve=control)
    assert isinstance(found, Raised)
    assert (found.body, found.path) == ('{"first":1,"notify":true}', "payments")


def test_what_the_function_refuses_is_not_representable(tmp_path: Path) -> None:
    found, _ = raised(tmp_path, "422", "no first name")
    assert isinstance(found, Refused)
    assert (found.reason, found.inside) == ("not-representable", "no first name")
    assert found.faults == ({"where": "body", "pointer": "", "rule": "function"},)


@pytest.mark.parametrize("status", ["502", "503", "504", "404", "400", "204", "201", None])
def test_without_an_answer_nothing_is_let_in_or_out(tmp_path: Path, status: str | None) -> None:
    found, _ = raised(tmp_path, status, "{}")
    assert isinstance(found, Refused)
    assert found.reason == "cannot-judge"
    out, _ = lowered(tmp_path, status, "{}", status="201")
    assert isinstance(out, Refused)
    assert (out.reason, out.is_done) == ("function-failed", True)


@pytest.mark.parametrize("made", ["", None])
def test_an_empty_answer_is_none(tmp_path: Path, made: str | None) -> None:
    assert raised(tmp_path, "200", made)[0].reason == "cannot-judge"
    assert lowered(tmp_path, "200", made)[0].reason == "function-failed"


@pytest.mark.parametrize(
    ("made", "limits", "rule"),
    [
        ('{"a":"' + "x" * 100 + '"}', {"bytes": 60}, "bytes"),
        ("[[[[]]]]", {"depth": 3}, "depth"),
        ('{"a":1,"b":1,"c":1,"d":1}', {"keys": 3}, "keys"),
    ],
)
def test_what_it_makes_keeps_the_limits(
    tmp_path: Path, made: str, limits: dict[str, int], rule: str
) -> None:
    found, _ = raised(tmp_path, "200", made, limits=limits)
    assert isinstance(found, Refused)
    assert found.reason == "not-representable"
    assert found.faults[0]["rule"] == rule


def test_what_a_later_lens_cannot_say_stands_at_no_place_of_the_caller(tmp_path: Path) -> None:
    after = an_operation("POST", "/payments", ("POST", "/payments"), request=a_program(cents()))
    hops = (a_hop(CALLED), a_hop(after, older="2", newer="3"))
    found, _ = raised(tmp_path, "200", '{"amount":1.5}', *hops)
    assert isinstance(found, Refused)
    assert (found.reason, found.faults[0]["pointer"]) == ("not-representable", "")


@pytest.mark.parametrize(
    "fields",
    [{"content-type": "text/plain"}, {"content-type": "application/x-www-form-urlencoded"}],
)
def test_a_body_that_is_no_json_does_not_pass_as_it_is(
    tmp_path: Path, fields: dict[str, str]
) -> None:
    found, control = raised(tmp_path, "200", "{}", fields=fields)
    assert isinstance(found, Refused)
    assert found.reason == "media-type-not-supported"
    out, _ = lowered(tmp_path, "200", "{}", fields=fields)
    assert isinstance(out, Refused)
    assert out.reason == "undeclared-media-type"
    assert control.asked == []


def test_nor_does_one_that_is_compressed(tmp_path: Path) -> None:
    coded = {"content-encoding": "gzip"}
    assert raised(tmp_path, "200", "{}", fields=coded)[0].reason == "media-type-not-supported"
    assert lowered(tmp_path, "200", "{}", fields=coded)[0].reason == "encoded-answer"


def test_without_a_body_nobody_is_asked(tmp_path: Path) -> None:
    found, control = raised(tmp_path, "502", None, body=None)
    assert isinstance(found, Raised)
    out, asked = lowered(tmp_path, "502", None, body=None, status="204")
    assert isinstance(out, Lowered)
    assert control.asked == asked.asked == []


def test_an_answer_is_what_the_function_makes_of_it(tmp_path: Path) -> None:
    found, control = lowered(tmp_path, "200", '{"name":"Ada"}', status="201")
    assert isinstance(found, Lowered)
    assert found.body == '{"name":"Ada"}'
    ((fields, body),) = control.asked
    assert body == '{"first": "Ada"}'
    assert (fields["forecourt-function"], fields["forecourt-caller"]) == ("down", "7")


def test_an_answer_that_it_refuses_is_not_representable_and_was_done(tmp_path: Path) -> None:
    found, _ = lowered(tmp_path, "422", "no name", status="201")
    assert isinstance(found, Refused)
    assert (found.reason, found.inside) == ("answer-not-representable", "no name")
    assert found.is_done
    assert found.faults == ({"where": "answer", "pointer": "", "rule": "function"},)


def test_of_what_only_read_nothing_is_said_to_be_done(tmp_path: Path) -> None:
    lens = an_operation("GET", "/a", ("GET", "/a"), functions=FunctionPair(lowers=PAIR.lowers))
    for status in ("422", "502"):
        found, _ = lowered(tmp_path, status, "", a_hop(lens), name="GET /a")
        assert isinstance(found, Refused)
        assert not found.is_done


def test_a_problem_is_none_of_its_business_and_points_at_the_body_as_a_whole(
    tmp_path: Path,
) -> None:
    problem = {"errors": [{"pointer": "/first/0"}]}
    found, control = lowered(tmp_path, "502", "", status="422", body=problem)
    assert isinstance(found, Lowered)
    assert control.asked == []
    assert json.loads(found.body or "") == {"errors": [{"pointer": ""}]}


def test_one_way_alone_leaves_the_other_to_lenses(tmp_path: Path) -> None:
    lens = an_operation(request=NAMES, functions=FunctionPair(lowers=PAIR.lowers))
    found, control = raised(tmp_path, "502", None, a_hop(lens), body={"a": 1})
    assert isinstance(found, Raised)
    assert found.body == '{"b":1}'
    lens = an_operation(
        functions=FunctionPair(raises=PAIR.raises),
        answers={"201": a_program(Rename(name="b", to="a"))},
    )
    out, asked = lowered(tmp_path, "502", None, a_hop(lens), status="201", body={"b": 1})
    assert isinstance(out, Lowered)
    assert json.loads(out.body or "") == {"a": 1}
    assert control.asked == asked.asked == []


def test_another_operation_asks_nobody(tmp_path: Path) -> None:
    other = an_operation("PUT", "/other", ("PUT", "/other"), request=NAMES)
    lenses = Lenses(tmp_path, a_hop(CALLED, other))
    control = ControlPlane(lenses, "502")
    found = lenses.raised("PUT", "/other", {"a": 1}, resolve=control)
    assert isinstance(found, Raised)
    assert control.asked == []
