"""Which files an estate's folder holds, whatever their kind."""

from __future__ import annotations

import os
from pathlib import Path


def files_below(root: Path) -> frozenset[str]:
    """The paths of all files from the root, with `/`; hidden folders and files left out."""
    found: set[str] = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        at = Path(folder).relative_to(root)
        found |= {(at / name).as_posix() for name in files if not name.startswith(".")}
    return frozenset(found)
