"""Load with client certificates, which wrk cannot bring: `python -m bench.mesh_load`.

Prints how many requests were answered, how many of them with another status than 200, and the
latencies in milliseconds at 50 and 99 percent.
"""

from __future__ import annotations

import argparse
import socket
import ssl
import sys
import time

from bench import rig
from bench.estates import SERVICES


def main() -> int:
    """Send on all connections, then read on all, until the time is over."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("port", type=int)
    arguments.add_argument("path")
    arguments.add_argument("--clients", required=True, help="a folder with service-N.pem and .key")
    arguments.add_argument("--seconds", type=float, default=1)
    arguments.add_argument("--connections", type=int, default=SERVICES)
    given = arguments.parse_args()
    request = f"GET {given.path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
    open_ones = [_connected(given.port, given.clients, n) for n in range(given.connections)]
    answered = refused = 0
    took: list[float] = []
    deadline = time.perf_counter() + given.seconds
    while time.perf_counter() < deadline:
        began = time.perf_counter()
        for connection in open_ones:
            connection.sendall(request)
        for connection in open_ones:
            if not _read(connection).startswith(b"HTTP/1.1 200 "):
                refused += 1
            took.append(time.perf_counter() - began)
        answered += len(open_ones)
    took.sort()
    p50, p99 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.99))
    print(answered, refused, f"{p50:.3f}", f"{p99:.3f}", f"{answered / given.seconds:.0f}")
    return 0


def _connected(port: int, clients: str, number: int) -> ssl.SSLSocket:
    context = rig.unchecked()
    context.load_cert_chain(f"{clients}/service-{number}.pem", f"{clients}/service-{number}.key")
    plain = socket.create_connection(("127.0.0.1", port), 5)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname="localhost")


def _read(connection: ssl.SSLSocket) -> bytes:
    """One answer with a length, whole."""
    data = connection.recv(65536)
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return data


if __name__ == "__main__":
    sys.exit(main())
