"""`forecourt up` ends and begins again, and no caller that is known notices."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import an_upstream

_LAMPS = "/lamps/v1/things"


class Load:
    """Three callers that connect anew for each call, and one that stays connected."""

    def __init__(self, gateway: Gateway, key: str) -> None:
        self._gateway, self._key = gateway, key
        self._stopped = threading.Event()
        self.came = Counter[str]()
        runs = [self._anew, self._anew, self._anew, self._connected]
        self._threads = [threading.Thread(target=run) for run in runs]

    def _anew(self) -> None:
        self._press(lambda: self._gateway.call(_LAMPS, key=self._key))

    def _connected(self) -> None:
        with self._gateway.connection() as client:
            self._press(lambda: client.get(_LAMPS, headers={"x-api-key": self._key}))

    def _press(self, call: Callable[[], httpx.Response]) -> None:
        while not self._stopped.is_set():
            try:
                self.came[str(call().status_code)] += 1
            except httpx.TransportError as error:
                self.came[repr(error)] += 1

    def wait_for(self, number: int) -> None:
        """Until so many more calls have ended, however."""
        asked = self.came.total()
        eventually(lambda: self.came.total() >= asked + number, what=f"{number} more calls")

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def gateway(started: Started) -> Iterator[Gateway]:
    with an_upstream() as upstream:
        yield started(
            an_estate(
                apis={"lamps": an_api(upstream=upstream.url)},
                plans={"bulk": {"rate_limit": {"requests_per_minute": 1_000_000}}},
                local=False,
            )
        )


def _killed(gateway: Gateway) -> None:
    gateway.kill()


def _told_to_hand_over(gateway: Gateway) -> None:
    assert gateway.stop(signal.SIGUSR2) == 0
    assert "Envoy serves on" in gateway.said()


@pytest.mark.parametrize("ended", [_killed, _told_to_hand_over])
def test_no_caller_that_is_known_notices(
    gateway: Gateway, ended: Callable[[Gateway], None]
) -> None:
    key = gateway.a_key(plan="bulk")
    for _ in range(20):  # both workers know it
        assert gateway.call(_LAMPS, key=key).status_code == 200
    first = gateway.envoy_pid
    with Load(gateway, key) as load:
        load.wait_for(20)
        ended(gateway)
        assert gateway.envoys() == [first]
        load.wait_for(20)
        gateway.start()
        assert gateway.envoy_pid != first
        load.wait_for(20)
    assert set(load.came) == {"200"}
    gateway.stop()
    assert gateway.envoys() == []


def test_what_was_spent_stays_spent(gateway: Gateway) -> None:
    """Both have the same buckets, and neither refills them."""
    key = gateway.a_key()
    left = int(gateway.call(_LAMPS, key=key).headers["ratelimit"].partition("r=")[2].split(";")[0])
    _killed(gateway)
    gateway.start()
    answer = gateway.call(_LAMPS, key=key)
    assert int(answer.headers["ratelimit"].partition("r=")[2].split(";")[0]) <= left
