"""The tables of documents say what reading them gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.documents import measured, tables
from tests.contract.real import DATA, with_data
from tests.docs.pages import page

# One row after the other: the document, then cells as the heads of the columns say.
Row = list[str]


def _rows(name: str) -> list[Row]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page(name).splitlines()
        if line.startswith("| `")
    ]


_DOCUMENTS, _COLLECTIONS = _rows("docs/documents.md"), _rows("docs/collections.md")


def _document(row: Row) -> str:
    return row[0].partition("`,")[0].strip("`")


def _collection(row: Row) -> str:
    return row[0].strip("`").partition("/")[0]


def _is_true(row: Row) -> None:
    found = measured(DATA, [_document(row)])
    counts = [found.get(key, 0) for key in ("operations", "served", "left_out", "warnings")]
    assert [int(cell.replace(",", "")) for cell in row[2:6]] == counts, row[0]
    assert [reason for reason in found["reasons"] if reason not in row[8]] == [], row[0]


@with_data
def test_every_document_has_a_row() -> None:
    documents, collections = tables(DATA)
    assert list(map(_document, _DOCUMENTS)) == documents
    assert list(map(_document, _COLLECTIONS)) == collections


def test_what_is_not_served_is_left_out() -> None:
    for row in (*_DOCUMENTS, *_COLLECTIONS):
        operations, served, left_out = (int(cell.replace(",", "")) for cell in row[2:5])
        assert operations == served + left_out, row[0]
        assert left_out == 0 or row[8], row[0]


@with_data
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("row", _DOCUMENTS, ids=_document)
def test_a_row_is_true(row: Row) -> None:
    _is_true(row)


@with_data
@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("collection", sorted(set(map(_collection, _COLLECTIONS))))
def test_the_rows_of_a_collection_are_true(collection: str) -> None:
    for row in _COLLECTIONS:
        if _collection(row) == collection:
            _is_true(row)


def test_the_command_of_the_page_is_there() -> None:
    assert (Path(__file__).parents[2] / "bench" / "documents.py").is_file()
    assert "`python -m bench.documents FOLDER`" in page("docs/documents.md")
