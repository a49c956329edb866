"""The file of token buckets that all of Envoy's workers share (`lua/forecourt/buckets.lua`).

A bucket is the moment at which it will be full again, by the clock that starts with the machine. So
buckets outlive a publish, a restart of Envoy and one of ours, and end with the machine's own.
"""

from __future__ import annotations

import ctypes
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from mmap import mmap
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

SETS, WAYS, LOCKS = 65_536, 8, 256

# First the locks, in lines of 64 bytes: the lock itself, how often a request was refused under it,
# and a bucket displaced. Then the sets; a way is an id and a moment, 16 bytes.
_LINE = 64
_WORDS = _LINE // 4
_LOCK, _REFUSED, _DISPLACED = 0, 1, 2
_LOCK_WORDS = LOCKS * _WORDS
SIZE = _LINE * LOCKS + 16 * SETS * WAYS

# What the first line says besides: for which start of the machine the file is, and the key of ids.
_START, _KEY = slice(16, 32), slice(32, 64)

_ID_BITS = 52
_SHARED = 1  # PTHREAD_PROCESS_SHARED
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketCounts:
    """Since the file was made: requests refused by a limit, and buckets forgotten before they were
    full because too many shared their set."""

    refused: int
    displaced: int


class BucketsUnusable(OSError):
    """The file of buckets cannot be made or opened; `path` says which, `because` why."""

    def __init__(self, path: Path, because: OSError) -> None:
        super().__init__(
            f"cannot keep the token buckets in {path}: {(because.strerror or str(because)).lower()}"
            "; without them nobody is admitted: move away what is there, or make room"
        )
        self.path = path
        self.because = because


def make_buckets(path: Path) -> None:
    """Makes the file where there is none that is whole and for this start of the machine.

    Raises `BucketsUnusable`.
    """
    try:
        if not _is_of_this_start(path):
            _make(path)
    except OSError as error:
        raise BucketsUnusable(path, error) from None


def prepare_buckets(path: Path) -> None:
    """Makes the file where it must, and unlocks what an Envoy that was killed left locked.

    No Envoy may run meanwhile. Raises `BucketsUnusable`.
    """
    make_buckets(path)
    with _octets(path) as octets, octets.cast("I") as words:
        words[_LOCK:_LOCK_WORDS:_WORDS] = memoryview(_unlocked() * LOCKS).cast("I")


def bucket_key(path: Path) -> bytes:
    """The key that `bucket_id` takes: secret, and as old as the file."""
    with _octets(path) as octets:
        return bytes(octets[_KEY])


def bucket_id(name: str, key: bytes) -> str:
    """A name in 52 bits, as 13 hexadecimal digits: LuaJIT's numbers hold 53.

    Two names hardly ever share one, and nobody without the key can look for names that share one,
    or that crowd each other out of a set.
    """
    digest = int.from_bytes(blake2b(name.encode(), key=key, digest_size=8).digest())
    number = digest >> (64 - _ID_BITS)
    return f"{number or 1:013x}"  # zero is no bucket


def bucket_counts(path: Path) -> BucketCounts:
    """What the file counts; nothing where there is none."""
    if not path.is_file() or path.stat().st_size < SIZE:
        return BucketCounts(refused=0, displaced=0)
    with _octets(path) as octets, octets.cast("I") as words:
        refused, displaced = (sum(words[at:_LOCK_WORDS:_WORDS]) for at in (_REFUSED, _DISPLACED))
    return BucketCounts(refused=refused, displaced=displaced)


def _unlocked() -> bytes:
    """A lock that nobody holds, as the C library writes it: 1 on some machines, 0 on others."""
    lock = ctypes.c_int()
    ctypes.CDLL(None).pthread_spin_init(ctypes.byref(lock), ctypes.c_int(_SHARED))
    return bytes(lock)


def _this_start() -> bytes:
    """Which start of the machine this is. No wall clock says it: that may be set at any time."""
    return UUID(_BOOT_ID.read_text().strip()).bytes


def _is_of_this_start(path: Path) -> bool:
    """Whether it is whole, and its moments are of the clock that runs now."""
    if not path.is_file() or path.stat().st_size != SIZE:
        return False
    with _octets(path) as octets:
        return bytes(octets[_START]) == _this_start()


def _make(path: Path) -> None:
    """Puts a new one in its place, for this user only, all of it on the disk: where that fills up
    later, a page that is missing would end Envoy."""
    with NamedTemporaryFile(dir=path.parent, prefix=".buckets-", delete=False) as fresh:
        try:
            os.posix_fallocate(fresh.fileno(), 0, SIZE)
            fresh.seek(_START.start)
            fresh.write(_this_start() + secrets.token_bytes(_KEY.stop - _KEY.start))
            fresh.flush()
            os.replace(fresh.name, path)
        except OSError:
            os.unlink(fresh.name)
            raise


@contextmanager
def _octets(path: Path) -> Iterator[memoryview]:
    with (
        path.open("r+b") as file,
        mmap(file.fileno(), SIZE) as mapped,
        memoryview(mapped) as octets,
    ):
        yield octets
