"""Limits: what is promised comes through, the next request waits, and nothing but time refills."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.faults import FaultyCode
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.upstream import an_upstream

_PLANS = {
    # r × (b − 1) is 5, but the smaller of r and 10 may come at once, so that first calls pass.
    "small": {"rate_limit": {"requests_per_minute": 20}},
    "slow": {"rate_limit": {"requests_per_minute": 6}},
    "bursting": {"rate_limit": {"requests_per_minute": 60, "burst_allowance": 1.5}},
    "quick": {"rate_limit": {"requests_per_minute": 60}},
    "daily": {"rate_limit": {"requests_per_minute": 1200, "requests_per_day": 40}},
}
_TWO = a_partner(
    "lamps", id="partner_two", rate_limit={"requests_per_minute": 6000, "requests_per_day": 20}
)
_VERSIONS = {name: {"contract": "openapi.yaml"} for name in ("1", "2")}
_LAMPS = "/lamps/v1/things"


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    """Two public APIs, plans, and a partner, behind two workers."""
    return started_once(
        an_estate(
            apis={"lamps": an_api(versions=_VERSIONS), "chairs": an_api()},
            plans=_PLANS,
            partners={
                "one": a_partner("lamps", "chairs", rate_limit={"requests_per_minute": 20}),
                "two": _TWO,
            },
        )
    )


_NUMBERS = count()


def _a_key(gateway: Gateway, plan: str) -> str:
    """A key of an application of its own, whose bucket is full."""
    return gateway.a_key(application=f"app {next(_NUMBERS)}", plan=plan)


def _passed(call: Callable[[], httpx.Response], *, most: int = 60) -> tuple[int, httpx.Response]:
    """How many requests pass until one is refused, and its answer."""
    for passed in range(most):
        answer = call()
        if answer.status_code == 429:
            return passed, answer
        assert answer.status_code == 200
    raise AssertionError(f"{most} passed")


def _called(gateway: Gateway, key: str, path: str = _LAMPS) -> Callable[[], httpx.Response]:
    return lambda: gateway.call(path, key=key)


class Refilled:
    """Whole requests that a bucket may have gained since this was made."""

    def __init__(self, per_minute: int) -> None:
        self._per_second = per_minute / 60
        self._began = time.monotonic()

    def most(self) -> int:
        return int((time.monotonic() - self._began) * self._per_second) + 1


# --- the formula ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "per_minute", "capacity"),
    [("small", 20, 10), ("slow", 6, 6), ("bursting", 60, 30), ("quick", 60, 15)],
)
def test_as_many_pass_at_once_as_the_formula_says(
    gateway: Gateway, plan: str, per_minute: int, capacity: int
) -> None:
    key = _a_key(gateway, plan)
    refilled = Refilled(per_minute)
    passed, _ = _passed(_called(gateway, key))
    assert capacity <= passed <= capacity + refilled.most()


def test_a_refusal_says_how_long_to_wait_and_that_is_enough(gateway: Gateway) -> None:
    key = _a_key(gateway, "quick")
    _, answer = _passed(_called(gateway, key))
    wait = int(answer.headers["retry-after"])
    assert wait == 1
    time.sleep(wait)
    assert gateway.call(_LAMPS, key=key).status_code == 200, "another passes"


def test_a_refusal_is_a_problem_that_says_what_to_do(gateway: Gateway) -> None:
    _, answer = _passed(_called(gateway, _a_key(gateway, "slow")))
    assert answer.headers["content-type"] == "application/problem+json"
    told = problem(answer.text)
    assert told["type"] == "urn:forecourt:problem:rate-limited"
    assert told["status"] == 429
    assert told["request_id"] == answer.headers["x-request-id"]
    assert "Retry-After" in told["detail"]
    assert answer.headers["retry-after"] == "10"  # six a minute: one in ten seconds


def test_every_answer_says_how_much_is_left(gateway: Gateway) -> None:
    """draft-ietf-httpapi-ratelimit-headers: structured fields, and no older spelling of them."""
    key = _a_key(gateway, "slow")
    left = []
    for _ in range(7):
        answer = gateway.call(_LAMPS, key=key)
        assert answer.headers["ratelimit-policy"] == '"minute";q=6;w=60'
        name, remaining, until_full = answer.headers["ratelimit"].split(";")
        assert name == '"minute"'
        left.append(int(remaining.removeprefix("r=")))
        assert 0 < int(until_full.removeprefix("t=")) <= 60
        assert not [field for field in answer.headers if field.startswith("x-ratelimit")]
    assert left == [5, 4, 3, 2, 1, 0, 0]


# --- whose bucket it is ---------------------------------------------------------------------------


def test_keys_routes_and_apis_of_one_application_share_its_bucket(gateway: Gateway) -> None:
    keys = [gateway.a_key(application="shared", plan="slow") for _ in range(3)]
    paths = (_LAMPS, "/lamps/v2/things", "/chairs/v1/things")
    turns = iter([(path, key) for path in paths for key in keys])

    def call() -> httpx.Response:
        path, key = next(turns)
        return gateway.call(path, key=key)

    passed, _ = _passed(call)
    assert passed in (6, 7)


def test_applications_of_one_developer_have_buckets_of_their_own(gateway: Gateway) -> None:
    _passed(_called(gateway, _a_key(gateway, "slow")))
    assert gateway.call(_LAMPS, key=_a_key(gateway, "slow")).status_code == 200


def test_applications_of_one_partner_share_the_contracts_bucket(gateway: Gateway) -> None:
    keys = [gateway.a_partner_key("one", application=name) for name in ("shop", "batch", "app")]
    turns = (keys[i % 3] for i in count())
    refilled = Refilled(20)
    passed, _ = _passed(lambda: gateway.call(_LAMPS, key=next(turns)))
    assert 10 <= passed <= 10 + refilled.most()


def test_http2_and_http1_share_the_bucket(gateway: Gateway) -> None:
    key = _a_key(gateway, "slow")
    versions = (bool(i % 2) for i in count())
    passed, _ = _passed(lambda: gateway.call(_LAMPS, key=key, http2=next(versions)))
    assert passed in (6, 7)


# --- what costs and what does not -----------------------------------------------------------------


def test_a_refused_request_costs_nothing(gateway: Gateway) -> None:
    key = _a_key(gateway, "quick")
    _passed(_called(gateway, key))
    # Asking again and again, many times a second, does not push the next one away.
    for _ in range(3):
        eventually(
            lambda: gateway.call(_LAMPS, key=key).status_code == 200, what="one passes", within=SOON
        )


def test_what_a_known_caller_does_not_find_costs_it_a_request(gateway: Gateway) -> None:
    key = _a_key(gateway, "slow")
    for _ in range(6):
        assert gateway.call("/nothing/here", key=key).status_code == 404
    answer = gateway.call("/nothing/here", key=key)
    assert answer.status_code == 429
    assert answer.headers["ratelimit"].startswith('"minute";r=0;')
    assert gateway.call(_LAMPS, key=key).status_code == 429


def test_a_refusal_says_what_is_left_too(gateway: Gateway) -> None:
    answer = gateway.call("/nothing/here", key=_a_key(gateway, "slow"))
    assert answer.status_code == 404
    assert answer.headers["ratelimit-policy"] == '"minute";q=6;w=60'
    assert answer.headers["ratelimit"].startswith('"minute";r=5;')
    stranger = gateway.call("/nothing/here")
    assert stranger.status_code == 401
    assert "ratelimit" not in stranger.headers


def test_no_limit_of_an_upstream_reaches_a_caller(started: Started) -> None:
    with an_upstream() as upstream:
        gateway = started(an_estate(apis={"lamps": an_api(upstream=upstream.url)}, plans=_PLANS))
        said = {"x-ratelimit-limit": "7", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "7"}
        upstream.answers(200, said | {"ratelimit": "7", "ratelimit-policy": "7"}, b"{}")
        key = _a_key(gateway, "slow")
        answer = gateway.call("/lamps/v1/things", key=key)
    assert answer.status_code == 200
    assert not said.keys() & answer.headers.keys()
    assert answer.headers["ratelimit"].startswith('"minute";r=5;')
    assert answer.headers["ratelimit-policy"] == '"minute";q=6;w=60'


def test_refusals_are_counted(gateway: Gateway) -> None:
    def refused() -> float:
        text = gateway.operations("/metrics").text
        found = re.search(r"^forecourt_rate_limited_requests_total (\S+)$", text, re.MULTILINE)
        assert found
        return float(found[1])

    before = refused()
    _passed(_called(gateway, _a_key(gateway, "slow")))
    assert refused() == before + 1


def test_a_request_that_does_not_reach_the_caller_costs_nobody(gateway: Gateway) -> None:
    key = _a_key(gateway, "slow")
    mistyped = key[:-1] + ("1" if key.endswith("0") else "0")
    for _ in range(8):
        assert gateway.call("/lamps/v1/things", key=mistyped).status_code == 401
    assert gateway.call(_LAMPS, key=key).headers["ratelimit"].startswith('"minute";r=5;')


# --- quotas ---------------------------------------------------------------------------------------


def _quota(gateway: Gateway, holder: str) -> Any:
    """How a holder's one quota stands."""
    (found,) = json.loads(gateway.forecourt("quota", "list", holder, "--format", "json").stdout)
    return found


def _used_up(gateway: Gateway, key: str) -> tuple[int, float, httpx.Response]:
    """How many pass until the quota is counted, after how many seconds, and the refusal."""
    began, passed = time.monotonic(), 0
    with gateway.connection() as client:
        while time.monotonic() < began + 30:
            answer = client.get(_LAMPS, headers={"x-api-key": key})
            if answer.status_code == 200:
                passed += 1
            elif problem(answer.text)["type"] == "urn:forecourt:problem:quota-exhausted":
                return passed, time.monotonic() - began, answer
            else:
                assert answer.status_code == 429
                time.sleep(0.02)
    raise AssertionError(f"{passed} passed")


def test_a_quota_that_is_used_up_refuses_until_midnight(gateway: Gateway) -> None:
    key = _a_key(gateway, "daily")
    passed, seconds, answer = _used_up(gateway, key)
    # What passes beyond it is what the limit by minute lets through while it is counted: a second
    # until the line is written, one until it is read, a third of one until the edge has heard.
    assert 40 <= passed <= 40 + 300 + 1200 / 60 * seconds
    midnight = (datetime.now(UTC) + timedelta(days=1)).replace(hour=0, minute=0, second=0)
    rest = (midnight - datetime.now(UTC)).total_seconds()
    assert abs(int(answer.headers["retry-after"]) - rest) < 5
    assert re.fullmatch(r'"day";r=0;t=\d+', answer.headers["ratelimit"])
    policy = '"minute";q=1200;w=60, "day";q=40;w=86400'
    assert answer.headers["ratelimit-policy"] == policy
    application = gateway.logged(answer)["application"]
    for _ in range(4):  # both workers
        assert gateway.call(_LAMPS, key=key).status_code == 429
    eventually(lambda: _quota(gateway, application)["spent"] == passed, what="each counted once")
    told = json.loads(gateway.forecourt("quota", "warnings", "--format", "json").stdout)
    assert [t["percent"] for t in told if t["holder"] == application] == [100, 95, 80]
    assert "a quota is used up" in gateway.said()


def test_who_used_up_a_quota_is_refused_within_two_seconds_of_the_numbers(
    gateway: Gateway,
) -> None:
    """And a quota that is raised counts at once, with all that was spent."""
    key = gateway.a_partner_key("two")
    for _ in range(20):
        assert gateway.call(_LAMPS, key=key).status_code == 200
    eventually(lambda: _quota(gateway, "partner:partner_two")["exhausted"], what="it is counted")
    eventually(
        lambda: gateway.call(_LAMPS, key=key).status_code == 429, what="it is refused", within=SOON
    )
    spent = _quota(gateway, "partner:partner_two")["spent"]

    raised = {**_TWO, "rate_limit": {"requests_per_minute": 6000, "requests_per_day": 1000}}
    gateway.save("partners/two.yaml", as_yaml(raised))
    eventually(lambda: gateway.call(_LAMPS, key=key).status_code == 200, what="it passes again")
    found = eventually(
        lambda: (quota := _quota(gateway, "partner:partner_two"))["limit"] == 1000 and quota,
        what="it is listed",
    )
    assert found["spent"] >= spent, "nothing that was spent is forgotten"

    gateway.save("partners/two.yaml", as_yaml(_TWO))
    eventually(lambda: gateway.call(_LAMPS, key=key).status_code == 429, what="refused again")


# --- what refills ---------------------------------------------------------------------------------


@pytest.fixture
def publishing(gateway: Gateway) -> Iterator[Callable[[], None]]:
    """Publishes another API each time, and returns once that is served."""
    key = gateway.a_key(application="looking", plan="bursting")
    numbers = count(1)
    first = gateway.read("apis/chairs/api.yaml")

    def publish() -> None:
        day = f"29{next(numbers):02}-01-01"
        deprecated = {"status": "deprecated", "deprecated": "2020-01-01", "sunset": day}
        versions = {"1": {"contract": "openapi.yaml", **deprecated}}
        gateway.save(
            "apis/chairs/api.yaml", as_yaml({"name": "chairs", **an_api(versions=versions)})
        )
        year = day.partition("-")[0]

        def is_served() -> bool:
            return year in gateway.call("/chairs/v1/things", key=key).headers.get("sunset", "")

        eventually(is_served, what=f"the sunset in {year}")

    yield publish
    gateway.save("apis/chairs/api.yaml", first)


def test_publishes_that_do_not_concern_a_caller_do_not_refill_its_bucket(
    gateway: Gateway, publishing: Callable[[], None]
) -> None:
    key = _a_key(gateway, "slow")
    refilled = Refilled(6)
    passed, _ = _passed(_called(gateway, key))
    for _ in range(5):
        publishing()
        more, _ = _passed(_called(gateway, key))
        passed += more
    assert passed <= 6 + refilled.most()


def test_no_change_of_a_listener_and_no_restart_refills(started: Started) -> None:
    estate = an_estate(apis={"lamps": an_api()}, plans=_PLANS)
    gateway = started(estate)
    key = _a_key(gateway, "slow")
    refilled = Refilled(6)
    passed, _ = _passed(_called(gateway, key))

    # Another code digest in the source of the gate: a listener of its own, and new Lua states.
    code = FaultyCode(gateway)
    with code.code() as folder:
        assert code.load(folder)
        more, _ = _passed(_called(gateway, key))
        passed += more
    more, _ = _passed(_called(gateway, key))
    passed += more

    # Killed, whatever its workers were about.
    before = gateway.envoy_pid
    os.kill(before, signal.SIGKILL)
    eventually(lambda: gateway.envoy_pid not in (0, before), what="another envoy")
    eventually(lambda: gateway.operations("/health/ready").status_code == 200, what="it serves")
    more, _ = _passed(_called(gateway, key))
    passed += more

    gateway.stop()
    gateway.start()
    more, answer = _passed(_called(gateway, key))
    passed += more
    assert passed <= 6 + refilled.most()
    assert answer.headers["ratelimit"].startswith('"minute";r=0;')


def test_envoy_serves_again_when_it_is_killed_under_load(started: Started) -> None:
    """Workers may die with a lock in hand: the next start releases all of them."""
    gateway = started(an_estate(apis={"lamps": an_api()}, plans=_PLANS))
    keys = [_a_key(gateway, "bursting") for _ in range(3)]
    stopped = threading.Event()

    def press(key: str) -> None:
        while not stopped.is_set():
            with contextlib.suppress(httpx.TransportError), gateway.connection() as client:
                while not stopped.is_set():
                    client.get(_LAMPS, headers={"x-api-key": key})

    loads = [threading.Thread(target=press, args=(key,)) for key in keys]
    for load in loads:
        load.start()
    try:
        for _ in range(2):
            before = gateway.envoy_pid
            os.kill(before, signal.SIGKILL)
            eventually(lambda gone=before: gateway.envoy_pid not in (0, gone), what="another envoy")
            eventually(
                lambda: gateway.operations("/health/ready").status_code == 200, what="it serves"
            )
    finally:
        stopped.set()
        for load in loads:
            load.join()
    key = _a_key(gateway, "bursting")
    for _ in range(4):  # both workers, and every key's lock
        assert gateway.call(_LAMPS, key=key).status_code == 200
        assert {gateway.call(_LAMPS, key=k).status_code for k in keys} <= {200, 429}


def test_without_its_buckets_the_edge_admits_nobody_and_says_so(started: Started) -> None:
    gateway = started(an_estate(apis={"lamps": an_api()}, plans=_PLANS, workers=1))
    key = _a_key(gateway, "quick")
    buckets = gateway.state / "run" / "buckets"
    aside = buckets.with_name("aside")
    buckets.rename(aside)
    buckets.mkdir()
    code = FaultyCode(gateway)
    with code.code() as folder:
        assert code.load(folder)  # states that have not opened it
        answer = gateway.call(_LAMPS, key=key)
        assert answer.status_code == 403
        assert problem(answer.text)["type"] == "urn:forecourt:problem:not-admitted"
        eventually(
            lambda: "token buckets cannot be opened: run/buckets" in gateway.said(),
            what="the log says what is wrong",
        )
        buckets.rmdir()
        aside.rename(buckets)
        assert gateway.call(_LAMPS, key=key).status_code == 200, "it looks again by itself"


def test_a_changed_limit_carries_what_is_spent(started: Started) -> None:
    contract = a_partner("lamps", rate_limit={"requests_per_minute": 60})
    gateway = started(an_estate(apis={"lamps": an_api()}, partners={"one": contract}))
    key = gateway.partner_key("one")
    refilled = Refilled(120)
    _passed(_called(gateway, key))
    contract["rate_limit"] = {"requests_per_minute": 120}
    gateway.save("partners/one.yaml", as_yaml(contract))

    def left() -> int | None:
        answer = gateway.call(_LAMPS, key=key)
        if answer.headers["ratelimit-policy"] != '"minute";q=120;w=60':
            return None
        return int(answer.headers["ratelimit"].split(";")[1].removeprefix("r=")) + 1

    assert eventually(left, what="the new limit") <= refilled.most()
