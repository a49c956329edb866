"""The file of buckets: made, kept, made again, unlocked; and the ids that stand in it."""

from __future__ import annotations

import ctypes
import os
import stat
from mmap import mmap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.edge import buckets
from forecourt.edge.buckets import (
    LOCKS,
    SETS,
    SIZE,
    WAYS,
    BucketCounts,
    BucketsUnusable,
    bucket_counts,
    bucket_id,
    bucket_key,
    make_buckets,
    prepare_buckets,
)
from tests.edge.luajit import Lua

NOW = 1_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "buckets"


@pytest.fixture
def spent(path: Path) -> Path:
    """A file in which one bucket is empty."""
    prepare_buckets(path)
    assert left_by(path) == 0
    return path


def left_by(path: Path) -> float:
    """What a request finds left, of a bucket that holds one request."""
    module = Lua().module("buckets")
    module.follow(str(path))
    return float(module.take(1, 60.0, 60.0, NOW)[0])


def is_refused(path: Path) -> bool:
    module = Lua().module("buckets")
    module.follow(str(path))
    return module.take(1, 60.0, 60.0, NOW)[2] is not None


def test_is_as_the_edge_reads_it(path: Path) -> None:
    module = Lua().module("buckets")
    assert (module.SETS, module.WAYS, module.LOCKS) == (SETS, WAYS, LOCKS)
    assert module.SIZE == SIZE
    prepare_buckets(path)
    assert path.stat().st_size == SIZE


def test_is_for_this_user_only(path: Path) -> None:
    prepare_buckets(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_stands_on_the_disk_whole_so_that_a_full_disk_ends_nobody(path: Path) -> None:
    prepare_buckets(path)
    assert path.stat().st_blocks * 512 >= SIZE


def test_what_is_spent_stays_spent_when_it_is_prepared_again(spent: Path) -> None:
    inode = spent.stat().st_ino
    for _ in range(2):
        prepare_buckets(spent)
        assert is_refused(spent)
    assert spent.stat().st_ino == inode


def test_what_is_spent_ends_with_the_machines_start(
    spent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = bucket_key(spent)
    monkeypatch.setattr(buckets, "_this_start", lambda: b"another start...")
    prepare_buckets(spent)
    assert not is_refused(spent)
    assert bucket_key(spent) != key


@pytest.mark.parametrize("seconds", [0, 1, 2**31, 2**33])
def test_no_wall_clock_decides_what_is_of_this_start(spent: Path, seconds: int) -> None:
    os.utime(spent, (seconds, seconds))
    prepare_buckets(spent)
    assert is_refused(spent)


@pytest.mark.parametrize("size", [0, 1, SIZE - 1, SIZE + 1])
def test_is_made_again_where_it_is_not_whole(spent: Path, size: int) -> None:
    os.truncate(spent, size)
    prepare_buckets(spent)
    assert spent.stat().st_size == SIZE
    assert not is_refused(spent)


def test_releases_the_locks_of_an_envoy_that_was_killed(spent: Path) -> None:
    library = ctypes.CDLL(None)
    with spent.open("r+b") as file, mmap(file.fileno(), SIZE) as mapped:
        lines = [(ctypes.c_int * 16).from_buffer(mapped, 64 * n) for n in range(LOCKS)]
        assert all(library.pthread_spin_lock(ctypes.byref(line)) == 0 for line in lines)
        assert all(library.pthread_spin_trylock(ctypes.byref(line)) != 0 for line in lines)
        prepare_buckets(spent)
        assert all(library.pthread_spin_trylock(ctypes.byref(line)) == 0 for line in lines)
        del lines


def test_says_what_to_do_where_something_else_stands_there(path: Path) -> None:
    path.mkdir()
    with pytest.raises(BucketsUnusable, match="is a directory; without them nobody") as caught:
        prepare_buckets(path)
    assert caught.value.path == path
    assert [p.name for p in path.parent.iterdir()] == ["buckets"], "nothing is left behind"


def test_says_what_to_do_where_there_is_no_room(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(BucketsUnusable, match="no space left on device"):
        prepare_buckets(path)
    assert list(path.parent.iterdir()) == []


def test_another_start_of_ours_keeps_the_key(path: Path) -> None:
    make_buckets(path)
    key = bucket_key(path)
    prepare_buckets(path)
    assert bucket_key(path) == key
    assert len(key) == 32
    make_buckets(path.with_name("another"))
    assert bucket_key(path.with_name("another")) != key


# --- what it counts -------------------------------------------------------------------------------


def test_counts_what_the_edge_counts(spent: Path) -> None:
    assert bucket_counts(spent) == BucketCounts(refused=0, displaced=0)
    module = Lua().module("buckets")
    module.follow(str(spent))
    for way in range(1, WAYS + 2):
        module.take(1 + way * SETS, 1.0, 60.0, NOW)
    assert is_refused(spent)
    assert bucket_counts(spent) == BucketCounts(refused=1, displaced=2)


def test_counts_nothing_where_there_is_nothing(path: Path) -> None:
    nothing = BucketCounts(refused=0, displaced=0)
    assert bucket_counts(path) == nothing
    path.write_bytes(b"short")
    assert bucket_counts(path) == nothing
    path.unlink()
    path.mkdir()
    assert bucket_counts(path) == nothing


# --- ids ------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(min_size=32, max_size=32))
def test_an_id_is_a_number_that_lua_holds_whole(name: str, key: bytes) -> None:
    text = bucket_id(name, key)
    assert len(text) == 13
    assert 0 < int(text, 16) < 2**52
    assert Lua().run("return ('%.0f'):format(tonumber(..., 16))", text) == str(int(text, 16))
    assert bucket_id(name, key) == text


def test_names_and_keys_have_ids_of_their_own() -> None:
    keys = (b"one key", b"another key")
    ids = {bucket_id(f"app_{n}", key) for n in range(10_000) for key in keys}
    assert len(ids) == 20_000


def test_names_spread_over_the_sets() -> None:
    """With 100,000 buckets hardly a set has more than it holds."""
    crowds = [0] * SETS
    for n in range(100_000):
        crowds[int(bucket_id(f"app_{n}", b"a key"), 16) % SETS] += 1
    assert sum(max(0, crowd - WAYS) for crowd in crowds) < 50
