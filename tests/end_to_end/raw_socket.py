"""Servers that answer with bytes as they are, well-formed or not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_MOST_SECONDS = 10.0


@dataclass(slots=True)
class RawServer:
    """Answers each connection's first request with `answer` after `delay` seconds, and closes.

    `later` follows once `goes_on` is set; `endless` again and again, until the other side has
    enough: then `cut_off` is set.
    """

    answer: bytes = b""
    later: bytes = b""
    goes_on: threading.Event = field(default_factory=threading.Event)
    endless: bytes = b""
    cut_off: threading.Event = field(default_factory=threading.Event)
    delay: float = 0.0
    requests: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def a_raw_server(path: Path | None = None) -> Iterator[RawServer]:
    """One on loopback, or on a Unix socket at that path, while the block runs."""
    server = RawServer()
    listener = socket.socket(socket.AF_INET if path is None else socket.AF_UNIX)
    listener.bind(("127.0.0.1", 0) if path is None else str(path))
    listener.listen(64)
    if path is None:
        server.port = listener.getsockname()[1]
    thread = threading.Thread(target=_accept, args=(listener, server), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _accept(listener: socket.socket, server: RawServer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, server), daemon=True).start()


def _serve(connection: socket.socket, server: RawServer) -> None:
    with connection:
        try:
            head = b""
            while b"\r\n\r\n" not in head:
                more = connection.recv(65536)
                if not more:
                    return
                head += more
            server.requests.append(head)
            time.sleep(server.delay)
            connection.sendall(server.answer)
            if server.later:
                server.goes_on.wait(_MOST_SECONDS)
                connection.sendall(server.later)
            until = time.monotonic() + _MOST_SECONDS
            while server.endless and time.monotonic() < until:
                connection.sendall(server.endless)
        except OSError:
            server.cut_off.set()


def an_answer(status: str, body: bytes | str, **fields: str) -> bytes:
    """As it goes over a connection, which it ends; `fields` with `_` in the place of `-`."""
    content = body.encode() if isinstance(body, str) else body
    given = {"content-length": str(len(content)), "connection": "close"} | {
        name.replace("_", "-"): value for name, value in fields.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + content
