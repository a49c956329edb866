"""Two machines that share a database: a quota is one over both, whoever is killed meanwhile."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_home, a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.networks import Network, another_network
from tests.store.postgres import a_postgres

pytestmark = pytest.mark.slow

_THINGS = "/lamps/v1/things"
_HOLDER = "partner:partner_one"
_QUOTA, _PER_SECOND, _BURST = 500, 50, 1.02
_CAPACITY = _PER_SECOND * 60 * (_BURST - 1)


def _partner(per_day: int) -> dict[str, object]:
    limit = {"requests_per_minute": _PER_SECOND * 60, "burst_allowance": _BURST}
    return a_partner("lamps", rate_limit={**limit, "requests_per_day": per_day})


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A gateway, in a network of its own or in that of the tests."""

    gateway: Gateway
    network: Network | None = None

    def here(self) -> AbstractContextManager[None]:
        """What is opened in the block is opened on this machine."""
        return nullcontext() if self.network is None else self.network.entered()

    def call(self, key: str) -> httpx.Response:
        with self.here():
            return self.gateway.call(_THINGS, key=key)


class Caller(threading.Thread):
    """Asks a machine as fast as it can, until the quota is used up there."""

    def __init__(self, machine: Machine, key: str) -> None:
        super().__init__(daemon=True)
        self._machine, self._key = machine, key
        self.passed, self.lost, self.slowest = 0, 0, 0.0
        self.is_stopped = False
        self.failure = "it was not stopped"

    def run(self) -> None:
        with self._machine.here():
            while self.failure and not self.is_stopped:
                with self._machine.gateway.connection() as client:
                    try:
                        self.failure = self._asks(client)
                    except httpx.TransportError:
                        self.lost += 1  # it may have been counted

    def _asks(self, client: httpx.Client) -> str:
        while not self.is_stopped:
            began = time.monotonic()
            answer = client.get(_THINGS, headers={"x-api-key": self._key})
            self.slowest = max(self.slowest, time.monotonic() - began)
            if "quota-exhausted" in answer.text:
                return ""
            # What was let through counts, also where no mock answers: `up` has them.
            if answer.status_code != 429 and "ratelimit" in answer.headers:
                self.passed += 1
            else:  # over the limit, or known to nobody while its `up` is away
                assert answer.status_code in (429, 503), answer.text
                time.sleep(0.01)
        return self.failure


@pytest.fixture(scope="module")
def machines(started_once: Started) -> Iterator[tuple[Machine, Machine]]:
    """They listen on the same addresses, and have the same estate and keys."""
    with a_postgres() as server, another_network() as elsewhere:
        server.execute("CREATE DATABASE forecourt")
        first = an_estate(apis={"lamps": an_api()}, partners={"one": _partner(_QUOTA)})
        first.environment = {"FORECOURT_DATABASE_URL": server.url.format("forecourt")}
        started_once(first)
        second = Gateway(
            home=a_home(),
            ports=first.ports,
            environment=first.environment,
            is_cold=True,  # others are forked where the first is
        )
        shutil.copytree(first.estate, second.estate, ignore=shutil.ignore_patterns(".forecourt"))
        second.state.mkdir(mode=0o700)
        shutil.copytree(first.state / "keys", second.state / "keys")
        with elsewhere.entered():
            started_once(second)
        yield Machine(gateway=first), Machine(gateway=second, network=elsewhere)


@pytest.fixture(scope="module")
def key(machines: tuple[Machine, Machine]) -> str:
    return machines[0].gateway.a_partner_key("one")


def _spent(machine: Machine) -> int:
    told = machine.gateway.forecourt("quota", "list", _HOLDER, "--format", "json").stdout
    (found,) = json.loads(told)
    return int(found["spent"])


def test_a_quota_is_one_over_both_though_one_is_killed_meanwhile(
    machines: tuple[Machine, Machine], key: str
) -> None:
    first, second = machines
    callers = [Caller(machine, key) for machine in machines]
    for caller in callers:
        caller.start()
    eventually(lambda: all(caller.passed > 50 for caller in callers), what="both are under load")
    began = time.monotonic()
    second.gateway.kill()
    with second.here():
        second.gateway.start()
    away = time.monotonic() - began
    for caller in callers:
        caller.join(30)
        caller.is_stopped = True
        assert not caller.failure
    passed, lost = (sum(getattr(c, name) for c in callers) for name in ("passed", "lost"))
    # As docs/limits.md says of each edge; and what one let through that nobody counted meanwhile.
    slowest = max(caller.slowest for caller in callers)
    beyond = 2 * (_CAPACITY + _PER_SECOND * (2.5 + slowest)) + _PER_SECOND * away
    assert _QUOTA <= passed <= _QUOTA + beyond
    eventually(lambda: _spent(first) >= passed, what="all are counted")
    assert _spent(second) <= passed + lost, "none is counted twice"
    told = json.loads(first.gateway.forecourt("quota", "warnings", "--format", "json").stdout)
    assert [event["percent"] for event in told] == [100, 95, 80], "each is told once"


def test_what_was_spent_holds_whatever_becomes_of_its_holder(
    machines: tuple[Machine, Machine], key: str
) -> None:
    first, _ = machines

    def statuses() -> set[int]:
        return {machine.call(key).status_code for machine in machines for _ in range(4)}

    eventually(lambda: statuses() == {429}, what="both know")
    spent = _spent(first)
    first.gateway.forecourt("consumer", "suspend", "partner:one")
    eventually(lambda: statuses() == {401}, what="suspended")
    first.gateway.forecourt("consumer", "resume", "partner:one")
    eventually(lambda: statuses() == {429}, what="resumed, and used up as before")
    for machine in machines:
        machine.gateway.save("partners/one.yaml", as_yaml(_partner(spent + 1000)))
    eventually(lambda: statuses() == {200}, what="a larger quota")
    for machine in machines:
        machine.gateway.save("partners/one.yaml", as_yaml(_partner(spent)))
    eventually(lambda: statuses() == {429}, what="a smaller one")
    assert _spent(first) >= spent, "nothing is forgotten"
