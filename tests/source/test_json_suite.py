"""The parsing tests of a public JSON test suite: `y_` must be read, `n_` must be refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.source.text import decode
from forecourt.source.tree import parse

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("FORECOURT_TEST_DATA", BESIDE))
CASES = sorted((DATA / "json-test-suite" / "test_parsing").glob("*.json"))

pytestmark = pytest.mark.skipif(
    not CASES, reason="no folder of real documents; FORECOURT_TEST_DATA names one"
)

# Read by others: a key written twice is an error here.
STRICTER = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}
# Refused by others: an empty file is empty here, as in YAML.
LAXER = {"n_single_space.json", "n_structure_no_data.json", "n_structure_UTF8_BOM_no_data.json"}


def is_read(case: Path) -> bool:
    text, diagnostics = decode(case.read_bytes(), case.name)
    if text is not None:
        _, diagnostics = parse(text, case.name)
    return diagnostics == ()


@pytest.mark.parametrize("document", CASES, ids=lambda path: path.stem)
def test_the_suite_and_the_reader_agree(document: Path) -> None:
    was_read = is_read(document)  # of those that begin with `i_`, either is right
    if document.name.startswith("y_"):
        assert was_read is (document.name not in STRICTER)
    if document.name.startswith("n_"):
        assert was_read is (document.name in LAXER)
