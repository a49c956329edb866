"""Whether a file is read is known before any of it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.source.readable import LARGEST_FILE, content_of


def test_a_file_is_read_up_to_the_largest_size(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"x" * LARGEST_FILE)
    assert content_of(file, "a.yaml") == b"x" * LARGEST_FILE
    file.write_bytes(b"x" * (LARGEST_FILE + 1))
    assert str(content_of(file, "b.yaml")) == (
        "b.yaml:1:1: error[FC002 unreadable-file] this file has 32 MB, and 32 MB is the most"
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("pipe", "this is not a file"),
        ("device", "this is not a file"),
        ("folder", "this is a folder, and no file"),
    ],
)
def test_what_may_have_no_end_is_not_opened(tmp_path: Path, name: str, says: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    assert says in str(content_of(tmp_path / name, "a.yaml"))


def test_what_is_not_there_is_an_error_of_the_world(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        content_of(tmp_path / "none.yaml", "none.yaml")
