from __future__ import annotations

from typing import Any

import pytest

from tests.contract.said import said_of_operation

TEXT = {"schema": {"type": "string"}}


def said_of(**parameter: Any) -> list[str]:
    return said_of_operation(parameters=[{"name": "q", "in": "query", **parameter}])


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ({}, "a parameter has neither `schema` nor `content`, so any text is taken"),
        ({"content": {}}, "a parameter has neither `schema` nor `content`, so any text is taken"),
        (
            {**TEXT, "content": {"text/plain": {}}},
            "a parameter has `schema` and `content`, of which `content` counts",
        ),
        (
            {"content": {"text/plain": {}, "application/json": {}}},
            "`content` of a parameter has several media types, of which the first counts",
        ),
        (
            {**TEXT, "style": "matrix"},
            "`style` is `matrix`, which means nothing in the query; `form` counts",
        ),
        (
            {**TEXT, "in": "header", "style": "form"},
            "`style` is `form`, which means nothing in the header; `simple` counts",
        ),
        (
            {**TEXT, "example": "a", "examples": {"b": {"value": "b"}}},
            "`example` and `examples` stand side by side, which OpenAPI does not allow",
        ),
        (
            {"content": {"json": TEXT}},
            "`json` is no media type, so no body is of it",
        ),
    ],
    ids=str,
)
def test_says_what_counts(parameter: dict[str, Any], said: str) -> None:
    assert said_of(**parameter) == [f"FC115 {said}"]


@pytest.mark.parametrize(
    "parameter",
    [
        TEXT,
        {"content": {"application/json": {}}},
        {**TEXT, "style": "deepObject"},
        {**TEXT, "examples": {}},
    ],
    ids=str,
)
def test_says_nothing_of_what_is_right(parameter: dict[str, Any]) -> None:
    assert said_of(**parameter) == []


def test_a_header_of_an_answer_is_looked_at_too() -> None:
    headers = {"X-A": {}, "X-B": {**TEXT, "style": "form"}}
    assert said_of_operation(responses={"200": {"description": "", "headers": headers}}) == [
        "FC115 a header has neither `schema` nor `content`, so any text is taken",
        "FC115 `style` is `form`, which means nothing in the header; `simple` counts",
    ]
