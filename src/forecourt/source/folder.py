"""An estate's folder on disk, read again only where it changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forecourt.diagnostics import Diagnostic, in_reading_order
from forecourt.source.layout import is_of_functions
from forecourt.source.readable import content_of, unfit, unreadable

ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A file's content, and what its status said when it was read."""

    status: tuple[int, int, int]
    content: str | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A file of the folder: its path from the root, and its status."""

    path: str
    status: os.stat_result


class EstateFolder:
    """The YAML and JSON files of a folder, those in hidden folders left out, and functions.

    A file is read again when its modification time, size or inode differ.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._kept: dict[str, _Kept] = {}

    def read(self) -> tuple[dict[str, str | bytes], tuple[Diagnostic, ...]]:
        """The content by path from the root, with `/`, and what could not be read.

        A text, or bytes where it is not UTF-8. Raises OSError only where the folder itself cannot
        be listed.
        """
        mistakes: list[Diagnostic] = []
        kept: dict[str, _Kept] = {}
        for found in self._walk("", (self._real_root,), mistakes):
            if (file := self._content(found, mistakes)) is not None:
                kept[found.path] = file
        self._kept = kept
        return {path: kept[path].content for path in sorted(kept)}, in_reading_order(mistakes)

    def _walk(
        self, folder: str, around: tuple[str, ...], mistakes: list[Diagnostic]
    ) -> Iterator[_Found]:
        """The files below a folder. `around` are the real folders we are in, so as not to turn."""
        try:
            with os.scandir(self._root / folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            if not folder:
                raise
            mistakes.append(unreadable(folder, f"this folder cannot be listed: {_why(error)}"))
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            try:
                yield from self._entry(entry, path, around, mistakes)
            except OSError as error:
                mistakes.append(unreadable(path, f"this cannot be read: {_why(error)}"))

    def _entry(
        self,
        entry: os.DirEntry[str],
        path: str,
        around: tuple[str, ...],
        mistakes: list[Diagnostic],
    ) -> Iterator[_Found]:
        is_relevant = entry.name.endswith(ENDINGS) or is_of_functions(path)
        if entry.is_symlink() and (is_relevant or entry.is_dir()):
            target = os.path.realpath(entry.path)
            if not self._holds(target):
                mistakes.append(unreadable(path, "this link leaves the estate's folder"))
                return
            if target in around:
                mistakes.append(unreadable(path, "this link leads back to where it stands"))
                return
        if entry.is_dir():
            inside = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
            yield from self._walk(path, (*around, inside), mistakes)
        elif is_relevant:
            yield _Found(path=path, status=entry.stat())

    def _holds(self, target: str) -> bool:
        return target == self._real_root or target.startswith(self._real_root + os.sep)

    def _content(self, found: _Found, mistakes: list[Diagnostic]) -> _Kept | None:
        if not found.path.isprintable():  # nor could any message name it
            mistakes.append(unreadable(found.path, "its name cannot be printed"))
            return None
        if (reason := unfit(found.status, found.path)) is not None:
            mistakes.append(reason)
            return None
        status = (found.status.st_mtime_ns, found.status.st_size, found.status.st_ino)
        kept = self._kept.get(found.path)
        if kept is not None and kept.status == status:
            return kept
        try:
            data = content_of(self._root / found.path, found.path)
        except OSError as error:
            mistakes.append(unreadable(found.path, f"this cannot be read: {_why(error)}"))
            return None
        if isinstance(data, Diagnostic):
            mistakes.append(data)
            return None
        return _Kept(status=status, content=_text(data))


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
