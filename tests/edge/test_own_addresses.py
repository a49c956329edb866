"""The addresses of this machine."""

from __future__ import annotations

import socket
from ipaddress import ip_address

from forecourt.edge.own_addresses import own_addresses


def test_each_is_this_machines_and_none_is_loopback() -> None:
    for address in own_addresses():
        parsed = ip_address(address)
        assert not parsed.is_loopback
        family = socket.AF_INET if parsed.version == 4 else socket.AF_INET6
        with socket.socket(family) as listening:
            listening.bind((address, 0))  # nobody may listen at another machine's
