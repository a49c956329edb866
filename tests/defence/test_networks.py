"""What one caller can choose of its address, and what one organisation has."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.defence.networks import one_caller, one_site


@pytest.mark.parametrize(
    ("address", "caller", "site"),
    [
        ("203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("256.0.0.1", None, None),
        ("203.0.113.07", None, None),
        ("203.0.113", None, None),
        ("203.0.113.7 ", None, None),
        ("-", None, None),
        (None, None, None),
    ],
)
def test_is(address: str | None, caller: str | None, site: str | None) -> None:
    assert (one_caller(address), one_site(address)) == (caller, site)


@given(st.ip_addresses(v=4))
def test_what_is_read_sooner_is_read_alike(address: object) -> None:
    found = one_caller(str(address)), one_site(str(address))
    assert found == tuple(str(ip_network(f"{address}/{n}", strict=False)) for n in (32, 24))
