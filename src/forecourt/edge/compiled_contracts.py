"""Compiled contracts on this machine's disk, where the edge loads them by digest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_FOLDER = "contracts"


class CompiledContractFolder:
    """The compiled contracts of a state folder: one file each, written whole, never changed.

    Each snapshot has a link to those it needs, so that its folder is complete by itself; what no
    snapshot has any more goes.
    """

    def __init__(self, state: Path) -> None:
        self._folder = state / _FOLDER

    def lacking(self, digests: Iterable[str]) -> frozenset[str]:
        """Which of these are not there."""
        return frozenset(digest for digest in digests if not (self._folder / digest).is_file())

    def has_exact(self) -> bool:
        """Whether any contract has schemas that the edge leaves to others."""
        return any(self._folder.glob("*.exact"))

    def has_functions(self) -> bool:
        """Whether any changes name functions."""
        return any(self._folder.glob("*.py"))

    def exact(self, way_in: str) -> bytes | None:
        """The exact schemas of a way in, by its digest; None where there are none."""
        try:
            return (self._folder / f"{way_in}.exact").read_bytes()
        except OSError:
            return None

    def content(self, digest: str) -> bytes:
        """One of them; nothing where it is not there."""
        try:
            return (self._folder / digest).read_bytes()
        except OSError:
            return b""

    def functions(self, digest: str) -> bytes | None:
        """A file of functions that the estate's changes name, by its digest; None: not there."""
        try:
            return (self._folder / f"{digest}.py").read_bytes()
        except OSError:
            return None

    def take(self, contents: Mapping[str, bytes]) -> None:
        """Writes those that are not there. Raises `OSError`, leaving nothing half-written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for digest in self.lacking(contents):
            fresh = self._folder / f".{digest}-{os.getpid()}"
            try:
                fresh.write_bytes(contents[digest])
                fresh.rename(self._folder / digest)
            finally:
                fresh.unlink(missing_ok=True)

    def link(self, digests: Iterable[str], snapshot: Path) -> None:
        """Puts these into a snapshot's folder. Raises `OSError`, where one is not there."""
        folder = snapshot / _FOLDER
        folder.mkdir(exist_ok=True)
        for digest in digests:
            with suppress(FileExistsError):
                os.link(self._folder / digest, folder / digest)

    def prune(self) -> None:
        """Removes what no snapshot has a link to."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.stat().st_nlink == 1:
                path.unlink(missing_ok=True)
