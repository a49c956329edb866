"""Which files are read: regular ones of at most 32 MB, before a byte of them is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.codes import UNREADABLE_FILE
from forecourt.source.quoting import shown

LARGEST_FILE = 32 * 1024 * 1024
_MB = 1024 * 1024


def content_of(file: Path, path: str) -> bytes | Diagnostic:
    """What stands in a file that messages call `path`, or why it is not read. Raises `OSError`.

    A device or a pipe may have no end, so it is not opened.
    """
    if (reason := unfit(file.stat(), path)) is not None:
        return reason
    with file.open("rb") as opened:
        data = opened.read(LARGEST_FILE + 1)
    return data if len(data) <= LARGEST_FILE else too_large(len(data), path)


def unfit(status: os.stat_result, path: str) -> Diagnostic | None:
    """Why a file of that status is not read; None where it is."""
    if stat.S_ISDIR(status.st_mode):
        return unreadable(path, "this is a folder, and no file")
    if not stat.S_ISREG(status.st_mode):
        return unreadable(path, "this is not a file", "save what it holds in one, and name that")
    if status.st_size > LARGEST_FILE:
        return too_large(status.st_size, path)
    return None


def too_large(size: int, path: str) -> Diagnostic:
    """That a file has more bytes than is read of one."""
    message = f"this file has {size / _MB:,.0f} MB, and {LARGEST_FILE // _MB} MB is the most"
    return unreadable(path, message)


def unreadable(path: str, message: str, help: str | None = None) -> Diagnostic:
    """A mistake about a whole file."""
    printable = path if path.isprintable() else shown(path).strip("`")
    return UNREADABLE_FILE.at(Span(printable, 1, 1), message, help=help)
