"""Snapshots on disk: whole or not at all, switched by one rename."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.edge.snapshots import SnapshotFolder, write_folder

FILES = {"listeners.json": b"{}", "routes.json": b"[]"}


@pytest.fixture
def folder(tmp_path: Path) -> SnapshotFolder:
    return SnapshotFolder(tmp_path)


def names_in(path: Path) -> list[str]:
    return sorted(p.name for p in path.iterdir())


def test_nothing_is_served_before_the_first(folder: SnapshotFolder) -> None:
    assert folder.current() is None


def test_serves_what_was_written(folder: SnapshotFolder, tmp_path: Path) -> None:
    folder.write("one", FILES)
    folder.publish("one")
    assert folder.current() == "one"
    assert folder.read("one") == FILES
    assert (tmp_path / "current" / "routes.json").read_bytes() == b"[]"


def test_writing_publishes_nothing(folder: SnapshotFolder) -> None:
    folder.write("one", FILES)
    assert folder.current() is None


def test_a_snapshot_is_never_written_twice(folder: SnapshotFolder) -> None:
    folder.write("one", FILES)
    folder.write("one", {"other.json": b""})
    assert folder.read("one") == FILES


def test_publishing_replaces_the_link_in_one_step(folder: SnapshotFolder, tmp_path: Path) -> None:
    """Whoever opened the folder before goes on reading the old one."""
    for name in ("one", "two"):
        folder.write(name, {"which": name.encode()})
    folder.publish("one")
    held = os.open(tmp_path / "current", os.O_RDONLY)
    folder.publish("two")
    inside = os.open("which", os.O_RDONLY, dir_fd=held)
    assert os.read(inside, 10) == b"one"
    os.close(inside)
    os.close(held)
    assert (tmp_path / "current" / "which").read_bytes() == b"two"
    assert [n for n in names_in(tmp_path) if n.startswith(".current")] == []


def test_the_link_stays_valid_when_the_state_folder_moves(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path / "a")
    (tmp_path / "a").mkdir()
    folder.write("one", FILES)
    folder.publish("one")
    (tmp_path / "a").rename(tmp_path / "b")
    assert (tmp_path / "b" / "current" / "routes.json").read_bytes() == b"[]"


def test_refuses_to_serve_what_is_not_there(folder: SnapshotFolder) -> None:
    folder.write("one", FILES)
    folder.publish("one")
    with pytest.raises(FileNotFoundError):
        folder.publish("two")
    assert folder.current() == "one"


def test_leaves_nothing_half_written(folder: SnapshotFolder, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no/such"):
        folder.write("one", {"a.json": b"{}", "no/such/folder.json": b"{}"})
    assert names_in(tmp_path / "snapshots") == []


def test_takes_the_place_of_a_link_that_was_left_half_made(
    folder: SnapshotFolder, tmp_path: Path
) -> None:
    folder.write("one", FILES)
    (tmp_path / f".current-{os.getpid()}").symlink_to("nowhere")
    folder.publish("one")
    assert folder.current() == "one"


def test_keeps_the_newest_and_the_one_that_is_served(
    folder: SnapshotFolder, tmp_path: Path
) -> None:
    for number in range(5):
        path = folder.write(str(number), FILES)
        os.utime(path, (number, number))
    folder.publish("0")
    folder.prune(2)
    assert names_in(tmp_path / "snapshots") == ["0", "3", "4"]


def test_there_is_nothing_to_prune_before_the_first(folder: SnapshotFolder) -> None:
    folder.prune(1)


def test_writes_a_folder_of_its_own_choosing_once(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", FILES)
    assert names_in(tmp_path / "out") == sorted(FILES)
    with pytest.raises(OSError, match="out"):
        write_folder(tmp_path / "out", {"b": b""})
    assert names_in(tmp_path) == ["out"]
