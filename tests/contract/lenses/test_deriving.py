"""Changes and two contracts become what the edge does to messages."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract import Contract
from forecourt.contract.lenses.applying import Refused, applied
from forecourt.contract.lenses.deriving import derived, hops
from forecourt.contract.lenses.program import Served
from tests.contract.builders import a_contract
from tests.contract.lenses.builders import (
    an_object,
    between,
    changes,
    lowered,
    raised,
    the_lens,
    things,
    told,
)

_TEXT = {"type": "string"}
_RENAME = "{rename: a, to: b, in: [Part], because: clarity}"
_OLD = an_object({"a": _TEXT})
_NEW = an_object({"b": _TEXT})


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("around", "below", "above"),
    [
        (an_object({"x": _ref("Part")}), {"x": {"a": "1"}}, {"x": {"b": "1"}}),
        ({"type": "array", "items": _ref("Part")}, [{"a": "1"}], [{"b": "1"}]),
        ({"allOf": [_ref("Part"), an_object({"c": _TEXT})]}, {"a": "", "c": ""}, None),
        ({"oneOf": [_ref("Part"), {"type": "null"}]}, {"a": "1"}, {"b": "1"}),
        ({"type": "object", "additionalProperties": _ref("Part")}, {"k": {"a": ""}}, None),
        ({"prefixItems": [_TEXT, _ref("Part")]}, ["", {"a": ""}], ["", {"b": ""}]),
        (an_object({"x": {"anyOf": [_ref("Part"), {"type": "null"}]}}), {"x": None}, {"x": None}),
    ],
    ids=["a member", "a list", "allOf", "oneOf null", "any member", "a tuple", "null"],
)
def test_a_schema_is_changed_wherever_it_stands(around: Any, below: Any, above: Any) -> None:
    found = between(things(around, Part=_OLD), things(around, Part=_NEW), _RENAME)
    up = raised(found, below)
    if above is not None:
        assert up == above
    assert up != below or above == below
    assert lowered(found, up) == below


def test_a_schema_that_contains_itself_is_changed_at_every_depth() -> None:
    def tree(name: str) -> Any:
        inner = {"type": "array", "items": _ref("Thing")}
        return an_object({name: _TEXT, "inner": inner}, optional=("inner",))

    found = between(
        things(tree("a")), things(tree("b")), "{rename: a, to: b, in: [Thing], because: clarity}"
    )
    below = {"a": "1", "inner": [{"a": "2", "inner": [{"a": "3"}]}]}
    above = {"b": "1", "inner": [{"b": "2", "inner": [{"b": "3"}]}]}
    assert raised(found, below) == above
    assert lowered(found, above) == below


def test_a_discriminator_tells_where_a_lens_works() -> None:
    def pets(name: str) -> dict[str, Any]:
        return {
            "thing": {
                "oneOf": [_ref("Part"), _ref("Cat")],
                "discriminator": {"propertyName": "kind"},
            },
            "Part": an_object({"kind": _TEXT, name: _TEXT}),
            "Cat": an_object({"kind": _TEXT, "a": _TEXT}),
        }

    found = between(things(**pets("a")), things(**pets("b")), _RENAME)
    assert raised(found, {"kind": "Part", "a": ""}) == {"kind": "Part", "b": ""}
    assert raised(found, {"kind": "Cat", "a": ""}) == {"kind": "Cat", "a": ""}


def test_schemas_made_of_one_with_a_discriminator_are_its_alternatives() -> None:
    def pets(name: str) -> dict[str, Any]:
        base = {**an_object({"kind": _TEXT}), "discriminator": {"propertyName": "kind"}}
        return {
            "thing": an_object({"pet": _ref("Pet")}),
            "Pet": base,
            "Part": {"allOf": [_ref("Pet"), an_object({name: _TEXT})]},
        }

    found = between(things(**pets("a")), things(**pets("b")), _RENAME)
    below = {"pet": {"kind": "Part", "a": ""}}
    assert raised(found, below) == {"pet": {"kind": "Part", "b": ""}}


def test_a_constant_member_tells_as_a_discriminator_does() -> None:
    def either(name: str) -> dict[str, Any]:
        return {
            "thing": {"oneOf": [_ref("Part"), _ref("Other")]},
            "Part": an_object({"kind": {"const": "part"}, name: _TEXT}),
            "Other": an_object({"kind": {"const": "other"}, "a": _TEXT}),
        }

    found = between(things(**either("a")), things(**either("b")), _RENAME)
    assert raised(found, {"kind": "other", "a": ""}) == {"kind": "other", "a": ""}
    assert raised(found, {"kind": "part", "a": ""}) == {"kind": "part", "b": ""}


def test_alternatives_that_nothing_tells_apart_are_a_mistake() -> None:
    thing = {"oneOf": [_ref("Part"), an_object({"a": _TEXT, "z": _TEXT})]}
    found = between(things(thing, Part=_OLD), things(thing, Part=_NEW), _RENAME)
    assert any("nothing tells which of the alternatives" in each for each in told(found))


def test_lenses_work_one_after_the_other_and_back() -> None:
    older = an_object({"sum": {"type": "integer", "minimum": 1, "maximum": 500}, "city": _TEXT})
    money = an_object({"value": _TEXT, "currency": _TEXT})
    newer = an_object({"total": money, "address": an_object({"city": _TEXT})})
    found = between(
        things(older),
        things(newer),
        "{rename: sum, to: total, in: [Thing], because: clarity}",
        "{convert: total, in: [Thing], from: minor_units, to: money, currency: USD, because: c}",
        "{nest: [city], into: address, in: [Thing], because: clarity}",
    )
    below = {"sum": 250, "city": "Bergen"}
    above = {"total": {"value": "2.50", "currency": "USD"}, "address": {"city": "Bergen"}}
    assert raised(found, below) == above
    assert lowered(found, above) == below
    more = {"total": {"value": "9.00", "currency": "USD"}, "address": {"city": ""}}
    assert lowered(found, more) == Refused(at=("total",), reason="would be more than 500")


def test_a_loss_is_told_by_the_names_that_arrived() -> None:
    older = an_object({"a": {"enum": ["x", "y"]}})
    newer = an_object({"b": {"enum": ["x"]}})
    found = between(
        things(older),
        things(newer),
        "{rename: a, to: b, in: [Thing], because: clarity}",
        "{map: b, in: [Thing], because: clarity}",
    )
    assert raised(found, {"a": "y"}) == Refused(at=("a",), reason="is no word of the other version")


def test_values_that_are_lost_may_be_left_out_or_null() -> None:
    older, newer = an_object({"a": {"enum": ["x"]}}), an_object({"a": {"enum": ["x", "y"]}})
    for on_loss, below in (("omit", {}), ("null", {"a": None})):
        lens = f"{{map: a, in: [Thing], on_loss: {on_loss}, because: clarity}}"
        found = between(things(older), things(newer), lens)
        assert lowered(found, {"a": "y"}) == below


_TWO = {
    "post": {
        "operationId": "charge",
        "parameters": [{"name": "Page-Size", "in": "query", "schema": {"type": "integer"}}],
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": {"201": {"description": ""}},
    }
}


def test_an_operation_becomes_another() -> None:
    older = a_contract(paths={"/charges/{a}": {"post": _TWO["post"]}})
    newer = a_contract(paths={"/payments/{b}": {"post": {**_TWO["post"], "operationId": "pay"}}})
    lens = the_lens(
        between(
            older,
            newer,
            "{operation: charge, becomes: pay, body: {wrap: charge}, because: clarity}",
            "{rename: Page-Size, to: Page-Size, part: query, in: [charge], because: clarity}",
        )
    )
    assert lens.becomes == ("POST", "/payments/{b}")
    assert lens.path == {"b": "a"}
    assert lens.request is not None
    assert applied(lens.request, {"amount": 1}) == {"charge": {"amount": 1}}


def test_an_operation_that_is_gone_says_why() -> None:
    older = a_contract(paths={"/charges": {"post": _TWO["post"]}})
    newer = a_contract(paths={"/payments": {"post": _TWO["post"]}})
    found = between(older, newer, "{operation: POST /charges, because: nobody used it}")
    assert the_lens(found).becomes is None
    assert found.hop.because == {("POST", "/charges"): "nobody used it"}


def test_an_answer_that_is_taken_out_of_another_must_stand_there_alone() -> None:
    def shop(answer: Any, **schemas: Any) -> Any:
        content = {"application/json": {"schema": answer}}
        operation = {
            "operationId": "list",
            "responses": {"200": {"description": "", "content": content}},
        }
        return a_contract(
            paths={"/things": {"get": operation}},
            components={"schemas": schemas},
        )

    page = an_object({"data": _OLD, "next": _TEXT})
    older, newer = shop(_OLD), shop(_ref("Page"), Page=page)
    lens = "{operation: list, becomes: list, answer: {wrap: data}, because: clarity}"
    assert told(between(older, newer, lens)) == [
        "FC033 beside `data` stands `next`, which would be lost"
    ]
    found = between(older, newer, "{add: next, in: [Page], because: clarity}", lens)
    assert lowered(found, {"data": {"a": ""}, "next": "x"}) == {"a": ""}


def test_a_parameter_moves_into_the_body_with_its_type() -> None:
    def shop(*, in_query: bool) -> Any:
        amount = {"amount": {"type": "integer"}}
        query = {"name": "sum", "in": "query", "schema": {"type": "integer"}}
        body = an_object({} if in_query else amount)
        return a_contract(
            paths={
                "/pay": {
                    "post": {
                        "operationId": "pay",
                        "parameters": [query] if in_query else [],
                        "requestBody": {"content": {"application/json": {"schema": body}}},
                        "responses": {"200": {"description": ""}},
                    }
                }
            }
        )

    lens = the_lens(
        between(
            shop(in_query=True),
            shop(in_query=False),
            "{move: sum, from: query, to: body, as: amount, in: [pay], because: clarity}",
        )
    )
    (move,) = lens.arrives
    assert (move.name, move.to, move.source, move.target) == ("sum", "amount", "query", "body")
    assert move.type == "integer"


@pytest.mark.parametrize(
    ("lens", "message"),
    [
        ("{rename: c, to: b, in: [Thing], because: x}", "FC031 `Thing` of version `1` has no `c`"),
        ("{rename: a, to: c, in: [Thing], because: x}", "FC031 `Thing` of version `2` has no `c`"),
        ("{rename: a, to: b, in: [Thin], because: x}", "FC031 neither contract has a schema"),
        ("{rename: a, to: b, because: x}", "FC010 `in` is missing"),
        ("{add: a, in: [Thing], because: x}", "FC032 `Thing` of version `1` has `a` already"),
        ("{operation: getThing, because: x}", "FC031 version `1` has no operation `getThing`"),
        (
            "{convert: a, in: [Thing], from: minor_unit, to: money, currency: USD, because: x}",
            "FC012 `minor_unit` is no unit",
        ),
        (
            "{convert: a, in: [Thing], from: minor_units, to: money, because: x}",
            "FC010 `currency` is missing",
        ),
        (
            "{convert: a, in: [Thing], from: minor_units, to: money, currency: usd, because: x}",
            "FC033 `currency` is `usd`, which is no currency of ISO 4217",
        ),
        (
            "{convert: a, in: [Thing], from: integer, to: text, because: x}",
            "FC033 `integer` is of type integer, and in the older contract `a` is of type string",
        ),
        ("{rename: a, to: b, part: query, because: x}", "FC031 no operation has `a` in its query"),
        (
            "{move: a, from: query, to: body, in: [putThing], because: x}",
            "FC031 `PUT /things` of version `1` has no `a` in its query",
        ),
    ],
)
def test_what_the_contracts_do_not_have_is_told(lens: str, message: str) -> None:
    found = between(things(_OLD), things(_NEW), lens)
    assert any(each.startswith(message) for each in told(found)), told(found)


@pytest.mark.parametrize(
    ("older", "newer", "message"),
    [
        (
            {"type": "array", "items": {"enum": ["x"]}},
            {"type": "array", "items": {"enum": ["y"]}},
            "FC033 `a` is of type array in the older contract, which is no word",
        ),
        (
            {"type": "integer"},
            {"type": ["string", "null"]},
            "FC033 `a` was of type integer and is of type null or string",
        ),
    ],
)
def test_what_is_no_word_is_not_mapped(older: Any, newer: Any, message: str) -> None:
    both = things(an_object({"a": older})), things(an_object({"a": newer}))
    (found,) = told(between(*both, "{map: a, values: {x: y}, in: [Thing], because: x}"))
    assert found.startswith(message)
    words = things(an_object({"a": {"enum": [1]}})), things(an_object({"a": {"enum": ["one"]}}))
    assert told(between(*words, '{map: a, values: {"1": one}, in: [Thing], because: x}')) == []


def test_two_changes_of_one_member_overlap() -> None:
    rename = "{rename: a, to: b, in: [Thing], because: x}"
    again = rename.replace("because: x", "because: y")
    found = between(things(_OLD), things(_NEW), rename, again)
    assert "FC032 the change of line 4 says something of `a` already" in told(found)


def test_a_body_that_is_no_json_cannot_be_changed() -> None:
    def shop(name: str) -> Any:
        schema = {"schema": _ref("Thing")}
        content = {"application/json": schema, "application/x-www-form-urlencoded": schema}
        return a_contract(
            paths={
                "/things": {
                    "put": {
                        "requestBody": {"content": content},
                        "responses": {"200": {"description": ""}},
                    }
                }
            },
            components={"schemas": {"Thing": an_object({name: _TEXT})}},
        )

    found = between(shop("a"), shop("b"), "{rename: a, to: b, in: [Thing], because: clarity}")
    assert any("which no lens changes" in each for each in told(found))


def test_hops_are_those_of_which_both_contracts_are_there() -> None:
    one = changes("{rename: a, to: b, in: [Thing], because: clarity}")
    contracts = {"1": things(_OLD), "2": things(_NEW)}
    (hop,) = hops((one,), contracts)
    assert (hop.older, hop.newer) == ("1", "2")
    assert hop == derived(one, contracts["1"], contracts["2"]).hop
    assert hops((one,), {"2": contracts["2"]}) == ()


def test_a_form_is_no_body_that_a_lens_changes() -> None:
    def shop(name: str) -> Contract:
        form = {"application/x-www-form-urlencoded": {"schema": {"$ref": _THING}}}
        operation = {"requestBody": {"content": form}, "responses": {"201": {"description": ""}}}
        thing = an_object({name: {"type": "string"}})
        return a_contract(paths={"/things": {"post": operation}}, components=_of_schemas(thing))

    (found,) = told(between(shop("a"), shop("b"), "{rename: a, to: b, in: [Thing], because: x}"))
    assert "may be `application/x-www-form-urlencoded`, which no lens changes" in found


_THING = "#/components/schemas/Thing"


def _of_schemas(thing: Any) -> dict[str, Any]:
    return {"schemas": {"Thing": thing}}


@pytest.mark.parametrize(
    ("lens", "field"),
    [
        ("{move: n, from: query, to: header, as: F, in: [op], because: x}", "Forecourt-Upstream"),
        ("{move: n, from: query, to: header, as: F, in: [op], because: x}", "host"),
        ("{rename: n, to: F, part: header, in: [op], because: x}", "X-Forwarded-For"),
        ("{remove: F, part: header, in: [op], because: x}", "forecourt-consumer"),
        ("{move: F, from: header, to: query, as: n, in: [op], because: x}", "Authorization"),
    ],
)
def test_no_lens_speaks_of_a_field_that_is_the_edge_s(lens: str, field: str) -> None:
    def shop(*names: tuple[str, str]) -> Contract:
        listed = [{"name": n, "in": at, "schema": {"type": "string"}} for n, at in names]
        operation = {
            "operationId": "op",
            "parameters": listed,
            "responses": {"200": {"description": ""}},
        }
        return a_contract(paths={"/things": {"get": operation}})

    every = shop(("n", "query"), ("n", "header"), (field, "header"))
    found = told(between(every, every, lens.replace("F", field)))
    assert f"FC033 `{field}` is a field that the edge reads and writes itself" in [
        each.replace(field.lower(), field) for each in found
    ]


def test_all_that_can_be_called_in_the_newer_version_is_known() -> None:
    get = {"responses": {"200": {"description": ""}}}
    hidden = {**get, "x-audience": "internal"}
    older = a_contract(paths={"/x/{id}": {"get": get}})
    newer = a_contract(paths={"/things/{id}": {"get": get}, "/things/admin": {"get": hidden}})
    lens = '{operation: "GET /x/{id}", becomes: "GET /things/{id}", because: x}'
    found = between(older, newer, lens)
    assert found.hop.served == (
        Served(method="GET", template="/things/admin", may_be_hidden=True),
        Served(method="GET", template="/things/{id}"),
    )
