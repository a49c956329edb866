"""Which files an estate's folder holds, whatever their kind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

# A bundle of authorities is some hundred kilobytes at most.
_MOST_BYTES = 1024 * 1024
_AUTHORITIES = (".pem", ".crt", ".cer")


def authority_digests(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """SHA-256, in hex, of those files from the root that can be certificates; others left out."""
    found: dict[str, str] = {}
    for path in paths:
        if path.endswith(_AUTHORITIES):
            with suppress(OSError):
                if (file := root / path).stat().st_size <= _MOST_BYTES:
                    found[path] = sha256(file.read_bytes()).hexdigest()
    return found


def files_below(root: Path) -> frozenset[str]:
    """The paths of all files from the root, with `/`; hidden folders and files left out."""
    found: set[str] = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        at = Path(folder).relative_to(root)
        found |= {(at / name).as_posix() for name in files if not name.startswith(".")}
    return frozenset(found)
