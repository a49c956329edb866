"""Write a new estate into a folder; nothing that is there is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The paths that were written, from the folder, sorted."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied:
    """Nothing was written: these paths exist."""

    paths: tuple[str, ...]


def write_estate(folder: Path, contents: Mapping[str, bytes]) -> Written | Occupied:
    """Writes files by their path from a folder, which is made. Raises `OSError`."""
    paths = tuple(sorted(contents))
    there = tuple(path for path in paths if (folder / path).exists())
    if there:
        return Occupied(paths=there)
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:  # nor what has come to be since
            file.write(contents[path])
    return Written(paths=paths)
