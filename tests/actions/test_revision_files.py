from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from forecourt.actions.revision_files import NoRevision, RevisionFiles, located_in


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Two revisions; only the first has `apis/old.yaml`."""
    (tmp_path / "apis").mkdir()
    (tmp_path / "apis" / "old.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "secret.pem").write_text("-", encoding="utf-8")
    _git(tmp_path, "init", "--quiet")
    _commit(tmp_path)
    (tmp_path / "apis" / "old.yaml").rename(tmp_path / "apis" / "new.yaml")
    _commit(tmp_path)
    return tmp_path


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    who = ("-c", "user.name=A", "-c", "user.email=a@b.example")
    _git(folder, *who, "commit", "--quiet", "--message", "a")


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def test_reads_what_was_there(checkout: Path) -> None:
    files = RevisionFiles(root=checkout / "apis", revision="HEAD~1")
    assert files.read("old.yaml") == b"a: 1\n"
    assert files.read("new.yaml") is None


def test_reads_nothing_that_is_no_document(checkout: Path) -> None:
    assert RevisionFiles(root=checkout, revision="HEAD").read("secret.pem") is None


def test_finds_a_file_from_the_root_or_from_here(checkout: Path) -> None:
    old = checkout.resolve() / "apis" / "old.yaml"
    assert located_in("HEAD~1", "apis/old.yaml", checkout) == old
    assert located_in("HEAD~1", "apis/old.yaml", checkout / "apis") == old
    assert located_in("HEAD~1", "old.yaml", checkout / "apis") == old
    assert located_in("HEAD~1", "./old.yaml", checkout / "apis") == old


@pytest.mark.parametrize(
    ("revision", "path"),
    [("HEAD", "apis/old.yaml"), ("HEAD~1", "./old.yaml"), ("none", "a.yaml"), ("--all", "a.yaml")],
)
def test_says_what_is_not_there(checkout: Path, revision: str, path: str) -> None:
    with pytest.raises(NoRevision) as none:
        located_in(revision, path, checkout)
    assert none.value.because
