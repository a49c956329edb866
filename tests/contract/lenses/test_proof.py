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
from tests.contract.lenses.builders import an_object, changes, things

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
            {"a": _TEXT},
            {"b": an_object({"a": _TEXT, "c": _TEXT})},
            "{nest: [a], into: b, in: [Thing], because: x}",
            ["request-required-property-added body `b`"],
        ),
    ],
    ids=["no default up", "no default down", "omitted", "null", "more in it"],
)
def test_what_a_lens_cannot_give_stays_uncovered(
    older: Any, newer: Any, lens: str, left: list[str]
) -> None:
    found = _left(things(an_object(older)), things(an_object(newer)), lens)
    assert [f.split(" ")[0] for f in found] == [each.split(" ")[0] for each in left], found


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
