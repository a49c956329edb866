from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from forecourt.actions.git_revision import NoRevision, revision_of
from forecourt.actions.revision_files import RevisionFiles, located_in


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
    files = RevisionFiles(root=checkout / "apis", revision=revision_of("HEAD~1", checkout))
    assert files.read("old.yaml") == b"a: 1\n"
    assert files.read("new.yaml") is None


def test_reads_nothing_that_is_no_document(checkout: Path) -> None:
    files = RevisionFiles(root=checkout, revision=revision_of("HEAD", checkout))
    assert files.read("secret.pem") is None


def test_takes_nothing_out_of_git_that_is_too_large(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forecourt.actions.revision_files.LARGEST_FILE", 4)
    revision = revision_of("HEAD~1", checkout)
    assert RevisionFiles(root=checkout / "apis", revision=revision).read("old.yaml") is None
    monkeypatch.setattr("forecourt.actions.revision_files.LARGEST_FILE", 5)
    assert RevisionFiles(root=checkout / "apis", revision=revision).read("old.yaml") == b"a: 1\n"


def test_finds_a_file_from_the_root_or_from_here(checkout: Path) -> None:
    old = checkout.resolve() / "apis" / "old.yaml"
    before = revision_of("HEAD~1", checkout)
    assert located_in(before, "apis/old.yaml", checkout) == old
    assert located_in(before, "apis/old.yaml", checkout / "apis") == old
    assert located_in(before, "old.yaml", checkout / "apis") == old
    assert located_in(before, "./old.yaml", checkout / "apis") == old


@pytest.mark.parametrize(
    ("revision", "path"),
    [("HEAD", "apis/old.yaml"), ("HEAD~1", "./old.yaml"), ("none", "a.yaml"), ("--all", "a.yaml")],
)
def test_says_what_is_not_there(checkout: Path, revision: str, path: str) -> None:
    with pytest.raises(NoRevision) as none:
        located_in(revision_of(revision, checkout), path, checkout)
    assert none.value.because


@pytest.fixture
def linked(checkout: Path) -> Path:
    """In the first of two revisions `now.yaml` led to `apis/new.yaml`, in the second elsewhere."""
    (checkout / "now.yaml").symlink_to("apis/new.yaml")
    (checkout / "folder").symlink_to("apis")
    (checkout / "circle.yaml").symlink_to("circle.yaml")
    (checkout / "out.yaml").symlink_to("../out.yaml")
    (checkout / "rooted.yaml").symlink_to("/etc/hosts.yaml")
    (checkout / "apis" / "up.yaml").symlink_to("../other.yaml")
    (checkout / "other.yaml").write_text("a: 2\n", encoding="utf-8")
    _commit(checkout)
    (checkout / "now.yaml").unlink()
    (checkout / "now.yaml").symlink_to("other.yaml")
    _commit(checkout)
    return checkout.resolve()


def test_follows_a_link_of_the_revision_whatever_the_working_tree_has(linked: Path) -> None:
    (linked / "now.yaml").unlink()
    (linked / "now.yaml").symlink_to("secret.pem")
    found = [
        located_in(revision_of(name, linked), "now.yaml", linked) for name in ("HEAD~1", "HEAD")
    ]
    assert found == [linked / "apis" / "new.yaml", linked / "other.yaml"]


def test_takes_a_path_as_it_is_written_whatever_the_working_tree_has(linked: Path) -> None:
    (linked / "other.yaml").unlink()
    (linked / "other.yaml").symlink_to("apis/new.yaml")
    head = revision_of("HEAD", linked)
    assert located_in(head, "other.yaml", linked) == linked / "other.yaml"
    assert located_in(head, "./folder/../other.yaml", linked) == linked / "other.yaml"
    assert RevisionFiles(root=linked, revision=head).read("other.yaml") == b"a: 2\n"


def test_follows_links_of_folders_and_of_what_is_referred_to(linked: Path) -> None:
    head = revision_of("HEAD", linked)
    assert located_in(head, "folder/new.yaml", linked) == linked / "apis" / "new.yaml"
    files = RevisionFiles(root=linked, revision=head)
    assert files.read("folder/new.yaml") == b"a: 1\n"
    assert files.read("apis/up.yaml") == b"a: 2\n"


def test_follows_no_link_out_of_the_folder(linked: Path) -> None:
    files = RevisionFiles(root=linked / "apis", revision=revision_of("HEAD", linked))
    assert files.read("new.yaml") == b"a: 1\n"
    assert files.read("up.yaml") is None


@pytest.mark.parametrize("path", ["circle.yaml", "out.yaml", "rooted.yaml"])
def test_follows_no_link_for_ever_and_none_out_of_the_checkout(linked: Path, path: str) -> None:
    with pytest.raises(NoRevision) as none:
        located_in(revision_of("HEAD", linked), path, linked)
    assert "is a link that leads to nothing in the checkout" in none.value.because
