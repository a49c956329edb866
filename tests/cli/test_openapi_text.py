"""A document that is printed reads back as the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.cli.openapi_text import json_text, yaml_text
from forecourt.contract.written import read_document

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def read(text: str, path: str) -> Any:
    document, found = read_document(text, path)
    assert document is not None
    assert found == ()
    return document.root


@given(VALUES)
def test_yaml_reads_back(value: Any) -> None:
    assert read(yaml_text({"a": value}), "a.yaml") == {"a": value}


@given(VALUES)
def test_json_reads_back(value: Any) -> None:
    assert read(json_text({"a": value}), "a.json") == {"a": value}


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "on",
        "1e3",
        "0o17",
        "0x1f",
        "1.10",
        "2024-01-01",
        "~",
        "",
        "- a",
        "a: b",
        "a\nb\n",
        "#",
    ],
)
def test_a_text_stays_a_text(text: str) -> None:
    assert read(yaml_text({"a": text}), "a.yaml") == {"a": text}


@pytest.mark.parametrize("number", ["1.10", "12345678901234567890.5", "1E+30"])
def test_a_number_stays_as_it_was_written(number: str) -> None:
    assert read(yaml_text({"a": Decimal(number)}), "a.yaml") == {"a": Decimal(number)}
    assert read(json_text({"a": Decimal(number)}), "a.json") == {"a": Decimal(number)}


def test_a_text_of_several_lines_is_a_block() -> None:
    assert yaml_text({"a": "one\ntwo\n"}) == "a: |\n  one\n  two\n"


def test_equal_values_are_written_out() -> None:
    shared = {"b": 1}
    assert yaml_text({"x": shared, "y": shared}) == "x:\n  b: 1\ny:\n  b: 1\n"
