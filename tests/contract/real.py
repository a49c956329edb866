"""Documents that others publish, where there is a folder of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.diagnostics import Diagnostic

# A folder of real documents, beside the checkout unless the environment says where.
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("FORECOURT_TEST_DATA", BESIDE))
FOLDERS = sorted(p.name for p in DATA.iterdir() if p.is_dir()) if DATA.is_dir() else []

with_data = pytest.mark.skipif(
    not FOLDERS, reason="no folder of real documents; FORECOURT_TEST_DATA names one"
)


def other(path: str) -> str | None:
    """What a document may refer to."""
    file = DATA / path
    if file.suffix not in {".json", ".yaml", ".yml"} or not file.is_file():
        return None
    return file.read_text(encoding="utf-8", errors="replace")


def read(path: Path) -> tuple[Contract | None, tuple[Diagnostic, ...]]:
    """A file of the folder, and what its references lead to."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return read_contract(text, path.relative_to(DATA).as_posix(), other)
