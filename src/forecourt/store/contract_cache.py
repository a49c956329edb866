"""What came of reading contracts, on disk from one run to the next: a file an entry.

Nothing in it is needed, and nothing is believed: an entry is a miss unless it is whole, of this
very code, written by this user, and every field is of its type. What is published is never taken
from here.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

import forecourt
from forecourt.actions.contract_memory import Judged
from forecourt.edge.replacing import replace_file
from forecourt.governance import UncoveredFact

MOST_ENTRIES = 10_000
# What a contract of 5,000 files takes: each is an input, with its path and digest.
MOST_BYTES_AN_ENTRY = 1024 * 1024
_SWEPT_EVERY = 500
_A_DAY = 24 * 60 * 60
_DIGEST_BYTES = 32

# In the place of a path: no file of an estate is called so.
_PROOF = "\0proof"

_T = TypeVar("_T")

# The code that decides what an entry says.
_READERS = ("actions", "compiler", "contract", "diagnostics", "estate", "governance", "source")


class ContractCache:
    """At most `MOST_ENTRIES` files, and what one run adds; those not used for longest go first."""

    def __init__(self, folder: Path, *, code: str) -> None:
        self._folder = folder
        self._code = code
        self._written = 0

    def recall(self, path: str, digest: str) -> Judged | None:
        """As `ContractMemory` says."""
        return self._read(self._file(path, digest), Judged)

    def remember(self, path: str, digest: str, judged: Judged) -> None:
        """As `ContractMemory` says. One with thousands of mistakes is not kept."""
        self._write(self._file(path, digest), judged)

    def recall_proof(self, digest: str) -> tuple[UncoveredFact, ...] | None:
        """As `ProofMemory` says."""
        return self._read(self._file(_PROOF, digest), tuple[UncoveredFact, ...])

    def remember_proof(self, digest: str, uncovered: tuple[UncoveredFact, ...]) -> None:
        """As `ProofMemory` says. One of thousands of differences is not kept."""
        self._write(self._file(_PROOF, digest), uncovered)

    def _read(self, file: Path, kind: type[_T]) -> _T | None:
        try:
            with file.open("rb") as opened:
                status = os.fstat(opened.fileno())
                if status.st_uid != os.geteuid() or status.st_size > MOST_BYTES_AN_ENTRY:
                    return None
                entry = opened.read()
            if time.time() - status.st_mtime > _A_DAY:
                os.utime(file)  # used, so not among the first to go
        except OSError:
            return None
        return _decoded(entry, kind)

    def _write(self, file: Path, value: object) -> None:
        content = msgspec.json.encode(value)
        entry = sha256(content).digest() + content
        if len(entry) > MOST_BYTES_AN_ENTRY:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(file, entry)
            if self._written % _SWEPT_EVERY == 0:
                self._sweep()
            self._written += 1

    def _file(self, path: str, digest: str) -> Path:
        return self._folder / sha256("\0".join((self._code, path, digest)).encode()).hexdigest()

    def _sweep(self) -> None:
        with os.scandir(self._folder) as listed:
            files = [(entry.stat().st_mtime, entry.path) for entry in listed if entry.is_file()]
        for _, path in sorted(files)[: max(0, len(files) - MOST_ENTRIES)]:
            Path(path).unlink(missing_ok=True)


def _decoded(entry: bytes, kind: type[_T]) -> _T | None:
    content = entry[_DIGEST_BYTES:]
    if sha256(content).digest() != entry[:_DIGEST_BYTES]:
        return None
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Where a user's caches are (XDG Base Directory); None where that is nowhere."""
    named = environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):  # others "should be considered invalid and ignored"
        return Path(named) / "forecourt" / "contracts"
    home = environ.get("HOME", "")
    return Path(home) / ".cache" / "forecourt" / "contracts" if os.path.isabs(home) else None


def code_digest() -> str:
    """Changes with whatever could change what is said about a contract."""
    total = sha256(f"{sys.version}\0{yaml.__version__}\0{msgspec.__version__}".encode())
    root = Path(forecourt.__file__).parent
    for package in _READERS:
        for file in sorted((root / package).rglob("*.py")):
            total.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
            total.update(sha256(file.read_bytes()).digest())
    return total.hexdigest()
