"""The table of documents says what reading them gives."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bench.documents import measured, rows
from tests.contract.real import DATA, with_data
from tests.docs.pages import page

_TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in page("docs/documents.md").splitlines()
    if line.startswith("| `")
]


@cache
def _documents() -> dict[str, list[str]]:
    """The documents of each row, by what it begins with."""
    return {name.partition("`,")[0].removesuffix("`"): found for name, found in rows(DATA)}


def _number(cell: str) -> int:
    return int(cell.replace(",", ""))


@with_data
def test_every_document_has_a_row() -> None:
    assert [row[0].partition("`,")[0].strip("`") for row in _TABLE] == [
        name.partition("`,")[0].strip("`") for name, _ in rows(DATA)
    ]


@with_data
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("row", _TABLE, ids=lambda row: row[0].partition("`,")[0].strip("`"))
def test_a_row_is_true(row: list[str]) -> None:
    found = measured(DATA, _documents()[row[0].partition("`,")[0].removesuffix("`")])
    counts = [found.get(key, 0) for key in ("operations", "left_out", "warnings")]
    assert [_number(cell) for cell in row[2:5]] == counts
    assert [reason for reason in found["reasons"] if reason not in row[7]] == []


def test_the_command_of_the_page_is_there() -> None:
    assert (Path(__file__).parents[2] / "bench" / "documents.py").is_file()
    assert "`python -m bench.documents FOLDER`" in page("docs/documents.md")
