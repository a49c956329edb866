from __future__ import annotations

from typing import Any

from tests.contract.comparison.documents import changes, document, kinds, operation

_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}


def _at(path: str, *names: str) -> dict[str, Any]:
    parameters = [{**_ID, "name": name} for name in names]
    return document(paths={path: {"get": operation(parameters=parameters)}})


def test_a_path_is_the_same_whatever_its_parameters_are_called() -> None:
    old, new = _at("/a/{one}/b/{two}", "one", "two"), _at("/a/{x}/b/{two}", "x", "two")
    (change,) = changes(old, new)
    assert change.kind.id == "path-parameter-renamed"
    assert change.where == "path one"


def test_another_path_is_another_operation() -> None:
    assert kinds(_at("/a/{one}", "one"), _at("/a/{one}/b", "one")) == [
        "operation-removed",
        "operation-added",
    ]


def test_an_operation_that_cannot_be_told_any_more_says_why() -> None:
    lost = document(
        paths={
            "/things": {"get": operation(parameters=[{"$ref": "#/nowhere"}]), "put": operation()}
        }
    )
    old = document(paths={"/things": {"get": operation(), "put": operation()}})
    (change,) = changes(old, lost)
    assert change.kind.id == "operation-left-out"
    assert change.message.startswith("not served any more: ")


def test_what_is_gone_points_at_its_path_where_that_is_left() -> None:
    both = document(paths={"/things": {"get": operation(), "put": operation()}})
    one = document(paths={"/things": {"get": operation()}})
    (change,) = changes(both, one)
    assert change.old == ("paths", "/things", "put")
    assert change.new == ("paths", "/things")
