"""What the edge cannot judge exactly is judged beside it: the real Envoy and real processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
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

# Whoever waited for a pattern would have one answer while it is matched, or two: each of so many
# patterns may be over before a slow machine has given `_SOME`, but not all of them.
_TRIES, _SOME = 20, 5

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


def _answered_during(bombs: Sequence[Future[httpx.Response]], ask: Callable[[], None]) -> int:
    """How many times somebody asks and has an answer before the first of them has one, or five."""
    for answered in range(_SOME):
        ask()
        if any(bomb.done() for bomb in bombs):
            return answered
    return _SOME


def test_a_pattern_that_takes_for_ever_lets_nothing_through_and_delays_nobody(
    served: Served,
) -> None:
    other, strangers = served.a_key(), iter([served.a_key() for _ in range(_TRIES)])
    served.post("/plain", {"a": 1}, other)

    def ask() -> None:
        assert served.post("/plain", {"a": 1}, other).status_code == 200

    with ThreadPoolExecutor(1) as pool:
        for _ in range(_TRIES):
            bomb = pool.submit(served.post, "/bombs", "x" * 40, served.a_key())
            stranger = served.post("/plain", {"a": 1}, next(strangers))
            assert stranger.status_code == 200
            answered = _answered_during([bomb], ask)
            answer = bomb.result()
            assert answer.status_code == 503
            assert answer.json()["type"].endswith(":cannot-judge")
            assert answer.headers["retry-after"]
            if answered >= _SOME:
                return
    raise AssertionError("whoever asks waits for the pattern")


def test_who_sends_nothing_but_what_takes_for_ever_takes_nobodys_turn(served: Served) -> None:
    """All that one caller may have judged at once takes for ever, and others need the judge."""
    plain = served.a_key()
    with ThreadPoolExecutor(10) as pool:
        for _ in range(_TRIES):
            bomber, other = served.a_key(), served.a_key()
            for key in (bomber, other, plain):
                assert served.post("/plain", {"a": 1}, key).status_code == 200

            def ask(key: str = other) -> None:
                assert served.post("/orders", {"code": "1"}, key).status_code == 200
                assert served.post("/plain", {"a": 1}, plain).status_code == 200

            bombs = [pool.submit(served.post, "/bombs", "x" * 40, bomber) for _ in range(10)]
            answered = _answered_during(bombs, ask)
            for _ in range(_SOME):
                ask()
            assert {bomb.result().status_code for bomb in bombs} == {503}
            assert all(bomb.result().headers["retry-after"] for bomb in bombs)
            if answered >= _SOME:
                return
    raise AssertionError("whoever asks waits for the patterns")


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
