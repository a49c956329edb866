"""What is asked of a broken house, and how each is answered when nothing is broken."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from forecourt.actions.api_key import new_key
from forecourt.actions.networks import network_digits
from forecourt.actions.signing_key import generate_signing_key
from forecourt.edge.shared_level import SharedLevel
from tests.actions.builders import chance
from tests.end_to_end.house import SECRET, WELL, House
from tests.end_to_end.problems import problem
from tests.end_to_end.upstream import Upstream

# It has the form of a key.
OF_NOBODY = new_key(chance("nobody"), is_test=False)

Probe = Callable[[House], httpx.Response]


def _call(path: str, **given: Any) -> Probe:
    return lambda house: house.call(path, **given)


def _with_key(path: str, key: str = "developer", **given: Any) -> Probe:
    return lambda house: house.call(path, key=house.keys[key], **given)


def _failing(probe: Probe) -> Probe:
    """The same while the upstream fails."""
    return _while_it_says(probe, 500, "text/plain", SECRET)


def _while_it_says(probe: Probe, status: int, media_type: str, body: str) -> Probe:
    """The same while the upstream says something else than it does when it is well."""

    def asked(house: House) -> httpx.Response:
        fields = {"content-type": media_type, "x-debug": SECRET}
        with answering(house.upstream, status, fields, body.encode()):
            return probe(house)

    return asked


@contextmanager
def answering(
    upstream: Upstream, status: int, headers: Mapping[str, str], body: bytes
) -> Iterator[None]:
    upstream.answers(status, {"content-type": "text/plain", **headers}, body)
    try:
        yield
    finally:
        upstream.answers(*WELL)


def _beyond_the_limit(path: str, key: str) -> Probe:
    """The first call that is refused: no more than one a minute is let through.

    A minute may be over between any two.
    """

    def asked(house: House) -> httpx.Response:
        for _ in range(3):
            answer = house.call(path, key=house.keys[key])
            if answer.status_code != 200:
                break
        return answer

    return asked


def _while_it_is_full(house: House) -> httpx.Response:
    level = SharedLevel(house.gateway.state / "run" / "buckets")
    level.say(100.0, till=time.monotonic() + 10)
    try:
        return house.call("/lamps/v3/things", key=house.keys["developer"])
    finally:
        level.say(0.0, till=0.0)


def _one_too_many(house: House) -> httpx.Response:
    """While another of the caller waits for its body."""
    for _ in range(3):  # one whose caller is asked about just then waits before it has its place
        answer = _while_another_waits(house)
        if answer.status_code != 200:
            break
    return answer


def _while_another_waits(house: House) -> httpx.Response:
    head = "POST /lamps/v3/things HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n"
    field = f"content-type: application/json\r\nx-api-key: {house.keys['single']}\r\n\r\n"
    house.call("/lamps/v3/things", key=house.keys["single"])  # who is known waits for nobody
    with house.gateway.socket() as waiting:
        waiting.sendall(f"{head}{field}".encode())
        for _ in range(50):  # it takes its place soon
            answer = house.call("/lamps/v3/things", key=house.keys["single"])
            if answer.status_code != 200:
                break
            time.sleep(0.02)
        return answer


def _too_many_judged_by_others(house: House) -> httpx.Response:
    """More bodies than the control plane judges for one application at once."""
    key = house.keys["developer"]
    for _ in range(15):
        _judged(house, key, b'"ab"')
    return _judged(house, key, b'"ab"')


def _judged_by_others(body: bytes) -> Probe:
    return lambda house: _judged(house, house.judged_key(), body)


def _judged(house: House, key: str, body: bytes) -> httpx.Response:
    return house.call("/lamps/v3/judged", method="POST", body=body, key=key, headers=JSON)


JSON = {"content-type": "application/json"}


def _as_partner_two(house: House) -> httpx.Response:
    return house.call("/prices/things", host="two.localhost", certificate=house.certificate)


def _with_a_service_token(house: House) -> httpx.Response:
    fields = {"x-internal-service-token": house.service_token}
    return house.call("/stock/things", listener="internal", headers=fields)


def _with_a_token_of_nobody(house: House) -> httpx.Response:
    token = generate_signing_key().sign({"iss": "https://id.acme.example/"})
    return house.call("/lamps/v3/things", token=token)


def _two_callers(house: House) -> httpx.Response:
    keys = house.keys
    return house.call("/lamps/v3/things", key=keys["developer"], token=keys["partner"])


def _one_caller_twice(house: House) -> httpx.Response:
    key = house.keys["developer"]
    return house.call("/lamps/v3/things", key=key, token=key)


def _two_that_are_for_less(house: House) -> httpx.Response:
    token = house.own_token(scope="read")
    return house.call("/lamps/v3/things", key=house.keys["reading"], token=token)


def _after_news(house: House, *lines: str) -> httpx.Response:
    """A call by a known key, when the edge has just heard something."""
    house.call("/lamps/v3/things", key=house.keys["developer"])
    house.call("/lamps/v3/things", key=OF_NOBODY)
    path = house.gateway.state / "run" / "news"
    said_before = path.read_text()
    store, latest = said_before.splitlines()[0].split()
    text = "".join(f"{line}\n" for line in lines).format(*range(int(latest) + 1, int(latest) + 9))
    path.write_text(f"{store} {int(latest) + len(lines)}\n{text}" if lines else "garbage\n")
    try:
        time.sleep(NEWS_SECONDS)
        return house.call("/lamps/v3/things", key=house.keys["developer"])
    finally:
        path.write_text(said_before)


def _after_news_of_one(house: House) -> httpx.Response:
    return _after_news(house, "{0} credential key_x", "{1} consumer developer%3Aada")


def _after_other_news(house: House) -> httpx.Response:
    return _after_news(house, "{0} everything -")


def _after_no_news(house: House) -> httpx.Response:
    return _after_news(house)


def _while_nobody_answers(house: House) -> httpx.Response:
    """A known caller about whom the edge would ask again, if it could."""
    time.sleep(NEWS_SECONDS)  # what was heard before is forgotten by then
    house.call("/lamps/v3/things", key=house.keys["developer"])
    with house.gateway.paused():
        return _after_news(house)


def _from_a_blocked_address(house: House) -> httpx.Response:
    path = house.gateway.state / "run" / "blocks"
    said_before = path.read_text()
    path.write_text(f"blocks probe 1\n{network_digits('127.0.0.0/8')} 9999999999\n")
    try:
        time.sleep(NEWS_SECONDS)
        return house.call("/lamps/v3/things", key=house.keys["developer"])
    finally:
        path.write_text(said_before)
        time.sleep(NEWS_SECONDS)


# Workers look this often (forecourt.news, forecourt.blocks).
NEWS_SECONDS = 0.3

PROBES: dict[str, Probe] = {
    "a key": _with_key("/lamps/v3/things"),
    "a test key": _with_key("/lamps/v3/things", "test"),
    "a key that may come from here": _with_key("/lamps/v3/things", "here"),
    "a key that may not": _with_key("/lamps/v3/things", "elsewhere"),
    "a version with a sunset": _with_key("/lamps/v2/things"),
    "a version that is gone": _with_key("/lamps/v1/things"),
    "an operation and parameters that end": _with_key(
        "/lamps/v3/ending?old=1", headers={"cookie": "old=1"}
    ),
    "a path in UTF-8": _with_key("/lamps/v3/files/%E6%9D%B1.json"),
    "a path of two parts in UTF-8": _with_key("/lamps/v3/both/%E6%9D%B1%E4%BA%AC"),
    "a parameter that is not as declared": _with_key("/lamps/v3/counted?limit=x"),
    "a body that is missing": _with_key("/lamps/v3/judged", method="POST", headers=JSON),
    "a hidden member": _with_key(
        "/lamps/v3/things", method="POST", body=b'{"risk":1,"id":2}', headers=JSON
    ),
    "a path that others read as a hidden one": _with_key("/lamps/v3/things/Mine.json"),
    "a body of no kind": _with_key("/lamps/v3/things", method="POST", body=b"[]"),
    "a body that is not as declared": _with_key(
        "/lamps/v3/things", method="POST", body=b"[]", headers=JSON
    ),
    "a path in two readings": _with_key("/lamps/v3/%252e"),
    "a blocked caller": _with_key("/lamps/v3/things", "blocked"),
    "no credential": _call("/lamps/v3/things"),
    "no credential where none is asked for": _call("/open/v1/things"),
    "no key at all": _call("/lamps/v3/things", key="fc_live_no"),
    "a key of nobody": _call("/lamps/v3/things", key=OF_NOBODY),
    "a token": lambda house: house.call("/lamps/v3/things", token=house.token()),
    "one caller twice": _one_caller_twice,
    "two callers": _two_callers,
    "two that are for less": _two_that_are_for_less,
    "a token whose key nobody knows": _with_a_token_of_nobody,
    "a token of our own": lambda house: house.call("/lamps/v3/things", token=house.own_token()),
    "the authorization server": _call("/oauth/jwks"),
    "a partner": _with_key("/prices/things", "partner"),
    "a partner that nothing pins": _with_key("/prices/things", "unpinned"),
    "a partner and a day": _with_key(
        "/prices/things", "partner", headers={"api-version": "2024-06-30"}
    ),
    "a partner and a day of nothing": _with_key(
        "/prices/things", "partner", headers={"api-version": "1999-06-30"}
    ),
    "a partner with a certificate": _as_partner_two,
    "a service": _call("/stock/things", service="orders"),
    "a service by flags": _call("/flagged/things", service="orders"),
    "a service that is not allowed": _call("/stock/things", service="billing"),
    "a service with a token": _with_a_service_token,
    "a method that is not there": _with_key("/lamps/v3/things/7", method="PUT"),
    "a path that is not there": _with_key("/lamps/v3/nothing/at/all"),
    "a scope that a person gives": _with_key("/lamps/v3/approvals"),
    "a token without the scope": lambda house: house.call(
        "/lamps/v3/approvals", token=house.token()
    ),
    "TRACE": _with_key("/lamps/v3/things", method="TRACE"),
    "beyond the limit": _beyond_the_limit("/lamps/v3/things", "slow"),
    "beyond what an API gives": _beyond_the_limit("/scarce/v1/things", "developer"),
    "an operation with a limit": _with_key("/lamps/v3/often"),
    "a caller whose requests are counted": _with_key("/lamps/v3/things", "counted"),
    "one too many at a time": _one_too_many,
    "beyond an operation's limit": _beyond_the_limit("/lamps/v3/seldom", "developer"),
    "an upstream that fails": _failing(_with_key("/lamps/v3/things")),
    "an answer that is a page": _while_it_says(
        _with_key("/lamps/v3/things"), 200, "text/html", SECRET
    ),
    "an answer that is no JSON": _while_it_says(
        _with_key("/lamps/v3/things"), 200, "application/json", SECRET
    ),
    "a refusal that is not declared": _while_it_says(
        _with_key("/lamps/v3/things"), 418, "application/json", json.dumps(SECRET)
    ),
    "a body that is not declared": _while_it_says(
        _with_key("/lamps/v3/things", method="DELETE"), 202, "application/json", json.dumps(SECRET)
    ),
    "an answer that is observed": _call("/seen/things", service="orders"),
    "a version that the service does not speak": _with_key(
        "/old/v1/things/7", method="PUT", body=b'{"price":4990}', headers=JSON
    ),
    "what has no equal in what the service speaks": _call(
        "/old/v1/things/7", service="orders", method="PUT", body=b'{"price":1.5}', headers=JSON
    ),
    "what is no JSON, and would have to be raised": _call(
        "/old/v1/things/7",
        service="orders",
        method="PUT",
        body=b"x",
        headers={"content-type": "text/plain"},
    ),
    "what cannot be read to be raised": _call(
        "/old/v1/things/7", service="orders", method="PUT", body=b"{", headers=JSON
    ),
    "an answer that has no equal": _while_it_says(
        _with_key("/old/v1/things/7"), 200, "application/json", json.dumps({"price": SECRET})
    ),
}


EXPECTED = {
    "a key": 200,
    "a test key": 200,
    "a key that may come from here": 200,
    "a key that may not": 403,
    "a version with a sunset": 200,
    "a version that is gone": 410,
    "an operation and parameters that end": 200,
    "a path in UTF-8": 200,
    "a path of two parts in UTF-8": 200,
    "a parameter that is not as declared": 400,
    "a body that is missing": 400,
    "a hidden member": 200,
    "a path that others read as a hidden one": 404,
    "a body of no kind": 415,
    "a body that is not as declared": 422,
    "a path in two readings": 400,
    "a blocked caller": 403,
    "no credential": 401,
    "no credential where none is asked for": 200,
    "no key at all": 401,
    "a key of nobody": 401,
    "a token": 200,
    "a token whose key nobody knows": 401,
    "a token of our own": 200,
    "the authorization server": 200,
    "a partner that nothing pins": 200,
    "a partner and a day of nothing": 400,
    "a service by flags": 200,
    "one caller twice": 200,
    "two callers": 400,
    "two that are for less": 200,
    "a partner": 200,
    "a partner and a day": 200,
    "a partner with a certificate": 200,
    "a service": 200,
    "a service that is not allowed": 404,
    "a service with a token": 200,
    "a method that is not there": 405,
    "a path that is not there": 404,
    "a scope that a person gives": 403,
    "a token without the scope": 403,
    "TRACE": 405,
    "beyond the limit": 429,
    "beyond what an API gives": 429,
    "an operation with a limit": 200,
    "a caller whose requests are counted": 200,
    "one too many at a time": 429,
    "beyond an operation's limit": 429,
    "an upstream that fails": 500,
    "an answer that is a page": 502,
    "an answer that is no JSON": 502,
    "a refusal that is not declared": 418,
    "a body that is not declared": 202,
    "an answer that is observed": 200,
    "a version that the service does not speak": 200,
    "what has no equal in what the service speaks": 422,
    "what is no JSON, and would have to be raised": 415,
    "what cannot be read to be raised": 400,
    "an answer that has no equal": 406,
}


# What the edge hears is looked at four times a second, so these take longer.
ABOUT_NEWS = {"news", "entitlements", "strangers", "texts"}
NEWS_PROBES: dict[str, Probe] = {
    "news of one": _after_news_of_one,
    "other news": _after_other_news,
    "garbled news": _after_no_news,
    "garbled news and nobody to ask": _while_nobody_answers,
}

# Who is turned away waits for hearing it.
ABOUT_SHEDDING = {"shedding", "gate"}
SHEDDING_PROBES: dict[str, Probe] = {"a caller while the machine is full": _while_it_is_full}

ABOUT_BLOCKS = {"blocks", "addresses", "gate"}
BLOCK_PROBES: dict[str, Probe] = {"a blocked address": _from_a_blocked_address}

# What others judge has a limit of its own, so these have callers of their own.
ABOUT_OTHERS = {"fallback", "inward"}
OTHERS_PROBES: dict[str, Probe] = {
    "a body that others judge": _judged_by_others(b'"ab"'),
    "a body that others find wrong": _judged_by_others(b'"ac"'),
    "a parameter that others judge": lambda house: house.call(
        "/lamps/v3/counted?code=ab", key=house.judged_key()
    ),
    "bodies that others judge, too many": _too_many_judged_by_others,
}

# Functions have a limit too, which so few calls as these do not reach.
ABOUT_FUNCTIONS = {"functions", "lowering", "raising"}
FUNCTION_PROBES: dict[str, Probe] = {
    "what functions make": _with_key(
        "/made/v1/things/7", method="PUT", body=b'{"price":4990}', headers=JSON
    ),
    "an answer that a function refuses": _while_it_says(
        _with_key("/made/v1/things/7"), 200, "application/json", '{"price":"x"}'
    ),
    "an answer on which a function fails": _while_it_says(
        _with_key("/made/v1/things/7"), 200, "application/json", '{"price":[]}'
    ),
}
EXPECTED_OF_OTHERS = {
    "a blocked address": 403,
    "a caller while the machine is full": 503,
    "a body that others find wrong": 422,
    "bodies that others judge, too many": 429,
    "an answer that a function refuses": 406,
    "an answer on which a function fails": 502,
}

SLOW_PROBES = {**NEWS_PROBES, **BLOCK_PROBES, **SHEDDING_PROBES, **OTHERS_PROBES, **FUNCTION_PROBES}


def expected(name: str) -> int:
    """The status of a probe's answer."""
    return EXPECTED.get(name) or EXPECTED_OF_OTHERS.get(name, 200)


def is_closed(answer: httpx.Response, *, about: str) -> None:
    """Asserts that it is a problem of the edge, which tells nothing."""
    assert answer.status_code >= 400, about
    assert answer.headers["content-type"] == "application/problem+json", about
    assert SECRET not in answer.text, about
    assert SECRET not in str(answer.headers), about
    closed = problem(answer.text) if answer.status_code != 502 else answer.json()
    assert closed["status"] == answer.status_code, about
    assert "injected" not in answer.text, about
