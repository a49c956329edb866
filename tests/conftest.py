"""What every test may rely on: nothing of this machine or another is touched."""

from __future__ import annotations

import gc
import ipaddress
import os
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

# Workers share the cores, so how long one example takes says nothing. The same examples are tried
# each time, so that a change is blamed for what it broke and for nothing else; `make search` tries
# others, by chance.
settings.register_profile("forecourt", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("forecourt")

# Whatever the environment says (containers often say no): compiled modules are kept. Tests start
# the command a hundred times, and a quarter of its start was to compile the same modules again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_MOST_WORKERS = 8


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write golden files from what the code says now, and delete those nobody asks for",
    )


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a quarter of the time tests wait for others to start."""
    return min((os.cpu_count() or 1) + 1, _MOST_WORKERS)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, then those of many tests: what comes last is short.

    A worker is given whole files in this order, so that none is left alone with a long one.
    """
    long, tests = Counter[Path](), Counter[Path]()
    for item in items:
        tests[item.path] += 1
        long[item.path] += any(item.iter_markers("slow")) or any(item.iter_markers("end_to_end"))
    items.sort(key=lambda item: (-long[item.path], -tests[item.path], str(item.path)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays: nobody looks again and again whether it is garbage.

    To look took a third of the time in which it is collected, and some of each test's.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Whether golden files are to be written rather than compared."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the person at this machine has cached is neither read nor added to."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Where one test sends the log, no other test's goes."""
    yield
    structlog.reset_defaults()


def _stay_on_this_machine(event: str, args: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    match args[1]:
        case (str(host), int(port), *_) if not _is_here(host):
            raise RuntimeError(f"a test connects to {host}:{port}; tests use loopback only")


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


sys.addaudithook(_stay_on_this_machine)
