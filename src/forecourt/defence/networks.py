"""Where callers come from, as far as one of them can choose it."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

# Whoever has an address of IPv6 has the /64 around it (RFC 6177), and of IPv4 that one alone.
_ONE = {4: 32, 6: 64}
# What one organisation is given at least: addresses in there say nothing of several callers.
_SITE = {4: 24, 6: 48}

# Most addresses are; to read one so takes a tenth of the time.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"((?:{_OCTET}\.){{3}})({_OCTET})")

# So many of the last addresses are remembered.
_MOST_REMEMBERED = 16_384


@lru_cache(_MOST_REMEMBERED)
def one_caller(address: str | None) -> str | None:
    """The smallest network that is one caller's: a /32, or a /64 of IPv6. None: no address."""
    return _around(address, _ONE)


@lru_cache(_MOST_REMEMBERED)
def one_site(address: str | None) -> str | None:
    """The smallest network that is one organisation's: a /24, or a /48 of IPv6."""
    return _around(address, _SITE)


def _around(address: str | None, bits: dict[int, int]) -> str | None:
    plain = _IPV4.fullmatch(address or "")
    if plain is None:
        return _around_any(address, bits)
    kept, last = plain.groups()
    return f"{kept}{last if bits[4] == 32 else 0}/{bits[4]}"


def _around_any(address: str | None, bits: dict[int, int]) -> str | None:
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    plain = found
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        plain = found.ipv4_mapped
    return str(ip_network(f"{plain}/{bits[plain.version]}", strict=False))
