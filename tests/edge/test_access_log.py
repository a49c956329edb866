"""Finding a request in the access log, however large it is and wherever it was renamed to."""

from __future__ import annotations

import gzip
import os
from itertools import count
from pathlib import Path

import pytest

from forecourt.edge.access_log import NotLogged, find_request
from forecourt.edge.logged_request import LoggedRequest
from tests.edge.logged import a_line


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


def find(log: Path, request_id: str) -> LoggedRequest | NotLogged:
    return find_request(log, request_id, clock=lambda: 0.0)


# --- a log ----------------------------------------------------------------------------------------


def test_finds_a_request_wherever_it_stands(log: Path) -> None:
    lines = [a_line(request_id=f"id-{n}", path="/" + "x" * (n % 700)) for n in range(9000)]
    log.write_bytes(b"".join(lines))
    assert log.stat().st_size > 4 * 1024 * 1024
    for number in (0, 1, 2047, 4500, 8998, 8999):
        found = find(log, f"id-{number}")
        assert isinstance(found, LoggedRequest)
        assert found.request_id == f"id-{number}"


def test_a_line_longer_than_any_other_is_read_whole(log: Path) -> None:
    log.write_bytes(a_line() + a_line(request_id="long", path="/" + "y" * 60_000) + a_line())
    found = find(log, "long")
    assert isinstance(found, LoggedRequest)
    assert len(found.path) == 60_001


def test_a_path_that_names_an_id_is_not_the_request(log: Path) -> None:
    forged = a_line(request_id="other", path='/?"request_id":"id-1"')
    log.write_bytes(a_line(path="/the/one") + forged)
    found = find(log, "id-1")
    assert isinstance(found, LoggedRequest)
    assert found.path == "/the/one"


def test_looks_into_the_files_that_it_was_renamed_to(log: Path) -> None:
    log.write_bytes(a_line(request_id="now"))
    log.with_name("access.log.1").write_bytes(a_line(request_id="yesterday"))
    old = log.with_name("access.log-20260227.gz")
    old.write_bytes(gzip.compress(a_line(request_id="long ago") + a_line()))
    for age, file in enumerate((log, log.with_name("access.log.1"), old)):
        os.utime(file, (1e9 - age, 1e9 - age))
    for wanted in ("now", "yesterday", "long ago"):
        found = find(log, wanted)
        assert isinstance(found, LoggedRequest)
        assert found.request_id == wanted


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(a_line())[:-9]])
def test_a_compressed_file_that_cannot_be_read_is_passed_over(log: Path, content: bytes) -> None:
    log.with_name("access.log.2.gz").write_bytes(content)
    found = find(log, "no such")
    assert isinstance(found, NotLogged)
    assert found.is_all


def test_names_the_requests_that_came_last_where_there_is_none(log: Path) -> None:
    log.with_name("access.log.1").write_bytes(b"".join(a_line(request_id=c) for c in "abc"))
    log.write_bytes(b"".join(a_line(request_id=c) for c in "def") + b'{"time": "cut sh')
    found = find(log, "no such")
    assert isinstance(found, NotLogged)
    assert [request.request_id for request in found.latest] == ["f", "e", "d", "c", "b"]
    assert (found.files, found.is_all) == (2, True)


def test_a_log_that_was_never_written_names_none(log: Path) -> None:
    assert find(log, "x") == NotLogged(latest=(), files=0, is_all=True)


def test_gives_up_in_time_and_says_so(log: Path) -> None:
    log.write_bytes(a_line(request_id="first") + a_line() * 12_000)
    ticks = count()
    found = find_request(log, "first", clock=lambda: float(next(ticks)), patience=1.5)
    assert isinstance(found, NotLogged)
    assert not found.is_all
