"""Every line is read once, past renames, cuts and restarts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.edge.log_tail import Read, read_on


def lines(read: Read | None) -> list[bytes]:
    assert read is not None
    return list(read.lines)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


def test_there_may_be_no_log_yet(log: Path) -> None:
    assert read_on(log, None, 0) is None


def test_reads_on_where_it_stopped_and_only_whole_lines(log: Path) -> None:
    log.write_bytes(b"one\ntwo\nthr")
    read = read_on(log, None, 0)
    assert lines(read) == [b"one", b"two"]
    assert read is not None
    with log.open("ab") as opened:
        opened.write(b"ee\n")
    more = read_on(log, read.file, read.offset)
    assert lines(more) == [b"three"]
    assert more is not None
    assert lines(read_on(log, more.file, more.offset)) == []


def test_reads_a_renamed_file_to_its_end_before_the_new_one(log: Path) -> None:
    log.write_bytes(b"one\ntwo\n")
    first = read_on(log, None, 0)
    assert first is not None
    with log.open("ab") as opened:
        opened.write(b"three\n")
    log.rename(log.with_name("access.log.1"))
    log.write_bytes(b"four\n")
    rest = read_on(log, first.file, first.offset)
    assert lines(rest) == [b"three"]
    assert rest is not None
    new = read_on(log, rest.file, rest.offset)
    assert lines(new) == [b"four"]
    assert new is not None
    assert new.file != first.file


def test_reads_every_file_that_was_renamed_while_nobody_read(log: Path) -> None:
    def renames(old: str, new: str, written: float) -> None:
        path = log.with_name(old).rename(log.with_name(new))
        os.utime(path, (written, written))

    log.write_bytes(b"one\n")
    log.with_name("access.log.7").write_bytes(b"long ago\n")
    renames("access.log.7", "access.log.8", 1_000)
    read = read_on(log, None, 0)
    renames("access.log", "access.log.2", 2_000)
    log.write_bytes(b"two\n")
    renames("access.log", "access.log.1", 3_000)
    log.with_name("access.log.bak").write_bytes(b"a copy\n")
    log.with_name("access.log.1.gz").write_bytes(b"packed\n")
    log.write_bytes(b"three\n")
    found = []
    while read is not None and read.lines:
        found += read.lines
        read = read_on(log, read.file, read.offset)
    assert found == [b"one", b"two", b"three"]


@pytest.mark.parametrize("what", ["gone", "cut"])
def test_begins_anew_where_the_file_is(log: Path, what: str) -> None:
    log.write_bytes(b"one\ntwo\n")
    first = read_on(log, None, 0)
    assert first is not None
    if what == "gone":
        log.rename(log.with_name("elsewhere"))
    log.write_bytes(b"three\n")
    assert lines(read_on(log, first.file, first.offset)) == [b"three"]


def test_a_large_log_comes_in_pieces_and_whole(log: Path) -> None:
    written = [b"%06d" % i + b"x" * 200 for i in range(12_000)]
    log.write_bytes(b"".join(line + b"\n" for line in written))
    found: list[bytes] = []
    file, offset, pieces = None, 0, 0
    while (read := read_on(log, file, offset)) is not None and read.lines:
        found += read.lines
        file, offset, pieces = read.file, read.offset, pieces + 1
    assert found == written
    assert pieces > 1
