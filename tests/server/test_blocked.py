"""What stands in the file that the edge reads, and what resolutions are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from forecourt.actions.block import Evidence, Measure, Target, TargetKind
from forecourt.actions.networks import network_digits
from forecourt.server import blocked
from forecourt.server.blocked import StandingBlocks, address_lines
from tests.actions.builders import NOW, a_block, a_record
from tests.store.in_memory import InMemoryStore

SECOND = int(NOW.timestamp())


def never(*networks: str) -> Callable[[], Awaitable[tuple[str, ...]]]:
    async def answer() -> tuple[str, ...]:
        return networks

    return answer


def test_a_line_is_a_network_and_its_end() -> None:
    blocks = [
        a_block("203.0.113.7/32", until=NOW + timedelta(seconds=1.2)),
        a_block("2001:db8::/64", until=None),
    ]
    assert address_lines(blocks, (), NOW).splitlines() == [
        f"{network_digits('203.0.113.7/32')} {SECOND + 2}",
        f"{network_digits('2001:db8::/64')} -",
    ]


def test_only_what_refuses_an_address_has_one() -> None:
    blocks = [
        a_block(measure=Measure.REPORT),
        a_block("app_1", kind=TargetKind.APPLICATION),
    ]
    assert address_lines(blocks, (), NOW) == ""


def test_a_declared_address_is_never_in_it_however_wide_the_block() -> None:
    blocks = [a_block("203.0.113.7/32"), a_block("0.0.0.0/0"), a_block("198.51.100.1/32")]
    lines = address_lines(blocks, ("203.0.113.0/24",), NOW).splitlines()
    assert [line.split()[0] for line in lines] == [network_digits("198.51.100.1/32")]


def test_of_too_many_those_by_hand_stand_and_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocked, "MOST_ADDRESSES", 2)
    evidence = Evidence(detector="scanning", counted=40, seconds=60, samples=())
    by_hand, over = a_block("192.0.2.1/32"), a_block("192.0.2.2/32", until=NOW)
    found = [
        a_block(
            f"203.0.113.{n}/32",
            evidence=evidence,
            record=a_record(NOW + timedelta(seconds=n)),
        )
        for n in range(5)
    ]
    lines = address_lines([over, by_hand, *found], (), NOW)
    kept = ("192.0.2.1/32", "203.0.113.4/32")
    assert {line.split()[0] for line in lines.splitlines()} == set(map(network_digits, kept))


async def test_the_file_is_written_when_something_changed(tmp_path: Path) -> None:
    store, file = InMemoryStore(), tmp_path / "blocks"
    standing = StandingBlocks(store.blocks, file, clock=lambda: NOW, never=never())
    await standing.refresh()
    assert file.read_text().split() == ["blocks", f"{NOW.timestamp():.6f}", "0"]
    file.unlink()
    await standing.refresh()
    assert not file.exists()
    await store.blocks.add([a_block(), a_block("key_1", kind=TargetKind.CREDENTIAL)])
    await standing.refresh()
    head, line = file.read_text().splitlines()
    assert head.endswith(" 1")
    assert line.startswith(network_digits("203.0.113.7/32"))
    assert Target(kind=TargetKind.CREDENTIAL, id="key_1") in standing().stops
    await store.blocks.lift([a_block().id], a_record())
    await standing.refresh()
    assert file.read_text().split()[-1] == "0"


async def test_a_block_stands_again_where_the_clock_was_an_hour_ahead(tmp_path: Path) -> None:
    now, store, file = NOW, InMemoryStore(), tmp_path / "blocks"
    standing = StandingBlocks(store.blocks, file, clock=lambda: now, never=never())
    until = NOW + timedelta(minutes=30)
    key = a_block("key_1", kind=TargetKind.CREDENTIAL, until=until)
    await store.blocks.add([a_block(until=until), key])
    now = NOW + timedelta(hours=1)
    await standing.refresh()
    now = NOW  # of which there is no news
    assert file.read_text().splitlines()[1:] == [
        f"{network_digits('203.0.113.7/32')} {SECOND + 1801}"
    ]
    assert standing().stops == {key.target: until}
