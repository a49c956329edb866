"""Each folder of `cases` is a claim: an estate, and the snapshot that it becomes.

A file that reads as in `nothing_but_listeners` stands there only.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.snapshot import Snapshot
from forecourt.edge.material import MaterialFolder
from forecourt.edge.validation import validate
from forecourt.server.materials import material_of
from forecourt.source.estate import read_estate
from tests.compiler.builders import a_snapshot, lowered
from tests.compiler.pretty import pretty

CASES = Path(__file__).parent / "cases"
LEAST = CASES / "nothing_but_listeners"

each_case = pytest.mark.parametrize(
    "case", sorted(path for path in CASES.iterdir() if path.is_dir()), ids=lambda case: case.name
)


def compiled(case: Path) -> tuple[Edge, Snapshot]:
    root = case / "estate"
    files: dict[str, str | bytes] = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }
    estate, diagnostics = read_estate(files, None)
    assert diagnostics == ()
    edge = lowered(estate)
    return edge, a_snapshot(edge, *(issuer.name for issuer in edge.callers.issuers))


def shown(case: Path) -> dict[str, str]:
    """The files of a case's snapshot that say more than the least does."""
    found = {name: pretty(json.loads(text)) for name, text in compiled(case)[1].files.items()}
    if case == LEAST:
        return found
    return dict(found.items() - shown(LEAST).items())


@each_case
def test_becomes(case: Path, update_golden: bool) -> None:
    files, folder = shown(case), case / "snapshot"
    if update_golden:
        folder.mkdir(exist_ok=True)
        for stale in {path.name for path in folder.iterdir()} - files.keys():
            (folder / stale).unlink()
        for name, text in files.items():
            (folder / name).write_text(text)
    assert {path.name: path.read_text() for path in folder.iterdir()} == files


@each_case
@pytest.mark.end_to_end
def test_envoy_takes(case: Path, tmp_path: Path) -> None:
    edge, made = compiled(case)
    material = MaterialFolder(tmp_path)
    material.make_folders()
    material.provide(material_of(edge, case / "estate"), datetime.now(UTC))
    validate(made.files, tmp_path)
