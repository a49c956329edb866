"""The file of token buckets that all of Envoy's workers share (`lua/forecourt/buckets.lua`).

A bucket is the moment at which it will be full again, by the clock that starts with the machine. So
buckets outlive a publish, a restart of Envoy and one of ours, and end with the machine's own.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from tempfile import NamedTemporaryFile

SETS, WAYS, LOCKS = 65_536, 8, 256

# First the locks, in lines of 16 words of four bytes: the lock itself, how often a request was
# refused under it, and a bucket displaced. Then the sets; a way is an id and a moment, 16 bytes.
_WORDS = 16
_LOCK, _REFUSED, _DISPLACED = 0, 1, 2
_LOCK_WORDS = LOCKS * _WORDS
SIZE = 4 * _LOCK_WORDS + 16 * SETS * WAYS

_SHARED = 1  # PTHREAD_PROCESS_SHARED


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketCounts:
    """Since the file was made: requests refused by a limit, and buckets forgotten before they were
    full because too many shared their set."""

    refused: int
    displaced: int


def prepare_buckets(path: Path) -> None:
    """Makes the file where there is none for this start of the machine, and unlocks what an Envoy
    that was killed left locked. No Envoy may run meanwhile."""
    if not _is_of_this_start(path):
        _make(path)
    with _words(path) as words:
        words[_LOCK:_LOCK_WORDS:_WORDS] = memoryview(_unlocked() * LOCKS).cast("I")
    os.utime(path)


def bucket_counts(path: Path) -> BucketCounts:
    """What the file counts; nothing where there is none."""
    if not path.exists():
        return BucketCounts(refused=0, displaced=0)
    with _words(path) as words:
        refused, displaced = (sum(words[at:_LOCK_WORDS:_WORDS]) for at in (_REFUSED, _DISPLACED))
    return BucketCounts(refused=refused, displaced=displaced)


def _unlocked() -> bytes:
    """A lock that nobody holds, as the C library writes it: 1 on some machines, 0 on others."""
    lock = ctypes.c_int()
    ctypes.CDLL(None).pthread_spin_init(ctypes.byref(lock), ctypes.c_int(_SHARED))
    return bytes(lock)


def _is_of_this_start(path: Path) -> bool:
    """Whether it is whole, and its moments are of the clock that runs now."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    started = time.time() - time.clock_gettime(time.CLOCK_MONOTONIC)
    return found.st_size == SIZE and found.st_mtime >= started


def _make(path: Path) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".buckets-", delete=False) as fresh:
        fresh.truncate(SIZE)  # a hole: a bucket takes room when somebody calls
    os.replace(fresh.name, path)


@contextmanager
def _words(path: Path) -> Iterator[memoryview]:
    with (
        path.open("r+b") as file,
        mmap(file.fileno(), SIZE) as mapped,
        memoryview(mapped) as octets,
        octets.cast("I") as words,
    ):
        yield words
