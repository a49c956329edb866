"""Read on in the access log: whole lines, each once, past renames and restarts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# What is read at once: some two thousand lines.
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Lines, and where to read on: the file's id, which a rename keeps, and its bytes so far."""

    lines: tuple[bytes, ...]
    file: str
    offset: int


def read_on(log: Path, file: str | None, offset: int) -> Read | None:
    """The lines after that place; None where there is no log.

    A file that was renamed (`access.log.1`) is read to its end before the new one is begun; one
    that is gone, or was cut, is not waited for. The rest of a line that is being written comes next
    time. `file` None: from the beginning of the log.
    """
    now = _id(log)
    if now is None:
        return None
    if file is None or file == now:
        return _read(log, now, 0 if file is None else offset)
    renamed = next((p for p in sorted(log.parent.glob(f"{log.name}[.-]*")) if _id(p) == file), None)
    if renamed is not None:
        rest = _read(renamed, file, offset)
        if rest.lines:
            return rest
    return _read(log, now, 0)


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
