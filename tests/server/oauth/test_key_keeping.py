"""Keys are published before they sign, and removed when their last token ended."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from forecourt.server.oauth.key_keeping import ServedKeys, keep_once
from forecourt.store.signing_keys import SigningKeyFiles
from tests.actions.oauth.builders import NOW


async def looked(keys: SigningKeyFiles, *, served: set[str], days: float = 0) -> int:
    """How often was published in a look so many days from now."""
    published = 0

    async def publish() -> None:
        nonlocal published
        published += 1

    now = NOW + timedelta(days=days)
    await keep_once(keys, is_served=served.__contains__, publish=publish, now=now)
    return published


async def test_without_clients_there_is_nothing_to_keep(tmp_path: Path) -> None:
    assert await looked(SigningKeyFiles(tmp_path), served=set()) == 0
    assert SigningKeyFiles(tmp_path).access_tokens() == ()


async def test_publishes_what_the_edge_does_not_know(tmp_path: Path) -> None:
    keys = SigningKeyFiles(tmp_path)
    made = keys.add_access_token_key(NOW)
    assert await looked(keys, served=set()) == 1
    assert await looked(keys, served={made.key.id}) == 0


async def test_makes_a_new_one_in_time_and_removes_the_old_one_later(tmp_path: Path) -> None:
    keys = SigningKeyFiles(tmp_path)
    old = keys.add_access_token_key(NOW)
    assert await looked(keys, served={old.key.id}, days=91) == 1
    (_, new) = keys.access_tokens()
    both = {old.key.id, new.key.id}
    assert await looked(keys, served=both, days=91.01) == 0
    assert len(keys.access_tokens()) == 2
    await looked(keys, served=both, days=92)
    assert [key.key.id for key in keys.access_tokens()] == [new.key.id]


def test_a_key_is_served_once_the_snapshot_has_had_it_for_a_moment(tmp_path: Path) -> None:
    (tmp_path / "snapshots" / "one").mkdir(parents=True)
    (tmp_path / "snapshots" / "one" / "listeners.json").write_text('"kid":"one"')
    now = NOW
    served = ServedKeys(tmp_path, lambda: now)
    assert not served.stands("one")
    assert not served("one")
    (tmp_path / "current").symlink_to("snapshots/one")
    os.utime(tmp_path / "current", (NOW.timestamp(),) * 2, follow_symlinks=False)
    assert served.stands("one")
    assert not served("one"), "workers have it in a moment"
    now = NOW + timedelta(seconds=3)
    assert served("one")
    assert not served("two")


def test_a_clock_that_is_set_back_keeps_no_key_from_signing_for_long(tmp_path: Path) -> None:
    (tmp_path / "snapshots" / "one").mkdir(parents=True)
    (tmp_path / "snapshots" / "one" / "listeners.json").write_text('"kid":"one"')
    (tmp_path / "current").symlink_to("snapshots/one")
    os.utime(tmp_path / "current", (NOW.timestamp(),) * 2, follow_symlinks=False)
    now = NOW + timedelta(seconds=3)
    known = ServedKeys(tmp_path, lambda: now)
    assert known("one")
    now = NOW - timedelta(hours=1)
    started_again = ServedKeys(tmp_path, lambda: now)
    assert not known("one")
    assert not started_again("one")
    now += timedelta(seconds=3)
    assert known("one")
    assert started_again("one")
