"""What each step makes of a body."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecourt.contract.lenses.program import Node, Program
from forecourt.contract.lenses.steps import (
    Change,
    Convert,
    Drop,
    Gather,
    InList,
    InObject,
    Map,
    OnLoss,
    OutOfList,
    OutOfObject,
    Put,
    Rename,
    Spread,
    Whole,
)
from tests.edge.lua.lens.lensing import Lenses, Raised, Refused, a_hop, a_program, an_operation


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def through(path: Path, program: Program, text: str) -> Raised | Refused:
    return Lenses(path, a_hop(an_operation(request=program))).raised("POST", "/charges", text)


def becomes(path: Path, program: Program, text: str) -> str | None:
    found = through(path, program, text)
    assert isinstance(found, Raised), found
    return found.body


def blamed(path: Path, program: Program, text: str) -> str:
    found = through(path, program, text)
    assert isinstance(found, Refused), found
    assert found.reason == "not-representable"
    return str(found.faults[0]["pointer"])


LISTED = Map(
    pairs=(("a", "b"), (1, None), (True, {"x": [1.5, "é"]}), (None, 0)), keeps_others=False
)


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (Rename(name="a", to="b"), '{"a":1,"c":2}', '{"b":1,"c":2}'),
        (Rename(name="a", to="b"), '{"b":9,"a":1}', '{"b":1}'),
        (Rename(name="a", to="b"), '{"b":9}', "{}"),
        (Rename(name="a", to="a"), '{"a":1}', '{"a":1}'),
        (Rename(name="é", to='"'), '{"\\u00e9":1}', '{"\\"":1}'),
        (Gather(names=("a", "b"), into="g"), '{"a":1,"x":2,"b":3}', '{"x":2,"g":{"a":1,"b":3}}'),
        (Gather(names=("a", "b"), into="g"), '{"g":1,"x":2}', '{"x":2}'),
        (Gather(names=("a",), into="a"), '{"a":1}', '{"a":{"a":1}}'),
        (Spread(name="g", names=("a", "b")), '{"g":{"b":1},"a":2}', '{"a":2,"b":1}'),
        (Spread(name="g", names=("g",)), '{"g":{"g":1}}', '{"g":1}'),
        (Spread(name="g", names=("a",)), '{"g":null,"x":1}', '{"x":1}'),
        (Spread(name="g", names=(), on_loss=OnLoss.OMIT), '{"g":{"a":1},"x":1}', '{"x":1}'),
        (Put(name="a", value={"x": [1, None]}), '{"b":1}', '{"b":1,"a":{"x":[1,null]}}'),
        (Put(name="a", value=1), '{"a":null}', '{"a":null}'),
        (Drop(name="a"), '{"a":1,"b":2}', '{"b":2}'),
        (Drop(name="a", on_loss=OnLoss.REFUSE), '{"b":2}', '{"b":2}'),
        (Change(name="a", by=LISTED), '{"a":"\\u0061"}', '{"a":"b"}'),
        (Change(name="a", by=LISTED), '{"a":10e-1}', '{"a":null}'),
        (Change(name="a", by=LISTED), '{"a":true}', '{"a":{"x":[1.5,"é"]}}'),
        (Change(name="a", by=LISTED), '{"a":null}', '{"a":null}'),
        (Change(name="a", by=LISTED, on_loss=OnLoss.OMIT), '{"a":"x","b":1}', '{"b":1}'),
        (Change(name="a", by=LISTED, on_loss=OnLoss.NULL), '{"a":[]}', '{"a":null}'),
        (Change(name="a", by=Map(pairs=(), keeps_others=True)), '{"a":[ 1]}', '{"a":[ 1]}'),
        (Change(name="a", by=InObject(name="b")), '{"a":[ 1]}', '{"a":{"b":[ 1]}}'),
        (Change(name="a", by=OutOfObject(name="b")), '{"a":{"b":1.0}}', '{"a":1.0}'),
        (
            Change(name="a", by=OutOfObject(name="b", ignored=("c",))),
            '{"a":{"c":1,"b":2}}',
            '{"a":2}',
        ),
        (Change(name="a", by=InList()), '{"a":1}', '{"a":[1]}'),
        (Change(name="a", by=OutOfList()), '{"a":[ {"b":1} ]}', '{"a":{"b":1}}'),
        (Whole(by=InObject(name="b")), "null", '{"b":null}'),
        (Whole(by=InList()), "{}", "[{}]"),
        (Rename(name="a", to="b"), "[1]", "[1]"),
    ],
)  # fmt: skip
def test_steps(tmp_path: Path, step: Any, before: str, after: str) -> None:
    assert becomes(tmp_path, a_program(step), before) == after


@pytest.mark.parametrize(
    ("step", "text", "pointer"),
    [
        (Spread(name="g", names=("a",)), '{"g":{"a":1,"b":2}}', "/g/b"),
        (Spread(name="g", names=("a",), on_loss=OnLoss.OMIT), '{"g":7}', "/g"),
        (Drop(name="a", on_loss=OnLoss.REFUSE), '{"a":null}', "/a"),
        (Change(name="a", by=LISTED), '{"a":2}', "/a"),
        (Change(name="a", by=OutOfObject(name="b")), '{"a":{"c":1}}', "/a"),
        (Change(name="a", by=OutOfObject(name="b")), '{"a":{"b":1,"c":1}}', "/a/c"),
        (Change(name="a", by=OutOfList()), '{"a":[]}', "/a"),
        (Change(name="a", by=OutOfList()), '{"a":[1,2]}', "/a"),
        (Whole(by=OutOfObject(name="b")), "[]", ""),
    ],
)
def test_a_loss_is_refused_at_its_place(tmp_path: Path, step: Any, text: str, pointer: str) -> None:
    assert blamed(tmp_path, a_program(step), text) == pointer


def test_steps_follow_each_other(tmp_path: Path) -> None:
    steps = (
        Rename(name="a", to="b"),
        Change(name="b", by=Convert(converter="integer-text")),
        Change(name="b", by=Map(pairs=(("1", "one"),), keeps_others=False)),
        Gather(names=("b", "c"), into="g"),
        Rename(name="g", to="h"),
        Spread(name="h", names=("b",), on_loss=OnLoss.OMIT),
        Put(name="h", value=0),
    )
    assert becomes(tmp_path, a_program(*steps), '{"a":1,"c":2}') == '{"b":"one","h":0}'


def test_parts_come_before_their_whole(tmp_path: Path) -> None:
    inner = Node(steps=(Whole(by=InList()),))
    program = Program(nodes=(Node(members={"a": 1}, steps=(Rename(name="a", to="b"),)), inner))
    assert becomes(tmp_path, program, '{"b":0,"a":{"x":1}}') == '{"b":[{"x":1}]}'


def test_all_members_all_items_and_the_first_ones(tmp_path: Path) -> None:
    wrap = Node(steps=(Whole(by=InList()),))
    nodes = (
        Node(members={"m": 2, "i": 3}, others=1),
        wrap,
        Node(),
        Node(leading=(None, 1), items=2),
    )
    text = '{"m":1,"n":2,"i":[1,2,3]}'
    assert becomes(tmp_path, Program(nodes=nodes), text) == '{"m":1,"n":[2],"i":[1,[2],3]}'


def test_a_program_may_go_in_circles(tmp_path: Path) -> None:
    node = Node(members={"in": 0}, others=None, steps=(Rename(name="a", to="b"),))
    text = '{"a":1,"in":{"a":2,"in":{"x":3}}}'
    after = '{"b":1,"in":{"b":2,"in":{"x":3}}}'
    assert becomes(tmp_path, Program(nodes=(node,)), text) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('{"is":"cat","a":1}', '{"is":"cat","b":1}'),
        ('{"is":"dog","a":1}', '{"is":"dog","a":1}'),
        ('{"is":1,"a":1}', '{"is":1,"a":1}'),
        ('{"a":1}', '{"a":1}'),
        ("[1]", "[1]"),
    ],
)
def test_a_member_may_tell_what_a_value_is(tmp_path: Path, text: str, after: str) -> None:
    nodes = (Node(by=("is", {"cat": 1})), Node(steps=(Rename(name="a", to="b"),)))
    assert becomes(tmp_path, Program(nodes=nodes), text) == after


def test_a_long_list_keeps_its_order(tmp_path: Path) -> None:
    node = Node(steps=(Rename(name="a", to="b"),))
    text = json.dumps([{"a": n} for n in range(500)])
    found = becomes(tmp_path, Program(nodes=(Node(items=1), node)), text)
    assert json.loads(found or "") == [{"b": n} for n in range(500)]


CONVERSIONS = [
    ("minor_units-money", "4990", '{"value":"49.90","currency":"USD"}'),
    ("minor_units-decimal", "-5", '"-0.05"'),
    ("minor_units-decimal", "0", '"0.00"'),
    ("minor_units-decimal", "12345678901234567890", '"123456789012345678.90"'),
    ("unix_seconds-date_time", "0", '"1970-01-01T00:00:00Z"'),
    ("unix_seconds-date_time", "951782400", '"2000-02-29T00:00:00Z"'),
    ("unix_seconds-date_time", "-62135596800", '"0001-01-01T00:00:00Z"'),
    ("unix_seconds-date_time", "253402300799", '"9999-12-31T23:59:59Z"'),
    ("unix_milliseconds-date_time", "-1", '"1969-12-31T23:59:59.999Z"'),
    ("unix_milliseconds-date_time", "1857024900250", '"2028-11-05T08:15:00.250Z"'),
    ("seconds-milliseconds", "90", "90000"),
    ("seconds-milliseconds", "0", "0"),
    ("integer-text", "-12345678901234567890", '"-12345678901234567890"'),
    ("number-text", "1.10", '"1.10"'),
    ("number-text", "7", '"7"'),
    ("boolean-text", "true", '"true"'),
]


def conversion(name: str, *, is_back: bool, **bounds: int) -> Program:
    given = {"currency": "USD", "digits": "2"}
    by = Convert(converter=name, arguments=given, is_back=is_back, **bounds)
    return a_program(Change(name="a", by=by))


@pytest.mark.parametrize(("name", "one", "other"), CONVERSIONS)
def test_converts_there_and_back(tmp_path: Path, name: str, one: str, other: str) -> None:
    there = conversion(name, is_back=False)
    assert becomes(tmp_path, there, f'{{"a":{one}}}') == f'{{"a":{other}}}'
    back = conversion(name, is_back=True)
    assert becomes(tmp_path, back, f'{{"a":{other}}}') == f'{{"a":{one}}}'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("minor_units-money", '{"value":"1.00","currency":"EUR"}'),
        ("minor_units-money", '{"value":"1.005","currency":"USD"}'),
        ("minor_units-money", '{"value":1.00,"currency":"USD"}'),
        ("minor_units-money", '{"value":"1","currency":"USD","x":1}'),
        ("minor_units-money", '{"value":"1","value2":"USD"}'),
        ("minor_units-money", '{"value":"1"}'),
        ("minor_units-money", '"1.00"'),
        ("minor_units-decimal", '"01.00"'),
        ("minor_units-decimal", '"1."'),
        ("minor_units-decimal", '"1e2"'),
        ("minor_units-decimal", '""'),
        ("unix_seconds-date_time", '"2000-02-30T00:00:00Z"'),
        ("unix_seconds-date_time", '"2000-01-01T00:00:00.5Z"'),
        ("unix_seconds-date_time", '"2000-01-01T23:59:60Z"'),
        ("unix_seconds-date_time", '"2000-01-01T00:00:00"'),
        ("unix_seconds-date_time", '"2000-01-01"'),
        ("seconds-milliseconds", "90001"),
        ("integer-text", '"1.0"'),
        ("integer-text", '"-0"'),
        ("number-text", '"NaN"'),
        ("boolean-text", '"yes"'),
    ],
)
def test_what_has_no_equal_is_a_loss(tmp_path: Path, name: str, text: str) -> None:
    assert blamed(tmp_path, conversion(name, is_back=True), f'{{"a":{text}}}') == "/a"


@pytest.mark.parametrize("value", ["1.5", '"1"', "true", "[]", "{}", "1e1001"])
def test_minor_units_are_whole_numbers(tmp_path: Path, value: str) -> None:
    there = conversion("minor_units-money", is_back=False)
    assert blamed(tmp_path, there, f'{{"a":{value}}}') == "/a"


def test_what_comes_of_a_conversion_keeps_to_its_bounds(tmp_path: Path) -> None:
    bounded = conversion("minor_units-decimal", is_back=True, least=1, most=100)
    assert becomes(tmp_path, bounded, '{"a":"1.00"}') == '{"a":100}'
    assert blamed(tmp_path, bounded, '{"a":"1.01"}') == "/a"
    assert blamed(tmp_path, bounded, '{"a":"0.00"}') == "/a"
