"""How many requests of one caller are under way at a time: never one too many, and none lost."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import httpx
import pytest

from tests.edge.luajit import Lua
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, a_service, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

_MOST = 5
_THINGS, _WHOLE = "/lamps/v1/things", "/stock/whole"


@dataclass(slots=True)
class Slow:
    """An upstream that counts what is at it, and answers when it may."""

    port: int = 0
    most: int = 0
    _there: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    opened: threading.Event = field(default_factory=threading.Event)
    # What ends an answer in pieces.
    ends: threading.Event = field(default_factory=threading.Event)
    # How long it takes while it is open; what it does in place of an answer.
    seconds: float = 0.0
    fails: str = ""

    @property
    def there(self) -> int:
        return self._there

    @contextmanager
    def visited(self) -> Iterator[Callable[[], None]]:
        """Somebody is there until the function that it gives is called, or the block ends.

        An answer has ended before its last byte is written: whoever has that may let another in.
        """
        with self._lock:
            self._there += 1
            self.most = max(self.most, self._there)
        left = threading.Event()

        def leave() -> None:
            with self._lock:
                self._there -= not left.is_set()
                left.set()

        try:
            yield leave
        finally:
            leave()

    @contextmanager
    def closed(self) -> Iterator[None]:
        """While nobody is answered."""
        self.opened.clear()
        try:
            yield
        finally:
            self.opened.set()


class _Request(BaseHTTPRequestHandler):
    upstream: Slow
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        with suppress(OSError):  # of a caller that left
            self._answer_it()

    def _answer_it(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        slow = self.upstream
        with slow.visited() as leave:
            slow.opened.wait(20)
            time.sleep(slow.seconds)
            match slow.fails:
                case "resets":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                case "halfway":
                    self._begin(b"100")
                    self.wfile.write(b'{"na')
                    self.wfile.flush()
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                case "fails":
                    self.send_error(503)
                case _ if self.path.endswith("whole"):
                    self._in_pieces(leave)
                case _:
                    leave()
                    self._begin(b"15")
                    if self.command != "HEAD":
                        self.wfile.write(b'{"name":"lamp"}')

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _begin(self, length: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", length.decode())
        self.end_headers()

    def _in_pieces(self, leave: Callable[[], None]) -> None:
        """Begins at once, and ends when it may."""
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"1\r\na\r\n")
        self.wfile.flush()
        self.upstream.ends.wait(20)
        leave()
        self.wfile.write(b"1\r\nb\r\n0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def slow() -> Iterator[Slow]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Request) as server:
        upstream = Slow(port=server.server_address[1])
        upstream.opened.set()
        upstream.ends.set()
        server.RequestHandlerClass = type("_Bound", (_Request,), {"upstream": upstream})
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield upstream
        server.shutdown()


@pytest.fixture(scope="module")
def gateway(started_once: Started, slow: Slow) -> Gateway:
    """A public API whose answers are held, an internal one whose are not, and two workers."""
    wide = {"requests_per_minute": 100_000, "concurrent_requests": _MOST}
    url = f"http://127.0.0.1:{slow.port}"
    return started_once(
        an_estate(
            apis={
                "lamps": an_api(upstream=f"{url}/lamps/"),
                "stock": an_api("internal", upstream=f"{url}/stock/"),
            },
            plans={
                "five": {"rate_limit": wide},
                "few": {"rate_limit": {"requests_per_minute": 12, "concurrent_requests": 1}},
            },
            services={
                "orders": a_service("orders", rate_limit={"concurrent_requests": 2}),
                "billing": a_service("billing"),
            },
            files={"apis/stock/openapi.yaml": as_yaml(a_contract("stock"))},
            local=False,
        )
    )


@pytest.fixture(autouse=True)
def fresh(slow: Slow) -> Iterator[None]:
    yield
    slow.seconds, slow.fails = 0.0, ""
    slow.opened.set()
    slow.ends.set()
    eventually(lambda: slow.there == 0, what="the upstream is done")
    slow.most = 0


_NUMBERS = count()


def _a_key(gateway: Gateway, plan: str = "five") -> str:
    return gateway.a_key(application=f"app {next(_NUMBERS)}", plan=plan)


def _statuses(gateway: Gateway, key: str, number: int) -> Counter[int]:
    """Of so many requests, one after the other."""
    return Counter(gateway.call(_THINGS, key=key).status_code for _ in range(number))


@contextmanager
def _under_way(gateway: Gateway, slow: Slow, key: str, number: int) -> Iterator[None]:
    """So many requests wait at the upstream, which answers none."""
    with ThreadPoolExecutor(number) as pool, slow.closed():
        there = slow.there
        answers = [pool.submit(gateway.call, _THINGS, key=key) for _ in range(number)]
        eventually(lambda: slow.there == there + number, what=f"{number} are under way")
        yield
        slow.opened.set()
        assert {answer.result().status_code for answer in answers} == {200}


def test_a_place_is_kept_for_longer_than_any_request_takes(gateway: Gateway) -> None:
    served = "".join(p.read_text() for p in (gateway.state / "current").rglob("*.json"))

    def longest(name: str) -> int:
        return max(map(int, re.findall(rf'"{name}": ?"(\d+)s"', served)))

    waited_for = 10  # for who calls and for what others judge, at most
    most = longest("request_timeout") + longest("timeout") + waited_for
    lease = Lua().module("places").LEASE
    assert most < longest("max_stream_duration") < lease, "also of one that is answered early"


def test_one_too_many_is_refused_and_told_so(gateway: Gateway, slow: Slow) -> None:
    key = _a_key(gateway)
    with _under_way(gateway, slow, key, _MOST):
        answer = gateway.call(_THINGS, key=key)
        assert answer.status_code == 429
        assert problem(answer.text)["type"] == "urn:forecourt:problem:concurrency-limited"
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["ratelimit"] == '"concurrent";r=0'
        policy = '"minute";q=100000;w=60, "concurrent";q=5;qu="concurrent-requests"'
        assert answer.headers["ratelimit-policy"] == policy
    assert _statuses(gateway, key, 20) == {200: 20}
    assert gateway.logged(answer)["reason"] == "concurrency-limited"
    told = gateway.run("why", answer.headers["x-request-id"]).stdout
    assert "were under way as may be at a time: 5" in told
    assert "plans.yaml" in told


def test_who_crowds_never_has_more_at_the_upstream_nor_less(gateway: Gateway, slow: Slow) -> None:
    """64 connections over two workers: a refusal only while all five are under way."""
    key, other = _a_key(gateway), _a_key(gateway)
    slow.seconds = 0.01
    least, most = time.monotonic() + 2, time.monotonic() + 30
    seen, lock, enough = Counter[int](), threading.Lock(), threading.Event()

    def press() -> None:
        with gateway.connection() as client:
            while not enough.is_set():
                status = client.get(_THINGS, headers={"x-api-key": key}).status_code
                with lock:
                    seen[status] += 1

    with ThreadPoolExecutor(64) as pool:
        presses = [pool.submit(press) for _ in range(64)]
        try:
            while time.monotonic() < most:
                assert gateway.call("/nothing", key=other).status_code == 404, "others go on"
                if time.monotonic() > least and slow.most >= _MOST and seen[200] > 20:
                    break
                time.sleep(0.1)
        finally:
            enough.set()
        for each in presses:
            each.result()
    assert slow.most == _MOST
    assert seen.keys() <= {200, 429}
    assert seen[200] > 20
    assert _statuses(gateway, key, 20) == {200: 20}


def test_a_refusal_costs_no_request_of_the_minute(gateway: Gateway, slow: Slow) -> None:
    key = _a_key(gateway, "few")
    with _under_way(gateway, slow, key, 1):
        assert _statuses(gateway, key, 30) == {429: 30}
    left = gateway.call(_THINGS, key=key).headers["ratelimit"]
    assert left.startswith('"minute";r=8;')


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"method": "POST", "body": b"[]", "headers": {"content-type": "text/odd"}}, 415),
        ({"method": "POST", "body": b"x" * 2_000_000}, 413),
        ({"path": "/lamps/v1/counted?limit=x"}, 400),
        ({"path": "/nothing/at/all"}, 404),
        ({"path": "/lamps/v1/nothing"}, 404),
        ({"method": "HEAD"}, 200),
        ({"http2": True}, 200),
        ({"headers": {"expect": "100-continue"}, "method": "POST", "body": b"{}"}, 415),
    ],
    ids=str,
)
def test_whatever_the_answer_the_place_is_given_back(
    gateway: Gateway, asked: dict[str, object], status: int
) -> None:
    key = _a_key(gateway)
    path = str(asked.pop("path", _THINGS))
    for _ in range(3 * _MOST):
        assert gateway.call(path, key=key, **asked).status_code == status  # type: ignore[arg-type]
    asked["path"] = path
    assert _statuses(gateway, key, _MOST) == {200: _MOST}


@pytest.mark.parametrize("fails", ["resets", "fails", "halfway"])
def test_an_upstream_that_fails_gives_it_back_too(gateway: Gateway, slow: Slow, fails: str) -> None:
    """Of an answer that broke off halfway the log tells, within seconds."""
    key, slow.fails = _a_key(gateway), fails
    for _ in range(_MOST):
        try:
            assert gateway.call(_THINGS, key=key).status_code >= 500
        except httpx.TransportError:
            assert fails == "halfway"
    slow.fails = ""
    eventually(lambda: _statuses(gateway, key, _MOST) == {200: _MOST}, what="all are free")


def test_an_answer_that_flows_counts_until_it_has_ended(gateway: Gateway, slow: Slow) -> None:
    """Its first piece is there at once; a service's answers are held to nothing, nor held back."""
    slow.ends.clear()
    with ExitStack() as connections:
        answers = []
        for service in ("orders", "orders", "billing"):
            certificate = gateway.client(service)
            client = connections.enter_context(
                gateway.connection(listener="internal", certificate=certificate)
            )
            answer = connections.enter_context(client.stream("GET", _WHOLE))
            pieces = answer.iter_raw()
            assert (answer.status_code, next(pieces)) == (200, b"a")
            answers.append(pieces)
        assert gateway.call(_WHOLE, service="orders").status_code == 429
        slow.ends.set()
        assert [b"".join(pieces) for pieces in answers] == [b"b"] * 3
    assert gateway.call(_WHOLE, service="orders").status_code == 200


def test_who_leaves_is_held_until_the_log_tells_and_no_longer(gateway: Gateway, slow: Slow) -> None:
    key = _a_key(gateway)
    with slow.closed():
        with _asked(gateway, slow, key, _MOST):
            assert gateway.call(_THINGS, key=key).status_code == 429
        slow.opened.set()  # which nobody hears any more
        eventually(lambda: _statuses(gateway, key, _MOST) == {200: _MOST}, what="all are free")


@contextmanager
def _asked(gateway: Gateway, slow: Slow, key: str, number: int) -> Iterator[None]:
    """So many requests wait at the upstream; after the block their caller has left."""
    request = f"GET {_THINGS} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\n\r\n"
    with ExitStack() as connections:
        for _ in range(number):
            connections.enter_context(gateway.socket()).sendall(request.encode())
        eventually(lambda: slow.there == number, what="all are under way")
        yield


def test_a_publish_frees_and_takes_nothing(gateway: Gateway, slow: Slow) -> None:
    key = _a_key(gateway)
    with _under_way(gateway, slow, key, _MOST):
        before = gateway.forecourt("revisions").stdout
        stock = gateway.read("apis/stock/api.yaml")
        gateway.save("apis/stock/api.yaml", stock.replace('"shop"', '"others"'))
        eventually(lambda: gateway.forecourt("revisions").stdout != before, what="published")
        assert gateway.call(_THINGS, key=key).status_code == 429
        gateway.save("apis/stock/api.yaml", stock)
    assert _statuses(gateway, key, _MOST) == {200: _MOST}


def test_nothing_is_under_way_at_an_envoy_that_starts(gateway: Gateway, slow: Slow) -> None:
    key = _a_key(gateway)
    with slow.closed(), _asked(gateway, slow, key, _MOST):
        before = gateway.envoy_pid
        os.kill(before, signal.SIGKILL)
        eventually(lambda: gateway.envoy_pid not in (0, before), what="another envoy")
    eventually(lambda: gateway.operations("/health/ready").status_code == 200, what="it serves")
    assert _statuses(gateway, key, 2 * _MOST) == {200: 2 * _MOST}
