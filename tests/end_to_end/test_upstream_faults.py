"""Upstreams that fail: what they say of it does not leave."""

from __future__ import annotations

import gzip
import json

import httpx
import pytest

from tests.end_to_end.house import SECRET, House
from tests.end_to_end.house_probes import PROBES, is_closed
from tests.end_to_end.problems import problem
from tests.end_to_end.raw_socket import RawServer, an_answer

FAULTS_OF_UPSTREAMS: dict[str, bytes] = {
    "a stack trace": an_answer("500 Internal Server Error", SECRET, content_type="text/plain"),
    "a status of its own": an_answer("599 Whatever", SECRET),
    "a problem of its own": an_answer(
        "503 Service Unavailable", SECRET, content_type="application/problem+json"
    ),
    "a compressed one": an_answer(
        "500 Oops", gzip.compress(SECRET.encode()), content_encoding="gzip"
    ),
    "an enormous one": an_answer("500 Oops", SECRET * 100_000),
    "one in chunks": (
        b"HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        b"%x\r\n%s\r\n0\r\nx-debug: %s\r\n\r\n" % (len(SECRET), SECRET.encode(), SECRET.encode())
    ),
    "one in its fields": an_answer("502 Bad Gateway", "", x_debug=SECRET, set_cookie=SECRET),
    "one that breaks off": an_answer("500 Oops", SECRET, content_length="9999"),
    "half a head": b"HTTP/1.1 500 Oops\r\nx-debug: " + SECRET.encode(),
    "garbage": SECRET.encode(),
    "nothing": b"",
}


@pytest.fixture
def odd_upstream(house: House) -> RawServer:
    """The upstream of the APIs `odd` and `inner`, which answers as a test says."""
    return house.odd


@pytest.mark.parametrize("fault", FAULTS_OF_UPSTREAMS)
@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1", "HTTP/2"])
def test_what_an_upstream_says_in_its_failure_does_not_leave(
    house: House, odd_upstream: RawServer, fault: str, http2: bool
) -> None:
    odd_upstream.answer = FAULTS_OF_UPSTREAMS[fault]
    key = house.keys["developer"]
    for method in ("GET", "POST", "HEAD"):
        answer = house.call("/odd/v1/things", key=key, http2=http2, method=method)
        assert 500 <= answer.status_code <= 599
        assert "db-7.inside" not in answer.text + str(answer.headers)
        assert not {"x-debug", "set-cookie", "content-encoding"} & set(answer.headers)
        if method != "HEAD":
            assert problem(answer.text)["status"] == answer.status_code
            assert answer.headers["content-type"] == "application/problem+json"


def test_what_nobody_holds_to_a_contract_leaves_as_it_came(
    house: House, odd_upstream: RawServer
) -> None:
    """Inside, below 500: nothing of ours touches an answer, and none is made longer or shorter."""
    for status in ("200 OK", "202 Accepted", "304 Not Modified", "400 Bad", "404 No", "499 Odd"):
        odd_upstream.answer = an_answer(status, "" if "304" in status else SECRET, x_debug="kept")
        answer = house.call("/inner/things", service="orders")
        assert str(answer.status_code) == status.partition(" ")[0]
        assert answer.text == ("" if "304" in status else SECRET)
        assert answer.headers["x-debug"] == "kept"


def test_what_the_edge_itself_cannot_do_is_a_problem_as_it_wrote_it(
    house: House, odd_upstream: RawServer
) -> None:
    """Envoy's own answer, where the upstream ends the connection without one."""
    odd_upstream.answer = b""
    key = house.keys["developer"]
    for method in ("GET", "HEAD"):
        answer = house.call("/odd/v1/things", key=key, method=method)
        assert answer.status_code == 503
        if method == "GET":
            assert problem(answer.text)["type"] == "urn:forecourt:problem:upstream-unavailable"
        else:
            assert answer.text == ""


@pytest.mark.parametrize(
    "name",
    [
        *("a key", "a token", "a partner", "a partner with a certificate", "one caller twice"),
        *("a service", "a service with a token"),
    ],
)
def test_nothing_that_proves_who_calls_reaches_an_upstream(house: House, name: str) -> None:
    assert PROBES[name](house).status_code == 200
    assert house.asked() == 1
    received = house.upstream.last()
    assert not received.names() & {
        *("authorization", "x-api-key", "x-forwarded-client-cert", "x-internal-service-token"),
    }
    secrets = (*house.keys.values(), house.service_token)
    assert not [secret for secret in secrets if secret in str(received)]


def test_colleagues_read_what_an_upstream_says_in_its_failure(
    house: House, odd_upstream: RawServer
) -> None:
    odd_upstream.answer = FAULTS_OF_UPSTREAMS["a stack trace"]
    answer = house.call("/inner/things", service="orders")
    assert answer.status_code == 500
    assert answer.text == SECRET


def test_an_answer_that_breaks_off_is_not_made_whole(house: House, odd_upstream: RawServer) -> None:
    odd_upstream.answer = an_answer("200 OK", "half", content_length="9999")
    with pytest.raises(httpx.RemoteProtocolError):
        house.call("/inner/things", service="orders")


def test_an_answer_that_breaks_off_while_it_is_held_back_does_not_leave(
    house: House, odd_upstream: RawServer
) -> None:
    whole = json.dumps({"name": "lamp"})
    odd_upstream.answer = an_answer(
        "200 OK", whole, content_length="9999", content_type="application/json"
    )
    answer = house.call("/odd/v1/things", key=house.keys["developer"])
    assert answer.status_code >= 500
    is_closed(answer, about="half an answer")
