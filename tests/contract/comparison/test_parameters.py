from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.comparison import Verdict
from tests.contract.comparison.documents import changes, document, kinds, operation

_TEXT = {"type": "string"}


def _taking(*parameters: dict[str, Any], path: str = "/things") -> dict[str, Any]:
    return document(paths={path: {"get": operation(parameters=list(parameters))}})


def _named(name: str, location: str = "query", **said: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": _TEXT, **said}


def test_a_header_has_any_case() -> None:
    assert not kinds(_taking(_named("X-Trace", "header")), _taking(_named("x-trace", "header")))


def test_a_query_has_the_case_that_it_has() -> None:
    assert kinds(_taking(_named("limit")), _taking(_named("Limit"))) == ["parameter-moved"]


def test_what_moved_says_where_it_stands_now() -> None:
    (change,) = changes(_taking(_named("limit")), _taking(_named("limit", "header")))
    assert change.where == "query limit"
    assert change.message == "stands in a header field now"


def test_a_style_that_is_the_default_is_no_other() -> None:
    said = _named("limit", style="form", explode=True, required=False)
    assert not kinds(_taking(_named("limit")), _taking(said))


def test_a_parameter_may_hold_a_media_type() -> None:
    content = {"content": {"application/json": {"schema": {"type": "integer"}}}}
    old = _taking({"name": "filter", "in": "query", **content})
    assert kinds(old, _taking(_named("filter", schema={"type": "integer"}))) == [
        "parameter-restyled"
    ]


def test_what_many_refer_to_is_told_once() -> None:
    def shop(limit: dict[str, Any]) -> dict[str, Any]:
        reference = {"$ref": "#/components/parameters/Limit"}
        paths = {"/things": {m: operation(parameters=[reference]) for m in ("get", "put")}}
        return document(paths=paths, components={"parameters": {"Limit": limit}})

    (change,) = changes(shop(_named("limit")), shop(_named("limit", required=True)))
    assert change.operations == ("GET /things", "PUT /things")
    assert change.new == ("components", "parameters", "Limit")


def test_the_items_of_a_list_in_a_query_are_text_too() -> None:
    def listing(kind: str) -> dict[str, Any]:
        return _taking(_named("ids", schema={"type": "array", "items": {"type": kind}}))

    assert kinds(listing("integer"), listing("string")) == ["request-type-widened"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "integer"}, {"type": "string", "pattern": "^[a-z]+$"}),
        ({"type": "integer"}, {"type": "string", "minLength": 5}),
        ({"type": "integer"}, {"type": "string", "format": "uuid"}),
        ({"type": "boolean"}, {"type": "string", "maxLength": 2}),
        ({"type": "array", "items": _TEXT}, _TEXT),
        ({"type": "object", "properties": {"a": _TEXT}}, _TEXT),
    ],
)
def test_not_every_text_is_any_number(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = (_taking(_named("it", schema=schema)) for schema in (old, new))
    assert kinds(before, after) == ["request-type-changed"]


@pytest.mark.parametrize("kind", ["integer", "number", "boolean"])
def test_any_text_takes_numbers(kind: str) -> None:
    before, after = _taking(_named("it", schema={"type": kind})), _taking(_named("it"))
    assert kinds(before, after) == ["request-type-widened"]
    assert kinds(after, before) == ["request-type-narrowed"]


def test_a_text_of_which_more_is_asked_is_of_the_same_type() -> None:
    narrower = _named("it", schema={**_TEXT, "pattern": "^a"})
    assert kinds(_taking(_named("it")), _taking(narrower)) == ["request-pattern-added"]


def test_what_has_no_schema_is_any_text() -> None:
    assert not kinds(_taking(_named("it", schema={})), _taking(_named("it")))


def test_explode_means_something_of_lists_only() -> None:
    def exploded(schema: Any) -> list[dict[str, Any]]:
        return [_taking(_named("it", schema=schema, explode=e)) for e in (True, False)]

    assert not kinds(*exploded(_TEXT))
    assert kinds(*exploded({"type": "array", "items": _TEXT})) == ["parameter-restyled"]


def test_an_empty_value_is_let_through_where_it_was_allowed_only() -> None:
    allowed = _named("it", allowEmptyValue=True)
    assert kinds(_taking(allowed), _taking(_named("it"))) == ["empty-value-refused"]


@pytest.mark.parametrize("location", ["header", "cookie"])
def test_only_in_a_query_is_one_that_is_gone_refused(location: str) -> None:
    (change,) = changes(_taking(_named("X-A", location)), _taking())
    assert change.verdict is Verdict.RISKY
    (change,) = changes(_taking(_named("X-A")), _taking())
    assert change.verdict is Verdict.BREAKING


@pytest.mark.parametrize("name", ["Accept", "Content-Type", "authorization"])
def test_some_header_fields_are_no_parameters(name: str) -> None:
    assert not kinds(_taking(), _taking(_named(name, "header", required=True)))
