"""The table of documents says what reading them gives."""

from __future__ import annotations

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


def _number(cell: str) -> int:
    return int(cell.replace(",", ""))


@with_data
def test_every_document_has_a_row() -> None:
    assert [row[0].partition("`,")[0].strip("`") for row in _TABLE] == [
        name.partition("`,")[0].strip("`") for name, _ in rows(DATA)
    ]


@with_data
@pytest.mark.slow
def test_every_row_is_true() -> None:
    wrong: list[str] = []
    for row, (_, documents) in zip(_TABLE, rows(DATA), strict=True):
        found = measured(DATA, documents)
        counts = [found.get(key, 0) for key in ("operations", "left_out", "warnings")]
        if [_number(cell) for cell in row[2:5]] != counts:
            wrong.append(f"{row[0]}: {counts}")
        assert all(reason.partition(" ")[0] in row[7] for reason in found["reasons"]), row
    assert wrong == []


def test_the_command_of_the_page_is_there() -> None:
    assert (Path(__file__).parents[2] / "bench" / "documents.py").is_file()
    assert "`python -m bench.documents FOLDER`" in page("docs/documents.md")
