"""Find a request in the access log: from its end, in its rotated files too, in bounded time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from forecourt.edge.logged_request import LoggedRequest, logged_request

# What is read at once. A line has some hundred bytes; Envoy lets a path have at most 60 KiB.
_BLOCK = 1024 * 1024
_LONGEST_LINE = 128 * 1024
_MOST_LATEST = 5

# Seconds. By then some gigabytes were searched, and whoever waits can look with other tools.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLogged:
    """No line is about it. `latest` are the last requests that were logged, newest first.

    `files` is how many were searched, `is_all` whether to their beginning; they are none where
    nothing was ever logged.
    """

    latest: tuple[LoggedRequest, ...]
    files: int
    is_all: bool


def find_request(
    log: Path, request_id: str, *, clock: Callable[[], float], patience: float = PATIENCE
) -> LoggedRequest | NotLogged:
    """The newest line with that id. `clock` gives seconds; after `patience` of them it gives up.

    `log` is Envoy's file; those it was renamed to stand beside it (`access.log.1`,
    `access.log-20260101.gz`).
    """
    deadline = clock() + patience
    wanted = request_id.encode()
    latest: list[LoggedRequest] = []
    files = 0
    for file in _newest_first(log):
        files += 1
        for block in _blocks(file):
            if found := _in_block(block, wanted):
                return found
            if len(latest) < _MOST_LATEST:
                latest += _last_of(block, _MOST_LATEST - len(latest))
            if clock() > deadline:
                return NotLogged(latest=tuple(latest), files=files, is_all=False)
    return NotLogged(latest=tuple(latest), files=files, is_all=True)


def _newest_first(log: Path) -> list[Path]:
    """The log, then the files that it was renamed to, the last first."""
    rotated = [p for p in log.parent.glob(f"{log.name}[.-]*") if p.is_file()]
    rotated.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    return [*([log] if log.is_file() else []), *rotated]


def _in_block(block: bytes, wanted: bytes) -> LoggedRequest | None:
    """The last line of a block that is about it; one that only mentions it is passed over."""
    end = len(block)
    while (at := block.rfind(wanted, 0, end)) >= 0:
        begin = block.rfind(b"\n", 0, at) + 1
        found = logged_request(block[begin:].partition(b"\n")[0])
        if found is not None and found.request_id.encode() == wanted:
            return found
        end = begin
    return None


def _last_of(block: bytes, most: int) -> Iterator[LoggedRequest]:
    for line in reversed(block[-(most + 1) * _LONGEST_LINE :].splitlines()):
        if most and (found := logged_request(line)):
            yield found
            most -= 1


def _blocks(file: Path) -> Iterator[bytes]:
    """The content in blocks of whole lines, the last first. A compressed file has no end to begin
    at: its blocks come as they stand."""
    return _forwards(file) if file.suffix == ".gz" else _backwards(file)


def _backwards(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        position = opened.seek(0, 2)
        rest = b""  # the end of a line that begins further up
        while position > 0:
            size = min(_BLOCK, position)
            position -= size
            opened.seek(position)
            block = opened.read(size) + rest
            first = block.find(b"\n") + 1 if position else 0
            if first or not position:
                rest = block[:first]
                yield block[first:]
            else:
                rest = block[-_LONGEST_LINE:]  # no line of ours is so long


def _forwards(file: Path) -> Iterator[bytes]:
    try:
        with gzip.open(file) as opened:
            rest = b""
            while block := opened.read(_BLOCK):
                whole, end, rest_of = (rest + block).rpartition(b"\n")
                rest = rest_of[-_LONGEST_LINE:]
                yield whole + end
            if rest:
                yield rest
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return  # it is being written, or it is none
