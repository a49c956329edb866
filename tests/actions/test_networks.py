"""Networks as people write them, and as the edge has them."""

from __future__ import annotations

import pytest

from forecourt.actions.networks import network, network_digits


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.113.7", "203.0.113.7/32"),
        (" 203.0.113.7/32 ", "203.0.113.7/32"),
        ("203.0.113.0/255.255.255.0", "203.0.113.0/24"),
        ("2001:DB8:0:0::/32", "2001:db8::/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_a_network_has_one_spelling(written: str, kept: str) -> None:
    assert network(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "",
        "gate.example",
        "203.0.113.7/24",
        "203.0.113.0/33",
        "203.0.113",
        "fe80::1%eth0",
        "1",
        "/8",
    ],
)
def test_what_is_none_is_refused(written: str) -> None:
    assert network(written) is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("203.0.113.0/24", "00000000000000000000ffffcb007100/120"),
        ("0.0.0.0/0", "00000000000000000000ffff00000000/96"),
        ("2001:db8::/32", "20010db8000000000000000000000000/32"),
        ("::/0", "00000000000000000000000000000000/0"),
    ],
)
def test_the_edge_has_it_as_digits_of_ipv6(text: str, digits: str) -> None:
    assert network_digits(text) == digits
