"""Ports of this machine that nobody listens on."""

from __future__ import annotations

import random
import socket

# Below those that the kernel gives to outgoing connections (from 32768 on), so that none of these
# takes a port between our choosing it and Envoy's binding it.
_CHOICE = range(20_000, 32_000)
_CHANCE = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """So many different ones."""
    found: list[int] = []
    while len(found) < count:
        port = _CHANCE.choice(_CHOICE)
        if port not in found and _is_free(port):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
