"""A file is replaced in one step."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from forecourt.edge.replacing import replace_file


def test_who_reads_goes_on_reading_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a"
    replace_file(path, b"old")
    with path.open("rb") as reading:
        replace_file(path, b"new")
        assert reading.read() == b"old"
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_has_its_mode_whatever_was_there(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o666)
    before = os.umask(0o022)
    try:
        replace_file(path, b"new", mode)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_takes_the_place_of_one_that_was_left_half_written(tmp_path: Path) -> None:
    (tmp_path / ".a.new").write_text("half")
    replace_file(tmp_path / "a", b"whole")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_leaves_the_old_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "none" / "a", b"new")
