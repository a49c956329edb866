"""What lenses make of values is what the other contract says, or it is told."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract
from tests.contract.builders import a_contract
from tests.contract.lenses.builders import an_object, between, things, told

_TEXT = {"type": "string"}
_CENTS = {"type": "integer"}
_CURRENCY = {"enum": ["EUR"]}


def _money(**others: Any) -> dict[str, Any]:
    return an_object({"value": _TEXT, "currency": _TEXT, **others})


def _told(older: Any, newer: Any, lens: str, optional: tuple[str, ...] = ()) -> list[str]:
    before = {} if older is None else {"a": older}
    after = {} if newer is None else {"a": newer}
    both = (things(an_object(before, optional)), things(an_object(after, optional)))
    return told(between(*both, lens))


_MONEY = "{convert: a, from: minor_units, to: money, currency: USD, in: [Thing], because: x}"
_NUMBER = "{convert: a, from: text, to: integer, on_loss: LOSS, in: [Thing], because: x}"


@pytest.mark.parametrize(
    ("older", "newer", "lens", "message"),
    [
        (_CENTS, _money(currency=_CURRENCY), _MONEY, "`4990` would become"),
        (_CENTS, _money(formatted=_TEXT), _MONEY, "`4990` would become"),
        (
            {"type": "boolean"},
            None,
            "{remove: a, default: true, in: [Thing], because: x}",
            "every request of the older version has `a`, and would be refused",
        ),
        (
            None,
            _TEXT,
            "{add: a, default: x, on_loss: refuse, in: [Thing], because: x}",
            "every answer of the newer version has `a`, and would be refused",
        ),
        (
            {"type": "integer"},
            {"type": "string", "format": "date"},
            "{convert: a, from: unix_seconds, to: date_time, in: [Thing], because: x}",
            "`4990` would become",
        ),
        (
            {"type": "string", "maxLength": 2},
            {"type": "integer", "minimum": 100},
            "{convert: a, from: text, to: integer, in: [Thing], because: x}",
            '`4990` would become `"4990"`, which is not what the older contract lets `a` be',
        ),
        (
            {"enum": ["x"]},
            {"enum": ["y"]},
            "{map: a, in: [Thing], because: x}",
            "no word of `a` becomes one that the newer contract knows",
        ),
        (
            None,
            {"enum": ["now", "later"]},
            "{add: a, default: soon, in: [Thing], because: x}",
            'the newer contract does not let `a` be `"soon"`',
        ),
        (
            {"type": "boolean"},
            None,
            "{remove: a, default: 1, on_loss: omit, in: [Thing], because: x}",
            "the older contract does not let `a` be `1`",
        ),
        (_TEXT, _CENTS, _NUMBER.replace("LOSS", "omit"), "a request without `a` is none"),
        (_TEXT, _CENTS, _NUMBER.replace("LOSS", "null"), "`a` is never null in requests"),
    ],
)
def test_what_would_be_no_message_of_the_other_version_is_told(
    older: Any, newer: Any, lens: str, message: str
) -> None:
    (found,) = _told(older, newer, lens)
    assert found.startswith("FC033 " + message), found


def _answering(amount: Any, **others: Any) -> Contract:
    schema = an_object({"a": amount})
    answer = {"description": "", "content": {"application/json": {"schema": {"$ref": _THING}}}}
    operation = {"operationId": "read", "responses": {"200": answer}}
    return a_contract(
        paths={"/things": {"get": operation}}, components={"schemas": {"Thing": schema, **others}}
    )


_THING = "#/components/schemas/Thing"


def test_money_that_must_say_more_would_never_be_told() -> None:
    newer = _answering({"$ref": "#/components/schemas/Money"}, Money=_money(formatted=_TEXT))
    (found,) = told(between(_answering(_CENTS), newer, _MONEY))
    assert found.startswith("FC033 `money` is `value` and `currency` alone, and `a` must have")
    add = "{add: formatted, in: [Money], because: x}"
    assert told(between(_answering(_CENTS), newer, _MONEY, add)) == []


def test_what_fits_is_not_told() -> None:
    assert _told(_CENTS, _money(), _MONEY) == []
    assert _told(_TEXT, _CENTS, _NUMBER.replace("LOSS", "omit"), optional=("a",)) == []
    spelled = {"type": "string", "pattern": "^[0-9]+[.][0-9]{2}$"}
    decimal = "{convert: a, from: minor_units, to: decimal, currency: USD, in: [Thing], because: x}"
    assert _told({"type": "integer", "minimum": 0}, spelled, decimal) == []


def test_what_only_the_other_side_writes_is_not_asked_of_this_one() -> None:
    read, write = {**_TEXT, "readOnly": True}, {**_TEXT, "writeOnly": True}
    assert _told(read, None, "{remove: a, default: x, in: [Thing], because: x}") == []
    assert (
        _told(None, write, "{add: a, default: x, on_loss: refuse, in: [Thing], because: x}") == []
    )
    number = {"type": "integer", "readOnly": True}
    assert _told(read, number, _NUMBER.replace("LOSS", "omit")) == []


def test_what_no_message_has_is_not_tried() -> None:
    lens = "{add: b, default: 1, in: [Part], because: x}"
    part, thing = an_object({"b": _TEXT}), an_object({"a": _TEXT})
    assert told(between(things(thing, Part=an_object({})), things(thing, Part=part), lens)) == []


def _listing(schema: Any = None) -> Contract:
    size = {"name": "size", "in": "query", "required": True, "schema": schema}
    operation = {
        "operationId": "list",
        "parameters": [] if schema is None else [size],
        "responses": {"200": {"description": ""}},
    }
    return a_contract(paths={"/things": {"get": operation}})


@pytest.mark.parametrize("default", ["20", '"20"'])
def test_a_parameter_may_be_written_as_text_or_as_what_it_means(default: str) -> None:
    lens = f"{{add: size, default: {default}, part: query, in: [list], because: x}}"
    for schema in ({"type": "integer"}, _TEXT):
        assert told(between(_listing(), _listing(schema), lens)) == []
    (found,) = told(between(_listing(), _listing({"enum": ["all"]}), lens))
    assert "the newer contract does not let `size` be" in found


def test_words_of_a_parameter_are_tried_too() -> None:
    lens = "{map: size, part: query, in: [list], because: x}"
    (found,) = told(between(_listing({"enum": ["a"]}), _listing({"enum": ["b"]}), lens))
    assert found.startswith("FC033 no word of `size` becomes one")
