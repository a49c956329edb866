"""Whether an address is in a network, as Python's `ipaddress` says it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.actions.networks import network_digits
from tests.edge.luajit import Lua

ADDRESSES = Lua().module("addresses")


def holds(networks: tuple[str, ...], address: str) -> bool:
    """What the edge says of a connection from there, as Envoy writes it."""
    read = ADDRESSES.networks(" ".join(map(network_digits, networks)))
    written = f"[{address}]:4711" if ":" in address else f"{address}:4711"
    return bool(ADDRESSES.hold(read, written))


@pytest.mark.parametrize(
    ("networks", "address", "is_held"),
    [
        (("203.0.113.0/24",), "203.0.113.7", True),
        (("203.0.113.0/24",), "203.0.114.7", False),
        (("203.0.113.7/32",), "203.0.113.7", True),
        (("203.0.113.7/32",), "203.0.113.8", False),
        (("203.0.113.0/24",), "::ffff:203.0.113.7", True),
        (("203.0.113.0/24",), "::ffff:cb00:7107", True),
        (("203.0.113.0/24",), "::203.0.113.7", False),
        (("0.0.0.0/0",), "198.51.100.1", True),
        (("0.0.0.0/0",), "2001:db8::1", False),
        (("2001:db8::/32",), "2001:db8:ffff::1", True),
        (("2001:db8::/32",), "2001:db9::1", False),
        (("::1/128",), "::1", True),
        (("::/0",), "2001:db8::1", True),
        (("::/0", "::/64", "::/95"), "203.0.113.7", False),
        (("::/0", "::/64", "::/95"), "::ffff:203.0.113.7", False),
        (("198.51.100.0/24", "2001:db8::/33"), "2001:db8:7fff::", True),
        (("198.51.100.0/24", "2001:db8::/33"), "2001:db8:8000::", False),
        (("255.255.255.255/32",), "255.255.255.255", True),
    ],
)
def test_holds(networks: tuple[str, ...], address: str, is_held: bool) -> None:
    assert holds(networks, address) is is_held


@given(
    st.one_of(
        st.integers(0, 2**32 - 1).map(IPv4Address), st.integers(0, 2**128 - 1).map(IPv6Address)
    ),
    st.integers(0, 128),
    st.integers(0, 128),
)
def test_says_what_the_standard_library_says(
    address: IPv4Address | IPv6Address, length: int, changed: int
) -> None:
    bits = address.max_prefixlen
    network = ip_network((address, min(length, bits)), strict=False)
    other = ip_address(int(address) ^ (1 << changed % bits))
    if isinstance(other, IPv4Address) is not isinstance(address, IPv4Address):
        return  # a small number of IPv6 is read as one of IPv4
    assert holds((str(network),), str(address))
    assert holds((str(network),), str(other)) is (other in network)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "203.0.113.7",
        "203.0.113:1",
        "203.0.113.7.1:1",
        "999.0.0.1:1",
        "1.999.0.1:1",
        "[::1%1]:1",
        "[1::2::3]:1",
        "[2001:db8]:1",
        "[1:2:3:4:5:6:7:8:9]:1",
        "[12345::]:1",
        "/run/socket",
        "gate.example:1",
    ],
)
def test_what_is_no_address_is_in_no_network(address: str) -> None:
    everywhere = ADDRESSES.networks(f"{network_digits('::/0')} {network_digits('0.0.0.0/0')}")
    assert ADDRESSES.hold(everywhere, address) is False


@pytest.mark.parametrize("text", ["x", "00/8", "0" * 32, "0" * 32 + "/129", "0" * 33 + "/1", "*"])
def test_what_is_no_network_is_none(text: str) -> None:
    assert ADDRESSES.networks(text) is None


@pytest.mark.parametrize("text", [None, ""])
def test_no_networks_are_said_at_once(text: str | None) -> None:
    assert ADDRESSES.networks(text) is False
