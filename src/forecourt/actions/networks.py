"""Networks from which a credential may come: CIDR (RFC 4632, RFC 4291), and how the edge has it."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

_Network = IPv4Network | IPv6Network

# The bits before an address of IPv4 that IPv6 maps it to (RFC 4291, section 2.5.5.2).
_MAPPED_BITS = 96
_MAPPED = 0xFFFF << 32


def network(text: str) -> str | None:
    """A network in its one spelling, `203.0.113.0/24`; an address is a network of one. None: it is
    neither, or has bits set that its length leaves out."""
    try:
        read = ip_network(text.strip())
    except ValueError:
        return None
    if isinstance(read, IPv6Network) and read.network_address.scope_id is not None:
        return None  # a zone means something on one machine only
    return str(_unmapped(read))


def _unmapped(read: _Network) -> _Network:
    """One spelling of what IPv6 maps."""
    if isinstance(read, IPv4Network) or read.prefixlen < _MAPPED_BITS:
        return read
    mapped = read.network_address.ipv4_mapped
    return read if mapped is None else IPv4Network((mapped, read.prefixlen - _MAPPED_BITS))


def network_digits(text: str) -> str:
    """A network as the edge reads it: the 32 hexadecimal digits of its first address as IPv6 has
    it, and the bits that count: `00000000000000000000ffffcb007100/120`."""
    read = ip_network(text)
    first, bits = int(read.network_address), read.prefixlen
    if isinstance(read, IPv4Network):
        first, bits = _MAPPED | first, _MAPPED_BITS + bits
    return f"{first:032x}/{bits}"
