"""A full machine: who is turned away, how, and that it waits for hearing it."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import h2.config
import h2.connection
import httpx
import pytest

from forecourt.compiler.envoy.pacing import MOST_PACED
from forecourt.edge.shared_level import SharedLevel
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

_TIERS = {
    name: {"availability": availability}
    for name, availability in (
        ("standard", "99.5%"),
        ("premium", "99.9%"),
        ("enterprise", "99.95%"),
    )
}
_LAMPS = "/lamps/v1/things"

# As Envoy logs of who had to wait.
_WAITED = "DI"


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    """A public API and two partners, behind two workers."""
    return started_once(
        an_estate(
            apis={"lamps": an_api(versions={"1": {"contract": "openapi.yaml"}})},
            plans={"bursting": {"rate_limit": {"requests_per_minute": 6000}}},
            files={"sla.yaml": as_yaml({"tiers": _TIERS})},
            partners={
                "least": a_partner("lamps", id="partner_least", sla_tier="standard"),
                "best": a_partner("lamps", id="partner_best", sla_tier="enterprise"),
            },
        )
    )


@pytest.fixture
def level(gateway: Gateway) -> Iterator[Callable[[float], None]]:
    """Says how many are turned away, as the watch of a full machine does."""
    shared = SharedLevel(gateway.state / "run" / "buckets")
    yield lambda level: shared.say(level, till=time.monotonic() + 60)
    shared.say(0.0, till=0.0)


@pytest.fixture(scope="module")
def key(gateway: Gateway) -> str:
    """A developer's, whom every worker knows."""
    key = gateway.a_key(plan="bursting")
    for _ in range(12):
        assert gateway.call(_LAMPS, key=key).status_code == 200
    return key


def _is_turned_away(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    said = problem(answer.text)
    assert said["type"] == "urn:forecourt:problem:overloaded"
    assert said["request_id"] == answer.headers["x-request-id"]
    assert 2 <= int(answer.headers["retry-after"]) <= 8
    assert answer.headers["cache-control"] == "no-store"


def test_the_public_goes_first_and_services_last(
    gateway: Gateway, level: Callable[[float], None], key: str
) -> None:
    keys = {
        "public": key,
        "least": gateway.a_partner_key("least"),
        "best": gateway.a_partner_key("best"),
    }

    def served() -> set[str]:
        answers = {who: gateway.call(_LAMPS, key=key) for who, key in keys.items()}
        answers["service"] = gateway.call(_LAMPS, service="orders")
        for answer in answers.values():
            if answer.status_code != 200:
                _is_turned_away(answer)
        return {who for who, answer in answers.items() if answer.status_code == 200}

    assert served() == {"public", "least", "best", "service"}
    for most, those in (
        (100.0, {"least", "best", "service"}),
        (200.0, {"best", "service"}),
        (400.0, {"service"}),
    ):
        level(most)
        assert served() == those
    level(0.0)
    assert served() == {"public", "least", "best", "service"}


@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
@pytest.mark.parametrize(
    ("method", "body", "waits"),
    [("GET", None, True), ("POST", b"[]", True), ("POST", b"x" * 50_000, False)],
    ids=["no body", "a short body", "a long body"],
)
def test_who_is_turned_away_waits_before_it_hears_it(
    gateway: Gateway,
    level: Callable[[float], None],
    key: str,
    http2: bool,
    method: str,
    body: bytes | None,
    waits: bool,
) -> None:
    level(100.0)
    json_body = {"content-type": "application/json"} if body else {}
    answer = gateway.call(_LAMPS, method=method, key=key, body=body, headers=json_body, http2=http2)
    _is_turned_away(answer)
    logged = gateway.logged(answer)
    assert logged["reason"] == "shed"
    assert logged["consumer"].startswith("developer:")
    assert logged["route"].startswith("lamps@")
    assert (_WAITED in logged["flags"]) is waits


def test_before_the_body_is_there(
    gateway: Gateway, level: Callable[[float], None], key: str
) -> None:
    level(100.0)
    head = f"POST {_LAMPS} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\n"
    answer = gateway.raw(
        f"{head}content-type: application/json\r\ncontent-length: 50000\r\n\r\n".encode()
    )
    assert answer is not None
    assert answer.status == 503


def test_inside_nobody_waits(gateway: Gateway, level: Callable[[float], None]) -> None:
    level(500.0)
    answer = gateway.call(_LAMPS, service="orders")
    assert answer.status_code == 503
    assert problem(answer.text)["reason"] == "shed"
    assert 2 <= int(answer.headers["retry-after"]) <= 8
    assert _WAITED not in gateway.logged(answer)["flags"]


def test_nobody_has_anybody_wait_by_fields_of_its_own(
    gateway: Gateway, level: Callable[[float], None], key: str
) -> None:
    fields = dict.fromkeys(
        (
            "forecourt-paced",
            "forecourt-retry-after",
            "x-envoy-fault-delay-request",
            "x-envoy-fault-abort-request",
            "x-envoy-fault-throughput-response",
        ),
        "599",
    )
    served = gateway.call(_LAMPS, key=key, headers=fields)
    assert served.status_code == 200
    level(100.0)
    shed = gateway.call(_LAMPS, key=key, headers=fields)
    _is_turned_away(shed)
    assert [_WAITED in gateway.logged(answer)["flags"] for answer in (served, shed)] == [
        False,
        True,
    ]


_STREAMS, _CALLERS = 120, MOST_PACED // 120 + 5


@pytest.mark.slow
def test_so_many_wait_at_a_time_and_others_hear_it_at_once(
    gateway: Gateway, level: Callable[[float], None], key: str
) -> None:
    """What waits is held in memory, so that it must not be more than some."""
    level(100.0)
    path = "/lamps/v1/flood"
    with ExitStack() as stack:
        callers = [stack.enter_context(gateway.socket(alpn=["h2"])) for _ in range(_CALLERS)]
        for secure in callers:
            secure.sendall(_asking_for_many(path, key).data_to_send())
        eventually(
            lambda: len(_logged(gateway, path)) >= _STREAMS * _CALLERS,
            what="all are answered and logged",
        )
    lines = _logged(gateway, path)
    assert {line["status"] for line in lines} == {503}
    assert {line["upstream_duration"] for line in lines} == {None}, "it reached the service"
    waited = Counter(_WAITED in line["flags"] for line in lines)
    # Envoy looks at the number before it adds to it, so that each worker may add one more.
    assert MOST_PACED / 2 < waited[True] <= MOST_PACED + 2
    assert waited[False] > 0
    level(0.0)
    assert gateway.call(_LAMPS, key=key).status_code == 200


@pytest.mark.parametrize("closes", [False, True], ids=["its streams", "its connection"])
def test_who_ends_waits_no_more(
    gateway: Gateway, level: Callable[[float], None], key: str, closes: bool
) -> None:
    """Else whoever resets what it asks for would take the places of all who wait."""
    level(100.0)
    waiting = re.compile(r"^envoy_http_fault_active_faults{.*external.*} (\d+)$", re.MULTILINE)

    def those_who_wait() -> list[int]:
        return [int(n) for n in waiting.findall(gateway.operations("/metrics").text)]

    path = f"/lamps/v1/{'closed' if closes else 'reset'}"
    speaker = _asking_for_many(path, key)
    with gateway.socket(alpn=["h2"]) as secure:
        secure.sendall(speaker.data_to_send())
        if not closes:
            for number in range(_STREAMS):
                speaker.reset_stream(2 * number + 1)
            secure.sendall(speaker.data_to_send())
            eventually(lambda: those_who_wait() == [0], what="nobody waits")
    eventually(lambda: those_who_wait() == [0], what="nobody waits")
    eventually(lambda: len(_logged(gateway, path)) == _STREAMS, what="all are logged")
    assert any(_WAITED in line["flags"] for line in _logged(gateway, path)), "nobody had to wait"


def _asking_for_many(path: str, key: str) -> h2.connection.H2Connection:
    """A connection over HTTP/2 that has as much to ask for as it may."""
    head = {":method": "GET", ":path": path, ":scheme": "https", ":authority": "localhost"}
    speaker = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    speaker.initiate_connection()
    for number in range(_STREAMS):
        fields = [*head.items(), ("x-api-key", key)]
        speaker.send_headers(2 * number + 1, fields, end_stream=True)
    return speaker


def _logged(gateway: Gateway, path: str) -> list[dict[str, Any]]:
    lines = (gateway.state / "logs" / "access.log").read_bytes().splitlines()
    found = [json.loads(line) for line in lines if line.endswith(b"}")]
    return [{**line, "flags": line["flags"] or ""} for line in found if line["path"] == path]
