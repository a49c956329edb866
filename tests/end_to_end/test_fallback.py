"""What the edge cannot judge exactly is judged beside it: the real Envoy and real processes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate, as_yaml
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream

_ANSWERS = {"200": {"description": "fine"}}
_NUMBERS = count()

# Not zero first; a pattern that no automaton says.
_CODE = {"type": "string", "pattern": "^(?!0)[0-9]+$"}
# Takes for ever on many an x.
_BOMB = {"type": "string", "pattern": "(x+x+)+y(?!z)"}


def _operation(schema: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"post": {"requestBody": {"required": True, "content": content}, "responses": _ANSWERS}}


def _contract() -> dict[str, Any]:
    order = {
        "type": "object",
        "required": ["id", "code"],
        "properties": {"id": {"type": "integer", "readOnly": True}, "code": _CODE},
    }
    paths: dict[str, Any] = {
        "/orders": _operation(order),
        "/bombs": _operation(_BOMB),
        "/plain": _operation({"type": "object", "required": ["a"]}),
        "/words": {
            "get": {
                "parameters": [{"name": "code", "in": "query", "schema": _CODE}],
                "responses": _ANSWERS,
            }
        },
    }
    return {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": paths}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    gateway: Gateway
    upstream: Upstream

    def a_key(self) -> str:
        """Of an application of its own, which has its budget still."""
        return self.gateway.a_key(application=f"app {next(_NUMBERS)}", plan="fast")

    def post(self, path: str, value: Any, key: str) -> httpx.Response:
        with self.gateway.connection() as client:
            return client.post(f"/shop/v1{path}", headers={"x-api-key": key}, json=value)

    def get(self, path: str, key: str) -> httpx.Response:
        with self.gateway.connection() as client:
            return client.get(f"/shop/v1{path}", headers={"x-api-key": key})


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream:
        fast = {"rate_limit": {"requests_per_minute": 100_000, "requests_per_day": 10_000_000}}
        estate = an_estate(
            apis={"shop": an_api(upstream=upstream.url)},
            files={"apis/shop/openapi.yaml": as_yaml(_contract())},
            plans={"fast": fast},
            local=False,
        )
        house = Served(gateway=started_once(estate), upstream=upstream)
        # The processes begin with the first body, which may have to come again.
        key = house.a_key()
        for _ in range(5):
            if house.post("/orders", {"code": "1"}, key).status_code == 200:
                break
        yield house


def test_a_body_that_keeps_its_schema_passes(served: Served) -> None:
    answer = served.post("/orders", {"code": "10"}, served.a_key())
    assert answer.status_code == 200, answer.text
    assert json.loads(served.upstream.last().body) == {"code": "10"}


def test_a_body_that_does_not_is_told_what_is_wrong(served: Served) -> None:
    answer = served.post("/orders", {"id": "5", "code": "01"}, served.a_key())
    assert answer.status_code == 422
    faults = {(f["pointer"], f["rule"]) for f in answer.json()["faults"]}
    assert faults == {("/id", "type"), ("/code", "pattern")}


@pytest.mark.parametrize(("code", "status"), [("10", 200), ("01", 400)])
def test_so_is_a_parameter(served: Served, code: str, status: int) -> None:
    assert served.get(f"/words?code={code}", served.a_key()).status_code == status


def test_a_pattern_that_takes_for_ever_lets_nothing_through_and_delays_nobody(
    served: Served,
) -> None:
    answers: list[httpx.Response] = []
    bomber, other = served.a_key(), served.a_key()
    served.post("/plain", {"a": 1}, other)
    bomb = threading.Thread(target=lambda: answers.append(served.post("/bombs", "x" * 40, bomber)))
    bomb.start()
    slowest = 0.0
    while bomb.is_alive():
        before = time.perf_counter()
        assert served.post("/plain", {"a": 1}, other).status_code == 200
        assert served.post("/plain", {"a": 1}, served.a_key()).status_code == 200  # a stranger
        slowest = max(slowest, time.perf_counter() - before)
    bomb.join()
    assert answers[0].status_code == 503
    assert answers[0].json()["type"].endswith(":cannot-judge")
    assert answers[0].headers["retry-after"]
    assert slowest < 1, "of them none waited for the pattern"


def test_who_sends_nothing_but_what_takes_for_ever_takes_nobodys_turn(served: Served) -> None:
    """All that one caller may have judged at once takes for ever, and others need the judge."""
    bomber, other, plain = served.a_key(), served.a_key(), served.a_key()
    for key in (bomber, other, plain):
        assert served.post("/plain", {"a": 1}, key).status_code == 200
    found, slowest = [], 0.0
    with ThreadPoolExecutor(10) as pool:
        bombs = [pool.submit(served.post, "/bombs", "x" * 40, bomber) for _ in range(10)]
        for _ in range(8):
            before = time.perf_counter()
            found.append(served.post("/orders", {"code": "1"}, other).status_code)
            found.append(served.post("/plain", {"a": 1}, plain).status_code)
            slowest = max(slowest, time.perf_counter() - before)
    assert found == [200] * 16
    assert slowest < 1
    assert {bomb.result().status_code for bomb in bombs} == {503}
    assert all(bomb.result().headers["retry-after"] for bomb in bombs)


def test_an_application_has_so_many_at_once(served: Served) -> None:
    key, other = served.a_key(), served.a_key()
    statuses = [served.post("/orders", {"code": "1"}, key).status_code for _ in range(20)]
    assert statuses[:10] == [200] * 10
    assert 429 in statuses
    limited = served.post("/orders", {"code": "1"}, key)
    while limited.status_code != 429:
        limited = served.post("/orders", {"code": "1"}, key)
    assert limited.json()["type"].endswith(":check-limited")
    assert int(limited.headers["retry-after"]) >= 1
    assert served.post("/plain", {"a": 1}, key).status_code == 200
    assert served.post("/orders", {"code": "1"}, other).status_code == 200
