"""A service has so long to answer, whatever it sends until then and whatever a caller asks for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.faults import FaultyCode
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.raw_socket import RawServer, a_raw_server

pytestmark = pytest.mark.end_to_end

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A gateway, and the service behind it."""

    gateway: Gateway
    upstream: RawServer
    code: FaultyCode
    key: str


@pytest.fixture(scope="module")
def shop(started_once: Started) -> Iterator[Shop]:
    with a_raw_server() as upstream:
        lamps = an_api(upstream=upstream.url)
        gateway = started_once(an_estate(apis={"lamps": lamps}, local=False))
        yield Shop(
            gateway=gateway, upstream=upstream, code=FaultyCode(gateway), key=gateway.a_key()
        )


@pytest.fixture
def slow(shop: Shop) -> Iterator[Shop]:
    """It gives its services a second in place of thirty."""
    routes = shop.code.file("routes-external.json")
    hurried = routes.replace(b'"timeout":"30s"', b'"timeout":"1s"')
    assert hurried != routes
    with shop.code.snapshot({"routes-external.json": hurried}) as is_taken:
        assert is_taken
        yield shop


@pytest.mark.parametrize("grpc_timeout", [None, "50m", "0m", "9H"])
def test_one_that_says_nothing_is_not_waited_for(slow: Shop, grpc_timeout: str | None) -> None:
    slow.upstream.delay = 5.0
    fields = {} if grpc_timeout is None else {"grpc-timeout": grpc_timeout}
    _ends(slow, fields)


def test_one_that_does_not_end_is_not_waited_for(slow: Shop) -> None:
    slow.upstream.delay, slow.upstream.answer = 0.0, _HEAD + b'{"a":'
    slow.upstream.later = b"1}  "  # never
    _ends(slow, {})


_WELL = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


@pytest.mark.parametrize("name", ["forecourt-waits", "Forecourt-Waits", "FORECOURT-WAITS"])
def test_nobody_but_the_gate_makes_a_request_wait(shop: Shop, name: str) -> None:
    shop.upstream.delay, shop.upstream.answer, shop.upstream.later = 0.0, _WELL, b""
    answer = shop.gateway.call("/lamps/v1/things", key=shop.key, headers={name: "yes"})
    assert answer.status_code == 200
    assert b"forecourt-waits" not in shop.upstream.requests[-1].lower()


def test_a_service_may_take_longer_than_a_body_is_waited_for(shop: Shop) -> None:
    """The caller is not known yet, so the gate lets the body in before it asks who it is."""
    assert shop.code.serve("thirty-seconds", {}), "the others give services a second"
    shop.upstream.delay, shop.upstream.answer, shop.upstream.later = 3.5, _WELL, b""
    answer = shop.gateway.call(
        "/lamps/v1/things",
        method="POST",
        key=shop.gateway.a_key(developer="lin"),
        headers={"content-type": "application/json"},
        body=b"{}",
    )
    assert answer.status_code == 200
    assert shop.upstream.requests[-1].startswith(b"POST /things ")
    assert b"forecourt-waits" not in shop.upstream.requests[-1].lower()


def _ends(slow: Shop, fields: dict[str, str]) -> None:
    began = time.monotonic()
    answer = slow.gateway.call("/lamps/v1/things", key=slow.key, headers=fields)
    seconds = time.monotonic() - began
    assert answer.status_code == 504
    assert problem(answer.text)["type"] == "urn:forecourt:problem:upstream-timeout"
    assert slow.gateway.logged(answer)["flags"] == "UT"
    assert 0.8 < seconds < 4
