from __future__ import annotations

from typing import Any

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
