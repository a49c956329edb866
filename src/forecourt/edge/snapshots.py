"""Snapshots on this machine's disk, and the link that says which one is served."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

_FOLDER, _CURRENT = "snapshots", "current"


class SnapshotFolder:
    """The snapshots of one state folder.

    A snapshot is written once, whole, under its digest. Publishing is one rename of the `current`
    link, which Envoy watches: it sees the old folder or the new one, never half of either.
    """

    def __init__(self, state: Path) -> None:
        self._state = state
        self._folder = state / _FOLDER

    def path(self, digest: str) -> Path:
        """Where the snapshot of that digest stands."""
        return self._folder / digest

    def current(self) -> str | None:
        """The digest that is served, or None before the first."""
        try:
            return Path(os.readlink(self._state / _CURRENT)).name
        except FileNotFoundError:
            return None

    def write(self, digest: str, files: Mapping[str, bytes]) -> Path:
        """Writes a snapshot unless it is there. Raises `OSError`, leaving nothing half-written."""
        target = self.path(digest)
        if target.is_dir():
            return target
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            write_folder(target, files)
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
        """The files of a snapshot by name. Raises `OSError`."""
        folder = self.path(digest)
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    def prune(self, most: int) -> None:
        """Removes all but the newest so many; the one that is served stays."""
        if not self._folder.is_dir():
            return
        folders = [f for f in self._folder.iterdir() if not f.name.startswith(".")]
        newest = sorted(folders, key=lambda f: f.stat().st_mtime_ns, reverse=True)
        for folder in newest[most:]:
            if folder.name != self.current():
                shutil.rmtree(folder, ignore_errors=True)


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Writes a folder that is not there yet: all of it or nothing. Raises `OSError`."""
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=".new-"))
    try:
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        temporary.chmod(0o755)
        temporary.rename(target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
