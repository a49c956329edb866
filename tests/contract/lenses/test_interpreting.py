"""Whole messages are raised and lowered: parameters, moves and bodies together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from forecourt.contract.lenses.applying import Refused
from forecourt.contract.lenses.interpreting import (
    Answer,
    Gone,
    Nothing,
    Request,
    lowered,
    program_of,
    raised,
)
from forecourt.contract.lenses.program import Move, Node, OperationLens, Program
from forecourt.contract.lenses.steps import Drop, InObject, OnLoss, Put, Rename, Whole


def _lens(**others: Any) -> OperationLens:
    becomes = ("PUT", "/new/{b}")
    return OperationLens(
        method="POST", template="/old/{a}", becomes=becomes, path={"b": "a"}, **others
    )


def _request(**others: Any) -> Request:
    return Request(method="POST", template="/old/{a}", path={"a": "7"}, **others)


def test_an_operation_that_is_gone_takes_no_request() -> None:
    lens = OperationLens(method="POST", template="/old", becomes=None)
    assert raised(lens, Request(method="POST", template="/old")) == Gone()


def test_a_call_goes_to_the_newer_method_and_path() -> None:
    after = raised(_lens(), _request())
    assert after == Request(method="PUT", template="/new/{b}", path={"b": "7"})


def test_parameters_are_renamed_put_in_and_refused() -> None:
    steps = (Rename(name="size", to="limit"), Put(name="sort", value="new"), Put(name="n", value=3))
    lens = _lens(parameters={"query": steps})
    after = raised(lens, _request(query={"size": "5", "q": "x"}))
    assert isinstance(after, Request)
    assert after.query == {"limit": "5", "q": "x", "sort": "new", "n": "3"}
    dropped = _lens(parameters={"header": (Drop(name="x-a", on_loss=OnLoss.REFUSE),)})
    refused = raised(dropped, _request(header={"x-a": "1"}))
    assert isinstance(refused, Refused)
    assert refused.at == ("header", "x-a")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "7", "7"),
        ("integer", "7", 7),
        ("number", "7.50", Decimal("7.50")),
        ("boolean", "true", True),
        ("integer", "07", None),
        ("boolean", "yes", None),
    ],
)
def test_a_parameter_becomes_a_value_of_the_members_type(kind: Any, text: str, value: Any) -> None:
    move = Move(name="n", to="m", source="query", target="body", type=kind)
    after = raised(_lens(arrives=(move,)), _request(query={"n": text}))
    if value is None:
        assert isinstance(after, Refused)
        assert after.at == ("query", "n")
    else:
        assert isinstance(after, Request)
        assert (after.body, after.query) == ({"m": value}, {})


def test_moves_go_out_before_the_body_is_raised_and_in_after_it() -> None:
    program = Program(nodes=(Node(steps=(Whole(by=InObject(name="in")),)),))
    lens = _lens(
        moves=(Move(name="a", to="x-a", source="body", target="header"),),
        request=program,
        arrives=(Move(name="q", to="q", source="query", target="body"),),
    )
    after = raised(lens, _request(query={"q": "1"}, body={"a": True, "c": None}))
    assert isinstance(after, Request)
    assert after.body == {"in": {"c": None}, "q": "1"}
    assert after.header == {"x-a": "true"}


@pytest.mark.parametrize(("on_loss", "left"), [(OnLoss.OMIT, {}), (OnLoss.REFUSE, None)])
def test_what_is_no_scalar_cannot_be_a_parameter(on_loss: OnLoss, left: Any) -> None:
    move = Move(name="a", to="a", source="body", target="query", on_loss=on_loss)
    after = raised(_lens(moves=(move,)), _request(body={"a": [1]}))
    if left is None:
        assert isinstance(after, Refused)
        assert after.at == ("a",)
    else:
        assert isinstance(after, Request)
        assert (after.body, after.query) == ({}, left)


def test_a_request_without_a_body_has_none_afterwards() -> None:
    program = Program(nodes=(Node(steps=(Put(name="a", value=1),)),))
    after = raised(_lens(request=program), _request())
    assert isinstance(after, Request)
    assert after.body == Nothing()


def test_an_answer_is_lowered_by_the_program_of_its_status() -> None:
    def named(name: str) -> Program:
        return Program(nodes=(Node(steps=(Put(name=name, value=1),)),))

    lens = _lens(answers={"201": named("own"), "2XX": named("range"), "default": named("other")})
    for status, name in ((201, "own"), (200, "range"), (404, "other")):
        assert lowered(lens, Answer(status=status, body={})) == Answer(
            status=status, body={name: 1}
        )
    assert program_of(_lens(), 200) is None


def test_what_moved_into_a_header_of_an_answer_is_in_the_body_again() -> None:
    move = Move(name="x-total", to="total", source="header", target="body", type="integer")
    answer = Answer(status=200, header={"x-total": "3", "etag": "e"}, body={"data": []})
    after = lowered(_lens(answer_moves=(move,)), answer)
    assert after == Answer(status=200, header={"etag": "e"}, body={"data": [], "total": 3})
