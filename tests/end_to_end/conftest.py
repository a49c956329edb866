"""Gateways: one that tests share, and others of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.end_to_end.estates import acme
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.house import House, a_house

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is marked."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.end_to_end)


Started = Callable[[Gateway], Gateway]


@pytest.fixture(scope="session")
def running_acme() -> Iterator[Gateway]:
    """The example estate, served; for tests that only call, and issue keys of their own."""
    for start in _starting():
        yield start(acme())


@pytest.fixture
def started() -> Iterator[Started]:
    """Starts a gateway, and clears it away after the test, however that ends."""
    yield from _starting()


@pytest.fixture(scope="module")
def started_once() -> Iterator[Started]:
    """The same for a whole module: for fixtures of its own."""
    yield from _starting()


@pytest.fixture(scope="module")
def house(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A gateway with every kind of caller and of API, for tests that break it."""
    with a_house(started_once, tmp_path_factory.mktemp("partner")) as it:
        yield it


def _starting() -> Iterator[Started]:
    """Whatever a test does to a gateway, it says so in words: nobody is shown a traceback."""
    begun: list[Gateway] = []

    def start(gateway: Gateway) -> Gateway:
        begun.append(gateway)
        gateway.start()
        return gateway

    try:
        yield start
        for gateway in begun:
            assert "Traceback" not in gateway.said()
    finally:
        for gateway in begun:
            gateway.clear_away()
