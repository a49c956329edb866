"""What one side leaves out is no change: it was not compared, and is told as that."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from forecourt.actions.compare_contracts import Compared, compare_contracts
from forecourt.actions.edition import Edition, read_edition
from tests.contract.comparison.documents import document, operation

_LOST = operation(responses={"200": {"$ref": "#/components/responses/Lost"}})


def _edition(paths: dict[str, Any], revision: str) -> Edition:
    files = {"a.json": json.dumps(document(paths=paths), indent=1)}
    edition = read_edition("shop", "a.json", files.get, revision=revision)
    assert isinstance(edition, Edition)
    return edition


def _compared(old: dict[str, Any], new: dict[str, Any]) -> Compared:
    return compare_contracts(_edition(old, "HEAD"), _edition(new, ""), today=date(2026, 1, 15))


def _kinds(compared: Compared) -> list[str]:
    return [located.change.kind.id for located in compared.changes]


def test_what_neither_side_leaves_out_is_compared() -> None:
    same = {"/things": {"get": operation()}}
    compared = _compared(same, same)
    assert compared.not_compared == ()
    assert compared.is_clear


def test_what_both_leave_out_is_named_for_each_with_its_place_and_the_reason() -> None:
    lost = {"/things": {"get": _LOST}}
    compared = _compared(lost, lost)
    assert compared.changes == ()
    assert not compared.is_clear
    assert [(e.side, e.operation, e.span.path) for e in compared.not_compared] == [
        ("old", "GET /things", "HEAD:a.json"),
        ("new", "GET /things", "a.json"),
    ]
    assert all("Lost" in each.reason and each.span.line > 1 for each in compared.not_compared)


def test_what_was_left_out_before_is_not_new() -> None:
    old = {"/things/{a}": {"get": _LOST}}
    new = {"/things/{b}": {"get": operation(), "put": operation()}}
    compared = _compared(old, new)
    assert [located.change.operations for located in compared.changes] == [("PUT /things/{b}",)]
    assert not compared.is_clear


def test_nothing_is_new_on_a_path_that_was_left_out() -> None:
    compared = _compared({"/things": {"$ref": "lost.json"}}, {"/things": {"get": operation()}})
    assert _kinds(compared) == []
    assert [each.operation for each in compared.not_compared] == ["* /things"]
    assert "is not there, or is not read" in compared.not_compared[0].reason


def test_what_is_left_out_now_breaks_besides() -> None:
    compared = _compared({"/things": {"get": operation()}}, {"/things": {"get": _LOST}})
    assert _kinds(compared) == ["operation-left-out"]
    assert [each.side for each in compared.not_compared] == ["new"]
