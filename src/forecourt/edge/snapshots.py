"""Snapshots on this machine's disk, and the link that says which one is served."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from forecourt.edge.compiled_contracts import CompiledContractFolder

_FOLDER, _CURRENT = "snapshots", "current"


class SnapshotFolder:
    """The snapshots of one state folder.

    A snapshot is written once, whole, under its digest. Publishing is one rename of the `current`
    link, which Envoy watches: it sees the old folder or the new one, never half of either.
    """

    def __init__(self, state: Path) -> None:
        self._state = state
        self._folder = state / _FOLDER
        self._contracts = CompiledContractFolder(state)

    def path(self, digest: str) -> Path:
        """Where the snapshot of that digest stands."""
        return self._folder / digest

    def current(self) -> str | None:
        """The digest that is served, or None before the first."""
        try:
            return Path(os.readlink(self._state / _CURRENT)).name
        except FileNotFoundError:
            return None

    def write(self, digest: str, files: Mapping[str, bytes], contracts: Iterable[str] = ()) -> Path:
        """Writes a snapshot unless it is there. Raises `OSError`, leaving nothing half-written.

        `contracts` are the digests of the compiled contracts that it needs; they are on the disk.
        """
        target = self.path(digest)
        if target.is_dir():
            return target
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            write_folder(target, files, lambda folder: self._contracts.link(contracts, folder))
        except OSError:
            if not target.is_dir():  # another process may have written the same one
                raise
        return target

    def publish(self, digest: str) -> None:
        """Serves a snapshot that is written. Raises `FileNotFoundError` if it is not."""
        if not self.path(digest).is_dir():
            raise FileNotFoundError(self.path(digest))
        fresh = self._state / f".{_CURRENT}-{os.getpid()}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path(_FOLDER) / digest)
        os.replace(fresh, self._state / _CURRENT)

    def read(self, digest: str) -> dict[str, bytes]:
        """The files of a snapshot by name, but for its contracts. Raises `OSError`."""
        files = (path for path in self.path(digest).iterdir() if path.is_file())
        return {path.name: path.read_bytes() for path in files}

    def serving(self) -> dict[str, bytes]:
        """The files that Envoy is given, as they are behind the link. Raises `OSError`."""
        files = (path for path in (self._state / _CURRENT).iterdir() if path.is_file())
        return {path.name: path.read_bytes() for path in files}

    def contracts(self, digest: str) -> frozenset[str]:
        """The digests of the compiled contracts of a snapshot."""
        return frozenset(path.name for path in self.path(digest).glob("contracts/*"))

    def prune(self, most: int) -> None:
        """Removes all but the newest so many; the one that is served stays."""
        if not self._folder.is_dir():
            return
        folders = [f for f in self._folder.iterdir() if not f.name.startswith(".")]
        newest = sorted(folders, key=lambda f: f.stat().st_mtime_ns, reverse=True)
        for folder in newest[most:]:
            if folder.name != self.current():
                shutil.rmtree(folder, ignore_errors=True)
        self._contracts.prune()


def write_folder(
    target: Path, files: Mapping[str, bytes], more: Callable[[Path], None] = lambda _: None
) -> None:
    """Writes a folder that is not there yet: all of it or nothing. Raises `OSError`.

    `more` puts into it what is not among `files`.
    """
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
    try:
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        more(temporary)
        temporary.chmod(0o755)
        temporary.rename(target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
