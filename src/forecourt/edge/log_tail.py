"""Read on in the access log: whole lines, each once, past renames and restarts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

# What is read at once: some two thousand lines.
_BLOCK = 1024 * 1024

# How the name of a file ends that was put aside as it was: numbered, or dated.
_ROTATED = re.compile(r"[.-][0-9][0-9.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Lines, and where to read on: the file's id, which a rename keeps, and its bytes so far."""

    lines: tuple[bytes, ...]
    file: str
    offset: int


def read_on(log: Path, file: str | None, offset: int) -> Read | None:
    """The lines after that place; None where there is no log.

    A file that was renamed (`access.log.1`) is read to its end before the one that came after it is
    begun, which may have been renamed as well (`access.log.2`, then `access.log.1`); one that is
    gone, or was cut, is not waited for. The rest of a line that is being written comes next
    time. `file` None: from the beginning of the log.
    """
    now = _id(log)
    if now is None:
        return None
    if file is None or file == now:
        return _read(log, now, 0 if file is None else offset)
    renamed = next((p for p in sorted(log.parent.glob(f"{log.name}[.-]*")) if _id(p) == file), None)
    if renamed is None:
        return _read(log, now, 0)
    rest = _read(renamed, file, offset)
    if rest.lines:
        return rest
    after = _written_after(log, renamed)
    return _read(log, now, 0) if after is None else _read(after, _id(after) or "", 0)


def _written_after(log: Path, renamed: Path) -> Path | None:
    """The oldest of the renamed files that were written to later; None: that is the log itself."""
    since = renamed.stat().st_mtime_ns
    others = (p for p in log.parent.iterdir() if _ROTATED.fullmatch(p.name.removeprefix(log.name)))
    later = sorted((at, p) for p in others if (at := p.stat().st_mtime_ns) > since)
    return later[0][1] if later else None


def _read(path: Path, file: str, offset: int) -> Read:
    with path.open("rb") as opened:
        if opened.seek(0, 2) < offset:
            offset = 0  # it was copied and cut
        opened.seek(offset)
        block = opened.read(_BLOCK)
    end = block.rfind(b"\n") + 1
    if not end and len(block) == _BLOCK:
        end = len(block)  # no line of ours is so long
    return Read(lines=tuple(block[:end].splitlines()), file=file, offset=offset + end)


def _id(path: Path) -> str | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return f"{found.st_dev}:{found.st_ino}"
