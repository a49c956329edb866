"""Which addresses a worker refuses, and until when."""

from __future__ import annotations

import math
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.networks import network_digits
from tests.edge.luajit import Lua

NOW = 1_000.0


class Worker:
    """A worker that follows a file of blocks."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lua = Lua()
        self.blocks = self.lua.module("blocks")
        self.blocks.follow(str(file))
        self.time = NOW
        self.written = 0

    def hears(self, *networks: tuple[str, str]) -> None:
        self.written += 1
        head = f"blocks {self.written} {len(networks)}"
        lines = [head, *(f"{network_digits(network)} {till}" for network, till in networks)]
        self.file.write_text("\n".join(lines) + "\n")
        self.look()

    def look(self) -> bool:
        self.time += 1
        return bool(self.blocks.check(self.time))

    def till(self, address: str, now: float = NOW) -> float | None:
        host = f"[{address}]" if ":" in address else address
        handle: Any = self.lua.handle(address=f"{host}:4711")
        found: float | None = self.blocks.till(handle, now)
        return found


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    return Worker(tmp_path / "blocks")


def test_nobody_is_known_before_it_read_the_file(worker: Worker) -> None:
    assert not worker.look()
    worker.hears()
    assert worker.look()


def test_who_attacks_from_this_machine_does_not_have_all_of_ipv4_refused(worker: Worker) -> None:
    worker.hears(("::/64", "2000"), ("::/0", "1500"))
    assert worker.till("::1") == 2000
    assert worker.till("2001:db8::1") == 1500
    assert worker.till("203.0.113.7") is worker.till("::ffff:203.0.113.7") is None


def test_refuses_what_is_in_a_network_until_its_end(worker: Worker) -> None:
    worker.hears(
        ("203.0.113.7/32", "1060"), ("2001:db8:0:1::/64", "-"), ("198.51.100.0/24", "2000")
    )
    assert worker.till("203.0.113.7") == 1060
    assert worker.till("203.0.113.8") is None
    assert worker.till("198.51.100.200") == 2000
    assert worker.till("2001:db8:0:1:dead::1") == math.inf
    assert worker.till("2001:db8:0:2::1") is None


def test_ends_on_time_though_nobody_writes_the_file_again(worker: Worker) -> None:
    worker.hears(("203.0.113.7/32", "1060"))
    worker.file.unlink()
    assert worker.look()
    assert worker.till("203.0.113.7", 1059.9) == 1060
    assert worker.till("203.0.113.7", 1060) is None


def test_an_address_of_ipv4_is_the_same_as_ipv6_spells_it(worker: Worker) -> None:
    worker.hears(("203.0.113.7/32", "-"))
    assert worker.till("::ffff:203.0.113.7") == math.inf


def test_what_is_lifted_is_let_in(worker: Worker) -> None:
    worker.hears(("203.0.113.7/32", "-"))
    worker.hears()
    assert worker.till("203.0.113.7") is None


def test_a_wider_block_holds_on_after_a_narrower_one_that_ended(worker: Worker) -> None:
    worker.hears(("203.0.113.7/32", "1010"), ("203.0.113.0/24", "1060"))
    assert worker.till("203.0.113.7") == 1060
    assert worker.till("203.0.113.7", 1059) == 1060
    assert worker.till("203.0.113.7", 1060) is None


def test_decides_rightly_of_more_connections_than_it_remembers(worker: Worker) -> None:
    worker.hears(("203.0.113.7/32", "-"))
    for n in range(5_000):
        assert worker.till(f"198.51.{n // 256}.{n % 256}") is None
    assert worker.till("203.0.113.7") == math.inf


@pytest.mark.parametrize(
    "text",
    ["", "blocks 2 1\n", "blocks 2 0\nnonsense\n", "blocks 2 1\nzz/32 -\n", "other 2 0\n"],
    ids=["nothing", "cut short", "more than it says", "no network", "another file"],
)
def test_what_is_not_whole_changes_nothing(worker: Worker, text: str) -> None:
    worker.hears(("203.0.113.7/32", "-"))
    worker.file.write_text(text)
    worker.look()
    assert worker.till("203.0.113.7") == math.inf


def test_looks_at_once_where_the_clock_was_set_back(worker: Worker) -> None:
    worker.hears()
    worker.time = 10.0
    worker.hears(("203.0.113.7/32", "-"))
    assert worker.till("203.0.113.7", 10.0) == math.inf


ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


@given(address=ADDRESSES, other=ADDRESSES, data=st.data())
def test_refuses_exactly_what_python_finds_in_the_network(
    address: Any, other: Any, data: st.DataObject, shared: Worker
) -> None:
    bits = data.draw(st.integers(0, address.max_prefixlen))
    network: IPv4Network | IPv6Network = ip_network(f"{address}/{bits}", strict=False)
    shared.hears((str(network), "-"))
    near = ip_address(int(address) ^ 1) if address.version == other.version else other
    for each in (address, near, other):
        if each.version == 6 and (network.version == 4 or each.ipv4_mapped is not None):
            continue
        if each.version == 4 and network.version == 6:
            continue
        assert (shared.till(str(each)) is not None) is (each in network)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Worker:
    return Worker(tmp_path_factory.mktemp("blocks") / "blocks")
