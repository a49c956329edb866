"""Who is blocked is refused at once by every worker; nobody else is."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

# As many connections reach both of two workers, but for once in a thousand runs.
_BOTH_WORKERS = 10
# Nobody here is to meet a limit.
_PLANS = {"fast": {"rate_limit": {"requests_per_minute": 100_000}}}


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    return started_once(an_estate(apis={"lamps": an_api()}, plans=_PLANS))


def statuses(gateway: Gateway, key: str | None, path: str = "/lamps/v1/things") -> set[int]:
    calls = (gateway.call(path, key=key) for _ in range(_BOTH_WORKERS))
    return {call.status_code for call in calls}


def test_a_blocked_owner_is_refused_by_every_worker_and_told_until_when(gateway: Gateway) -> None:
    mallory, ada = (gateway.a_key(developer=name, plan="fast") for name in ("mallory", "ada"))
    assert statuses(gateway, mallory) == statuses(gateway, ada) == {200}
    gateway.forecourt("block", "add", "developer:mallory", "--for", "1h")
    eventually(lambda: statuses(gateway, mallory) == {403}, what="refused", within=SOON)
    answer = gateway.call("/lamps/v1/things", key=mallory)
    assert problem(answer.text)["type"] == "urn:forecourt:problem:blocked"
    assert 3500 < int(answer.headers["retry-after"]) <= 3601
    assert statuses(gateway, ada) == {200}
    gateway.forecourt("block", "lift", "developer:mallory")
    eventually(lambda: statuses(gateway, mallory) == {200}, what="let in", within=SOON)


def test_a_blocked_address_reads_the_same_whatever_it_asks(gateway: Gateway) -> None:
    key = gateway.a_key(developer="eve", plan="fast")
    gateway.forecourt("block", "add", "127.0.0.0/8")
    try:
        eventually(lambda: statuses(gateway, key) == {403}, what="refused", within=SOON)
        told = [
            gateway.call(path, key=given)
            for path, given in (("/lamps/v1/things", key), ("/nothing", None), ("/%252e", "no"))
        ]
        bodies = [{**problem(answer.text), "request_id": ""} for answer in told]
        assert bodies[0] == bodies[1] == bodies[2]
        assert all("retry-after" not in answer.headers for answer in told)
        assert gateway.call("/lamps/v1/things", service="orders").status_code == 200
    finally:
        gateway.forecourt("block", "lift", "127.0.0.0/8")
    eventually(lambda: statuses(gateway, key) == {200}, what="let in", within=SOON)


def test_a_block_ends_on_time_though_the_control_plane_is_dead(gateway: Gateway) -> None:
    key = gateway.a_key(developer="carol", plan="fast")

    def is_let_in() -> bool:
        return statuses(gateway, key, "/lamps/v1/nothing") == {404}  # what the edge alone answers

    assert is_let_in()
    for whom in ("developer:carol", "127.0.0.0/8"):
        gateway.forecourt("block", "add", whom, "--for", "6s")
        eventually(lambda: statuses(gateway, key) == {403}, what="refused", within=SOON)
    with gateway.paused():
        eventually(is_let_in, what="let in again")
