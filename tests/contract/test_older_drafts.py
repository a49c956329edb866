"""What older drafts of JSON Schema said in other words."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.older_drafts import modern


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"items": [{}], "additionalItems": False}, {"prefixItems": [{}], "items": False}),
        ({"items": {}, "additionalItems": False}, {"items": {}}),
        ({"additionalItems": False}, {}),
        (
            {"dependencies": {"a": ["b"], "c": {"required": ["d"]}, "e": False}},
            {
                "dependentRequired": {"a": ["b"]},
                "dependentSchemas": {"c": {"required": ["d"]}, "e": False},
            },
        ),
        ({"dependencies": {"a": ["b"]}, "dependentRequired": {}}, {"dependentRequired": {}}),
        ({"minLength": 1}, {"minLength": 1}),
    ],
    ids=str,
)
def test_says(schema: Any, said: Any) -> None:
    assert {keyword: value for _, keyword, value in modern(schema)} == said


def test_names_the_keyword_as_it_is_written() -> None:
    schema: Any = {"items": [], "dependencies": {"a": []}}
    assert [written for written, _, _ in modern(schema)] == ["items", "dependencies"]
