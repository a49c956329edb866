"""The database away, locked, or without room: nobody new is let in, and nothing is half done."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from forecourt.store import sqlite
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.upstream import Upstream, an_upstream
from tests.store.postgres import a_postgres

_LAMPS = "/lamps/v1/things"
_BOTH_WORKERS = 20


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with an_upstream() as found:
        yield found


def _an_estate(upstream: Upstream) -> Gateway:
    return an_estate(apis={"lamps": an_api(upstream=upstream.url)}, local=False)


def _a_known_key(gateway: Gateway) -> str:
    key = gateway.a_key(developer="known")
    for _ in range(_BOTH_WORKERS):
        assert gateway.call(_LAMPS, key=key).status_code == 200
    return key


def _refused(gateway: Gateway, *arguments: str) -> str:
    """What a verb says that cannot be done because of the database."""
    result = gateway.run(*arguments)
    assert result.exit_code == 3, result.output
    assert "Traceback" not in result.output
    return result.output


def _keys(gateway: Gateway) -> int:
    return gateway.forecourt("key", "list").stdout.count("fc_live_")


def _saved(gateway: Gateway) -> None:
    """A change that narrows, so that it is published as soon as it can be."""
    gateway.change("apis/lamps/api.yaml", '"public"', '"partner"')


def _is_narrow(gateway: Gateway, key: str) -> bool:
    return gateway.call(_LAMPS, key=key).status_code == 404


def test_while_the_database_is_away_known_callers_go_on_and_the_rest_waits(
    started: Started, upstream: Upstream
) -> None:
    with a_postgres() as server:
        server.execute("CREATE DATABASE forecourt")
        gateway = _an_estate(upstream)
        gateway.environment = {"FORECOURT_DATABASE_URL": server.url.format("forecourt")}
        started(gateway)
        known, unknown = _a_known_key(gateway), gateway.a_key(developer="unknown")
        server.stop()

        assert {gateway.call(_LAMPS, key=known).status_code for _ in range(5)} == {200}
        answer = gateway.call(_LAMPS, key=unknown)
        assert answer.status_code == 503
        assert problem(answer.text)["type"] == "urn:forecourt:problem:try-again"
        assert int(answer.headers["retry-after"]) > 0
        ready = gateway.operations("/health/ready")
        assert (ready.status_code, set(ready.json()["not_ready"])) == (503, {"database"})
        for verb in (("key", "issue", "--developer", "ada", "--application", "a"), ("open",)):
            assert "the database" in _refused(gateway, *verb)
        _saved(gateway)
        eventually(lambda: "cannot be reached" in gateway.said(), what="it is said")
        assert not _is_narrow(gateway, known)

        server.start()
        eventually(lambda: _is_narrow(gateway, known), what="what was saved meanwhile is published")
        assert gateway.operations("/health/ready").status_code == 200
        assert _keys(gateway) == 2


def test_where_the_database_is_locked_readers_go_on_and_nothing_is_half_done(
    started: Started, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = started(_an_estate(upstream))
    unknown = gateway.a_key(developer="unknown")
    monkeypatch.setattr(sqlite, "_MILLISECONDS_TO_WAIT", 200)
    with closing(sqlite3.connect(gateway.state / "forecourt.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert gateway.call(_LAMPS, key=unknown).status_code == 200
        said = _refused(gateway, "key", "issue", "--developer", "ada", "--application", "a")
        assert "locked" in said
        other.rollback()
    assert _keys(gateway) == 1
    gateway.forecourt("audit", "verify")
    assert gateway.call(_LAMPS, key=gateway.a_key()).status_code == 200


@contextmanager
def _a_small_disk(folder: Path) -> Iterator[None]:
    """A file system of 48 MB at a folder, for as long as the block runs."""
    folder.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m,mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("nothing may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(path: Path) -> None:
    page = bytes(os.sysconf("SC_PAGESIZE"))
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(page):
            pass
    assert shutil.disk_usage(path.parent).free == 0


def test_without_room_the_edge_serves_on_and_nothing_is_half_done(upstream: Upstream) -> None:
    gateway = _an_estate(upstream)
    with _a_small_disk(gateway.state):
        try:
            gateway.start()
            known, unknown = _a_known_key(gateway), gateway.a_key(developer="unknown")
            envoy = gateway.envoy_pid
            _fill(gateway.state / "filler")

            assert {gateway.call(_LAMPS, key=known).status_code for _ in range(5)} == {200}
            assert gateway.call(_LAMPS, key=unknown).status_code in (200, 503)
            said = _refused(gateway, "key", "issue", "--developer", "ada", "--application", "a")
            assert "full" in said
            _saved(gateway)
            eventually(lambda: "full" in gateway.said() or "space" in gateway.said(), what="said")
            assert not _is_narrow(gateway, known)
            assert gateway.envoy_pid == envoy

            (gateway.state / "filler").unlink()
            eventually(lambda: _is_narrow(gateway, known), what="what was saved is published")
            assert _keys(gateway) == 2
            gateway.forecourt("audit", "verify")
            assert "Traceback" not in gateway.said()
        finally:
            gateway.stop()
    gateway.clear_away()
