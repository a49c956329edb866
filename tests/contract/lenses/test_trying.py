"""What lenses make of values is what the other contract says, or it is told."""

from __future__ import annotations

from typing import Any

import pytest

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


def test_what_fits_is_not_told() -> None:
    assert _told(_CENTS, _money(), _MONEY) == []
    assert _told(_TEXT, _CENTS, _NUMBER.replace("LOSS", "omit"), optional=("a",)) == []
    spelled = {"type": "string", "pattern": "^[0-9]+[.][0-9]{2}$"}
    decimal = "{convert: a, from: minor_units, to: decimal, currency: USD, in: [Thing], because: x}"
    assert _told({"type": "integer", "minimum": 0}, spelled, decimal) == []


def test_what_no_message_has_is_not_tried() -> None:
    lens = "{add: b, default: 1, in: [Part], because: x}"
    part, thing = an_object({"b": _TEXT}), an_object({"a": _TEXT})
    assert told(between(things(thing, Part=an_object({})), things(thing, Part=part), lens)) == []
