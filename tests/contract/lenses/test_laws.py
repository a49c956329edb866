"""What an older caller sends comes back as it was; what is answered is said, or refused."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from forecourt.contract.lenses.applying import Refused
from tests.contract.lenses.builders import an_object, between, lowered, raised, things

_TEXT = {"type": "string"}
_INTEGER = {"type": "integer"}
_MONEY = an_object({"value": _TEXT, "currency": _TEXT})
_OLDER = an_object(
    {
        "amount": {"type": "integer", "minimum": 1, "maximum": 10**9},
        "customer_id": _TEXT,
        "created": {"type": "integer", "minimum": 0, "maximum": 4 * 10**9},
        "street": _TEXT,
        "city": _TEXT,
        "owner": {"type": ["string", "null"]},
        "size": an_object({"width": _INTEGER}, optional=("width",)),
        "status": {"enum": ["paid", "failed"]},
        "fax": _TEXT,
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
    },
    optional=("street", "owner", "fax"),
)
_NEWER = an_object(
    {
        "total": _MONEY,
        "customerId": _TEXT,
        "created": {"type": "string", "format": "date-time"},
        "address": an_object({"street": _TEXT, "city": _TEXT}, optional=("street",)),
        "owner": {
            "anyOf": [an_object({"id": _TEXT}), {"type": "null"}],
        },
        "width": _INTEGER,
        "status": {"enum": ["authorized", "captured", "failed"]},
        "capture": _TEXT,
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
    },
    optional=("owner", "width", "capture"),
)
_LENSES = (
    "{convert: amount, from: minor_units, to: money, currency: USD, in: [Thing], because: x}",
    "{rename: amount, to: total, in: [Thing], because: x}",
    "{rename: customer_id, to: customerId, in: [Thing], because: x}",
    "{convert: created, from: unix_seconds, to: date_time, in: [Thing], because: x}",
    "{nest: [street, city], into: address, in: [Thing], because: x}",
    "{wrap: owner, into: id, in: [Thing], because: x}",
    "{hoist: [width], out_of: size, in: [Thing], because: x}",
    "{map: status, values: {paid: captured}, in: [Thing], because: x}",
    "{remove: fax, on_loss: omit, in: [Thing], because: x}",
    "{add: capture, default: now, in: [Thing], because: x}",
    "{rename: id, to: key, in: [Part], because: x}",
)


def _part(name: str) -> dict[str, Any]:
    inner = {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}
    return an_object({name: _TEXT, "parts": inner}, optional=("parts",))


_FOUND = between(things(_OLDER, Part=_part("id")), things(_NEWER, Part=_part("key")), *_LENSES)


def _parts(name: str) -> st.SearchStrategy[Any]:
    leaf = st.fixed_dictionaries({name: st.text()})
    return st.lists(
        st.recursive(
            leaf,
            lambda inner: st.fixed_dictionaries(
                {name: st.text(), "parts": st.lists(inner, max_size=2)}
            ),
            max_leaves=4,
        ),
        max_size=3,
    )


_OLD_VALUES = st.fixed_dictionaries(
    {
        "amount": st.integers(1, 10**9),
        "customer_id": st.text(),
        "created": st.integers(0, 4 * 10**9),
        "city": st.text(),
        "size": st.fixed_dictionaries({"width": st.integers()}),
        "status": st.sampled_from(["paid", "failed"]),
        "parts": _parts("id"),
    },
    optional={"street": st.text(), "owner": st.none() | st.text(), "fax": st.text()},
)
_AMOUNTS = st.fixed_dictionaries(
    {
        "value": st.sampled_from(["49.90", "0.00", "1", "-3.00", "1.005", "x", "99999999.00"]),
        "currency": st.sampled_from(["USD", "EUR"]),
    }
)
_NEW_VALUES = st.fixed_dictionaries(
    {
        "total": _AMOUNTS,
        "customerId": st.text(),
        "created": st.sampled_from(["2028-11-05T08:15:00Z", "1960-01-01T00:00:00Z", "today"]),
        "address": st.fixed_dictionaries({"city": st.text()}, optional={"street": st.text()}),
        "width": st.integers(),
        "status": st.sampled_from(["authorized", "captured", "failed"]),
        "parts": _parts("key"),
    },
    optional={
        "owner": st.none() | st.fixed_dictionaries({"id": st.text()}, optional={"n": st.text()}),
        "capture": st.text(),
    },
)


def _judge(thing: Any, part: str) -> Draft202012Validator:
    components = {"schemas": {"Part": _part(part)}}
    return Draft202012Validator({**thing, "components": components})


_IS_OLD, _IS_NEW = _judge(_OLDER, "id"), _judge(_NEWER, "key")


@given(value=_OLD_VALUES)
def test_what_is_raised_and_lowered_is_as_it_was_but_for_declared_losses(
    value: dict[str, Any],
) -> None:
    above = raised(_FOUND, value)
    assert not isinstance(above, Refused)
    assert _IS_NEW.is_valid(above)
    expected = {name: each for name, each in value.items() if name != "fax"}
    assert lowered(_FOUND, above) == expected


@given(value=_OLD_VALUES)
def test_what_arrived_is_left_as_it_is(value: dict[str, Any]) -> None:
    before = repr(value)
    raised(_FOUND, value)
    assert repr(value) == before


@given(value=_NEW_VALUES)
def test_what_is_answered_is_what_the_older_contract_says_or_refused(
    value: dict[str, Any],
) -> None:
    below = lowered(_FOUND, value)
    if isinstance(below, Refused):
        assert below.at[0] in {"total", "created", "owner", "status"}
    else:
        assert _IS_OLD.is_valid(below)
