"""What breaks between two versions is accounted for by the changes, or told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.contract import Contract
from forecourt.contract.lenses.catalogue import KINDS
from forecourt.contract.lenses.kind import Example
from forecourt.contract.lenses.proof import uncovered
from forecourt.estate.posture import POSTURES
from tests.contract.builders import a_contract
from tests.contract.lenses.builders import an_object, between, changes, things, told

_TEXT = {"type": "string"}
_EXAMPLES = [(f"{k.key}: {e.title}", e) for k in KINDS for e in k.examples]


def _left(older: Contract, newer: Contract, *lenses: str) -> list[str]:
    found = uncovered(changes(*lenses), older, newer, today=date(2029, 3, 1), postures=POSTURES)
    return [f"{each.change.kind.id} {each.change.where}" for each in found]


@pytest.mark.parametrize(("title", "example"), _EXAMPLES, ids=[t for t, _ in _EXAMPLES])
def test_an_example_accounts_for_all_that_it_changes(title: str, example: Example) -> None:
    older, newer = an_object(example.older, example.optional), an_object(example.newer)
    nothing = "{rename: none, to: none, part: query, because: to have a file}"
    # What need not be there may go without breaking anybody.
    assert bool(_left(things(older), things(newer), nothing)) is not bool(example.optional)
    assert _left(things(older), things(newer), example.lens) == []


@pytest.mark.parametrize(
    ("older", "newer", "lens", "left"),
    [
        (
            {"a": _TEXT},
            {"a": _TEXT, "b": _TEXT},
            "{add: b, in: [Thing], because: x}",
            ["request-required-property-added body `b`"],
        ),
        (
            {"a": _TEXT},
            {},
            "{remove: a, in: [Thing], because: x}",
            ["response-required-property-removed answer 200 `a`"],
        ),
        (
            {"a": {"enum": ["x"]}},
            {"a": {"enum": ["x", "y"]}},
            "{map: a, in: [Thing], on_loss: omit, because: x}",
            ["response-property-became-optional answer 200 `a`"],
        ),
        (
            {"a": {"type": "integer"}},
            {"a": {"type": ["string", "null"]}},
            "{convert: a, from: integer, to: text, in: [Thing], because: x}",
            ["response-null-allowed answer 200: a"],
        ),
        (
            {"a": {"type": ["integer", "null"]}},
            {"a": _TEXT},
            "{convert: a, from: integer, to: text, in: [Thing], because: x}",
            ["request-null-refused body: a"],
        ),
        (
            {"a": {"enum": ["x", None]}},
            {"a": {"enum": ["x"]}},
            "{map: a, in: [Thing], because: x}",
            ["request-null-refused body: a"],
        ),
        (
            {"a": {"enum": ["x"]}},
            {"a": {"enum": ["x", None]}},
            "{map: a, in: [Thing], because: x}",
            ["response-null-allowed answer 200: a"],
        ),
        (
            {"a": _TEXT},
            {"b": an_object({"a": _TEXT, "c": _TEXT})},
            "{nest: [a], into: b, in: [Thing], because: x}",
            ["request-required-property-added body `b`"],
        ),
    ],
    ids=[
        "no default up",
        "no default down",
        "omitted",
        "null",
        "null sent",
        "null among words sent",
        "null among words",
        "more in it",
    ],
)
def test_what_a_lens_cannot_give_stays_uncovered(
    older: Any, newer: Any, lens: str, left: list[str]
) -> None:
    found = _left(things(an_object(older)), things(an_object(newer)), lens)
    assert [f.split(" ")[0] for f in found] == [each.split(" ")[0] for each in left], found


def test_an_object_that_must_be_there_is_sent_by_who_sends_none_of_its_members() -> None:
    flat = an_object({"a": _TEXT, "c": _TEXT}, optional=("a", "c"))
    nest = "{nest: [a, c], into: b, in: [Thing], because: x}"

    def left(*optional: str, of_thing: tuple[str, ...] = ()) -> set[str]:
        within = an_object({"a": _TEXT, "c": _TEXT}, optional=optional)
        found = _left(things(flat), things(an_object({"b": within}, of_thing)), nest)
        return {each.split(" ")[0] for each in found}

    assert left("a", "c") == {"request-required-property-added"}
    assert left("a", "c", of_thing=("b",)) == set()
    # Who sends `a` sends `b`, and that needs `c`.
    assert left("a", of_thing=("b",)) == {"request-property-became-required"}


def test_an_object_that_may_be_null_says_nothing_of_its_members() -> None:
    older, within = an_object({"a": _TEXT}), an_object({"a": _TEXT})
    newer = an_object({"b": {"anyOf": [within, {"type": "null"}]}})
    found = _left(things(older), things(newer), "{nest: [a], into: b, in: [Thing], because: x}")
    assert [each.split(" ")[0] for each in found] == ["response-property-became-optional"]


def test_a_member_that_a_schema_has_of_another_is_its_own_to_change() -> None:
    def shop(name: str) -> Contract:
        base = {"$ref": "#/components/schemas/Base"}
        thing = {"allOf": [base, an_object({"size": _TEXT})]}
        return things(thing, Base=an_object({name: _TEXT}))

    rename = "{rename: a, to: b, in: [Thing], because: x}"
    assert _left(shop("a"), shop("b"), rename) == []
    assert _left(shop("a"), shop("b"), rename.replace("Thing", "Base")) == []


def test_alternatives_are_changed_each() -> None:
    def shop(name: str) -> Contract:
        one = an_object({"kind": {"const": "one"}, name: _TEXT})
        other = an_object({"kind": {"const": "other"}})
        return things({"oneOf": [one, other]})

    assert _left(shop("a"), shop("b"), "{rename: a, to: b, in: [Thing], because: x}") == []


def _pay(path: str, id: str, body: Any, *parameters: Any, **answer: Any) -> Contract:
    content = {"application/json": {"schema": body}}
    response = {"description": "", "content": {"application/json": {"schema": answer or _TEXT}}}
    operation = {
        "operationId": id,
        "parameters": list(parameters),
        "requestBody": {"required": True, "content": content},
        "responses": {"200": response},
    }
    return a_contract(paths={path: {"post": operation}})


_AMOUNT = an_object({"amount": {"type": "integer"}})


def test_an_operation_is_followed_to_another_path_with_a_body_around_its_body() -> None:
    older = _pay("/charges", "charge", _AMOUNT)
    newer = _pay("/payments", "pay", an_object({"charge": _AMOUNT}))
    lens = "{operation: charge, becomes: pay, body: {wrap: charge}, because: x}"
    assert _left(older, newer, lens) == []
    assert _left(older, newer, lens.replace("body: {wrap: charge}, ", "")) != []
    more = _pay("/payments", "pay", an_object({"charge": _AMOUNT, "when": _TEXT}))
    assert _left(older, more, lens) != []


def test_an_answer_may_be_wrapped_and_unwrapped() -> None:
    older = _pay("/pay", "pay", _AMOUNT, **_AMOUNT)
    newer = _pay("/pay", "pay", _AMOUNT, **an_object({"data": _AMOUNT}))
    lens = "{operation: pay, becomes: pay, answer: {wrap: data}, because: x}"
    assert _left(older, newer, lens) == []
    assert _left(newer, older, lens.replace("wrap", "unwrap")) == []


def test_what_goes_wrong_is_not_wrapped_as_what_goes_well_is() -> None:
    def shop(**answers: Any) -> Contract:
        contents = {s: {"application/json": {"schema": each}} for s, each in answers.items()}
        responses = {s.lstrip("_"): {"description": "", "content": c} for s, c in contents.items()}
        return a_contract(paths={"/pay": {"get": {"operationId": "pay", "responses": responses}}})

    lens = "{operation: pay, becomes: pay, answer: {wrap: data}, because: x}"
    wrapped, wrong = an_object({"data": _AMOUNT}), an_object({"title": _TEXT})
    older, newer = shop(_200=_AMOUNT, default=wrong), shop(_200=wrapped, default=wrong)
    assert told(between(older, newer, lens)) == []
    assert _left(older, newer, lens) == []
    assert _left(newer, older, lens.replace("wrap", "unwrap")) == []
    # Where nothing else is said, it is what goes well too.
    assert _left(shop(default=_AMOUNT), shop(default=wrapped), lens) == []


def test_an_operation_that_is_said_to_be_gone_is_accounted_for() -> None:
    older, newer = _pay("/charges", "charge", _AMOUNT), _pay("/payments", "pay", _AMOUNT)
    assert _left(older, newer, "{operation: charge, because: x}") == []
    assert _left(older, newer, "{operation: pay, because: x}") == ["operation-removed "]


def _query(name: str, **others: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer"}, **others}


def test_parameters_are_renamed_added_removed_and_moved() -> None:
    def pay(*parameters: Any, body: Any = _AMOUNT) -> Contract:
        return _pay("/pay", "pay", body, *parameters)

    rename = "{rename: size, to: limit, part: query, in: [pay], because: x}"
    assert _left(pay(_query("size")), pay(_query("limit", required=True)), rename) != []
    both = (pay(_query("size", required=True)), pay(_query("limit", required=True)))
    assert _left(*both, rename) == []
    add = "{add: limit, default: 20, part: query, in: [pay], because: x}"
    assert _left(pay(), pay(_query("limit", required=True)), add) == []
    remove = "{remove: size, part: query, in: [pay], because: x}"
    assert _left(pay(_query("size")), pay(), remove) == []
    whole = an_object({"amount": {"type": "integer"}, "size": {"type": "integer"}})
    move = "{move: size, from: query, to: body, in: [pay], because: x}"
    assert _left(pay(_query("size", required=True)), pay(body=whole), move) == []


_PAIR = "{function: f.py, raise: up, lower: down, in: [putThing], because: x}"


def test_what_functions_do_accounts_for_the_bodies_of_their_operation() -> None:
    older, newer = an_object({"name": _TEXT}), an_object({"first": _TEXT, "last": _TEXT})
    nothing = "{rename: none, to: none, part: query, because: to have a file}"
    assert _left(things(older), things(newer), nothing) != []
    assert _left(things(older), things(newer), _PAIR) == []


def test_one_way_accounts_for_no_other() -> None:
    older, newer = an_object({"name": _TEXT}), an_object({"first": _TEXT})
    up = _left(things(older), things(newer), _PAIR.replace("lower: down, ", ""))
    assert [each.split(" ")[0] for each in up] == ["response-required-property-removed"]
    down = _left(things(older), things(newer), _PAIR.replace("raise: up, ", ""))
    assert [each.split(" ")[0] for each in down] == ["request-required-property-added"]


def test_functions_account_for_nothing_but_bodies() -> None:
    def shop(schema: Any, **others: Any) -> Contract:
        content = {"content": {"application/json": {"schema": schema}}}
        operation = {
            "operationId": "putThing",
            "requestBody": content,
            "responses": {"200": {"description": "", **content}},
        }
        other = {**operation, "operationId": "other"}
        return a_contract(
            paths={"/things": {"put": {**operation, **others}}, "/others": {"put": other}}
        )

    older = shop(an_object({"name": _TEXT}))
    parameter = {"name": "dry", "in": "query", "required": True, "schema": {"type": "boolean"}}
    newer = shop(an_object({"first": _TEXT}), parameters=[parameter])
    kinds = sorted(each.split(" ")[0] for each in _left(older, newer, _PAIR))
    assert kinds == [
        "request-required-property-added",
        "required-parameter-added",
        "response-required-property-removed",
    ]


def test_what_moves_is_what_the_newer_version_takes_where_it_arrives() -> None:
    text = {"schema": _TEXT}

    def told(older: Contract, newer: Contract, lens: str) -> set[str]:
        return {each.split(" ")[0] for each in _left(older, newer, lens)}

    to_cookie = "{move: size, from: query, to: cookie, in: [pay], because: x}"
    cookie = {**_query("size"), "in": "cookie"}
    assert told(_pay("/pay", "pay", _AMOUNT, _query("size")), _paying(cookie), to_cookie) == set()
    assert told(_paying(_query("size", **text)), _paying(cookie), to_cookie) == {
        "request-type-narrowed"
    }
    assert told(_paying(_query("size")), _paying({**cookie, "required": True}), to_cookie) == {
        "parameter-became-required"
    }
    whole = an_object({**_AMOUNT["properties"], "size": {"type": "integer", "maximum": 9}})
    to_body = "{move: size, from: query, to: body, in: [pay], because: x}"
    older = _paying(_query("size", required=True))
    assert told(older, _pay("/pay", "pay", whole), to_body) == {"request-maximum-lowered"}
    # What is no number is a loss that is declared.
    older = _paying(_query("size", required=True, **text))
    assert told(older, _pay("/pay", "pay", whole), to_body) == set()


def test_a_part_of_a_path_that_moves_is_too() -> None:
    def read(path: str, *parameters: Any) -> Contract:
        return _pay(path, "pay", _AMOUNT, *parameters)

    def of_path(name: str, schema: Any) -> dict[str, Any]:
        return {"name": name, "in": "path", "required": True, "schema": schema}

    lenses = (
        "{operation: pay, becomes: pay, because: x}",
        "{move: size, from: path, to: query, in: [pay], because: x}",
    )
    newer = read("/pay/{key}", of_path("key", _TEXT), _query("size", required=True))
    whole = of_path("id", _TEXT)
    older = read("/pay/{size}/{id}", of_path("size", {"type": "integer"}), whole)
    assert _left(older, newer, *lenses) == []
    older = read("/pay/{size}/{id}", of_path("size", _TEXT), whole)
    assert _left(older, newer, *lenses) == ["request-type-narrowed path size"]


@pytest.mark.parametrize(
    "lens",
    [
        "{rename: other, to: none, part: query, in: [pay], because: x}",
        "{rename: sizes, to: all, part: query, in: [pay], because: x}",
    ],
)
def test_a_parameter_that_is_written_otherwise_stays_uncovered(lens: str) -> None:
    to = "all" if "all" in lens else "sizes"
    listed = {"schema": {"type": "array", "items": _TEXT}}
    older = _paying(_query("sizes", **listed))
    newer = _paying(_query(to, **listed, explode=False))
    assert _left(older, newer, lens) == ["parameter-restyled query sizes"]


def _paying(*parameters: Any) -> Contract:
    return _pay("/pay", "pay", _AMOUNT, *parameters)


def test_a_mark_of_the_newer_contract_alone_hides_nothing_from_who_calls_the_older() -> None:
    plain = things(an_object({"a": _TEXT, "b": _TEXT}, optional=("a", "b")))
    marked = {**_TEXT, "x-audience": "partner"}
    hides = things(an_object({"a": marked, "b": _TEXT}, optional=("a", "b")))
    nothing = "{rename: none, to: none, part: query, because: to have a file}"
    assert {line.split(" ")[0] for line in _left(plain, hides, nothing)} == {"audience-narrowed"}
    assert _left(hides, hides, nothing) == []


def test_nor_where_it_has_another_name_by_now() -> None:
    plain = things(an_object({"a": _TEXT}, optional=("a",)))
    hides = things(an_object({"b": {**_TEXT, "x-audience": "partner"}}, optional=("b",)))
    found = _left(plain, hides, "{rename: a, to: b, in: [Thing], because: x}")
    assert {line.split(" ")[0] for line in found} == {"audience-narrowed"}
