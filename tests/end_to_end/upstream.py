"""An upstream that remembers what it was sent, and answers what it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it reached the upstream; `headers` in order, names in lower case."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The one value of a field; None where it is absent."""
        values = self.values(name)
        assert len(values) <= 1, f"{name} came {len(values)} times: {values}"
        return values[0] if values else None

    def values(self, name: str) -> list[str]:
        return [value for field, value in self.headers if field == name]

    def names(self) -> set[str]:
        return {field for field, _ in self.headers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What to answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Upstream:
    """A recording HTTP/1.1 server on loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[Received] = []
        self.answers(200, {"content-type": "application/json"}, b'{"name":"lamp"}')

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(
        self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> None:
        """From now on every request is answered so."""
        self._told = Told(status=status, headers=headers or {}, body=body)

    def last(self) -> Received:
        """The newest request."""
        assert self.received, "nothing reached the upstream"
        return self.received[-1]

    def answer(self, request: Received) -> Told:
        self.received.append(request)
        return self._told


@contextmanager
def an_upstream(at: str = "127.0.0.1") -> Iterator[Upstream]:
    """One that runs while the block does, and listens there."""
    with ThreadingHTTPServer((at, 0), _Request) as server:
        upstream = Upstream(server.server_address[1])
        server.RequestHandlerClass = type("_Bound", (_Request,), {"upstream": upstream})
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield upstream
        finally:
            server.shutdown()
            thread.join()


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body go out in two pieces; the second would wait 40 ms for word of the first.
    disable_nagle_algorithm = True
    upstream: Upstream

    def _answer(self) -> None:
        told = self.upstream.answer(
            Received(
                method=self.command,
                path=self.path,
                headers=tuple((name.lower(), value) for name, value in self.headers.items()),
                body=self._body(),
            )
        )
        self.send_response_only(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(told.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told.body)

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("transfer-encoding", ""):
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def __getattr__(self, name: str) -> Callable[[], None]:
        """One answer to every method."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:
        """What came is in `received`."""
