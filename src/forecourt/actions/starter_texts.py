"""The texts that a new estate begins with, from the templates that lie beside this module."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

_STARTER = files("forecourt.actions") / "starter"


def estate_texts(**values: str) -> dict[str, str]:
    """A whole small estate, by path from its root."""
    folder = _STARTER / "estate"
    return {path: _filled(file, values) for path, file in _walk(folder, "")}


def shared_text(path: str, /, **values: str) -> str:
    """One file of the small estate."""
    return _filled(_STARTER / "estate" / path, values)


def around_text(file: str, /, **values: str) -> str:
    """One of the files that stand around a document."""
    return _filled(_STARTER / "around" / file, values)


def _filled(file: Traversable, values: dict[str, str]) -> str:
    return Template(file.read_text(encoding="utf-8")).substitute(values)


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        at = f"{path}/{entry.name}" if path else entry.name
        if entry.is_dir():
            yield from _walk(entry, at)
        else:
            yield at, entry
