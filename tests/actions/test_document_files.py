from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.actions.document_files import DocumentFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.yaml").write_text("secret: 1")
    inside = tmp_path / "inside"
    (inside / ".hidden").mkdir(parents=True)
    (inside / "folder.yaml").mkdir()
    (inside / "a.yaml").write_text("a: 1")
    (inside / ".hidden" / "a.yaml").write_text("a: 1")
    (inside / "key.pem").write_text("key")
    (inside / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (inside / "in.yaml").symlink_to(inside / "a.yaml")
    return inside


def test_reads_and_remembers(folder: Path) -> None:
    files = DocumentFiles(folder)
    assert files.read("a.yaml") == b"a: 1"
    assert files.read("in.yaml") == b"a: 1"
    assert files.contents == {"a.yaml": b"a: 1", "in.yaml": b"a: 1"}


@pytest.mark.parametrize(
    "path",
    [
        "none.yaml",
        "folder.yaml",
        "key.pem",
        ".hidden/a.yaml",
        "out.yaml",
        "../secret.yaml",
        "a\0.yaml",
        f"{'a' * 300}.yaml",
    ],
)
def test_has_nothing_at(folder: Path, path: str) -> None:
    files = DocumentFiles(folder)
    assert files.read(path) is None
    assert files.contents == {}


def test_has_no_file_that_is_too_large(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forecourt.source.readable.LARGEST_FILE", 3)
    files = DocumentFiles(folder)
    assert files.read("a.yaml") is None
    assert [d.span.path for d in files.mistakes] == ["a.yaml"]


def test_neither_waits_for_a_pipe_nor_goes_round_with_links(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    (folder / "round.yaml").symlink_to("round.yaml")
    files = DocumentFiles(folder)
    assert files.read("pipe.yaml") is None
    assert files.read("round.yaml") is None
    assert [str(d.span) for d in files.mistakes] == ["pipe.yaml:1:1"]
