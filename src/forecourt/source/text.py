"""The text of a file, from its bytes."""

from __future__ import annotations

import codecs

from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.codes import NOT_UTF8

_OTHERS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, path: str) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """UTF-8 as text, without a byte order mark; None where it is something else."""
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        begun = before.rpartition(b"\n")[2].decode(errors="replace")
        what = "UTF-16" if data.startswith(_OTHERS) else f"the byte 0x{data[error.start]:02X}"
        message = f"this is not UTF-8 text: {what} stands here"
        place = Span(path, line, len(begun) + 1)
        return None, (NOT_UTF8.at(place, message, help="save the file as UTF-8"),)
