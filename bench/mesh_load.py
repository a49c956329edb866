"""Load with client certificates, which wrk cannot bring: `python -m bench.mesh_load`.

Opens its connections once, and says `ready`. Each line of its input is then a number of seconds for
which to load, and each line that it prints what came of that: how many requests were answered, how
many of them with another status than 200, the latencies in milliseconds at 50 and 99 percent, and
requests a second. So no handshake is counted as the cost of a request.
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
    """Load as the input says, until it ends."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("port", type=int)
    arguments.add_argument("path")
    arguments.add_argument("--clients", required=True, help="a folder with service-N.pem and .key")
    arguments.add_argument("--connections", type=int, default=SERVICES)
    given = arguments.parse_args()
    request = f"GET {given.path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
    open_ones = [_connected(given.port, given.clients, n) for n in range(given.connections)]
    print("ready", flush=True)
    for line in sys.stdin:
        print(*_load(open_ones, request, float(line)), flush=True)
    return 0


def _load(open_ones: list[ssl.SSLSocket], request: bytes, seconds: float) -> tuple[str, ...]:
    """Sends on all connections, then reads on all, until the time is over."""
    answered = refused = 0
    took: list[float] = []
    deadline = time.perf_counter() + seconds
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
    return str(answered), str(refused), f"{p50:.3f}", f"{p99:.3f}", f"{answered / seconds:.0f}"


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
