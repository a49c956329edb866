"""The addresses of this machine."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

# `SIOCGIFADDR` (netdevice(7)): a request begins with a name, its answer has the address at 20.
_ASK_ADDRESS = 0x8915
_IPV6 = Path("/proc/net/if_inet6")


def own_addresses() -> tuple[str, ...]:
    """Those that others may call: neither loopback nor link-local; one of IPv4 an interface.

    Where the system tells them otherwise than Linux does: what its own name means.
    """
    found = {*_of_interfaces(), *_of_ipv6()} or {*_of_name()}
    return tuple(sorted(a for a in found if _is_for_others(a)))


def _of_interfaces() -> Iterator[str]:
    with suppress(ImportError, OSError):
        import fcntl  # not everywhere

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            for _, name in socket.if_nameindex():
                with suppress(OSError):
                    request = struct.pack("256s", name.encode()[:15])
                    told = fcntl.ioctl(asked.fileno(), _ASK_ADDRESS, request)
                    yield socket.inet_ntoa(told[20:24])


def _of_ipv6() -> Iterator[str]:
    with suppress(OSError):
        for line in _IPV6.read_text().splitlines():
            yield str(ip_address(bytes.fromhex(line.split()[0])))


def _of_name() -> Iterator[str]:
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None):
            yield str(address[0])


def _is_for_others(address: str) -> bool:
    parsed = ip_address(address.partition("%")[0])
    return not (parsed.is_loopback or parsed.is_link_local or parsed.is_unspecified)
