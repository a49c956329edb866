"""What one caller can choose of its address, and what one organisation has."""

from __future__ import annotations

import pytest

from forecourt.defence.networks import one_caller, one_site


@pytest.mark.parametrize(
    ("address", "caller", "site"),
    [
        ("203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("-", None, None),
        (None, None, None),
    ],
)
def test_is(address: str | None, caller: str | None, site: str | None) -> None:
    assert (one_caller(address), one_site(address)) == (caller, site)
