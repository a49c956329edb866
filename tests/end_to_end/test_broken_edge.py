"""Code that cannot be loaded or hangs, and policies that are corrupt."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from forecourt.compiler.envoy.gate import LUA_FILTER
from forecourt.edge.code import install_lua
from tests.compiler.builders import prefixes
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.house import House
from tests.end_to_end.house_probes import PROBES, is_closed

# --- code that cannot be loaded -------------------------------------------------------------------


def _a_syntax_error(folder: Path) -> None:
    (folder / "access.lua").write_text("local _M = {\nreturn _M\n")


def _a_missing_module(folder: Path) -> None:
    (folder / "entitlements.lua").unlink()


def _an_error_at_once(folder: Path) -> None:
    (folder / "versions.lua").write_text('error("injected")\n')


def _a_module_of_nothing(folder: Path) -> None:
    (folder / "gate.lua").write_text("return nil\n")


BROKEN = [_a_syntax_error, _a_missing_module, _an_error_at_once, _a_module_of_nothing]
broken_code = pytest.mark.parametrize("spoil", BROKEN, ids=lambda f: f.__name__.strip("_"))


@broken_code
def test_envoy_does_not_take_code_that_cannot_be_loaded(
    house: House, spoil: Callable[[Path], None]
) -> None:
    with house.faulty.code() as folder:
        spoil(folder)
        assert not house.faulty.load(folder)
        assert PROBES["a key"](house).status_code == 200, "what served before is gone"


def test_an_envoy_that_starts_with_broken_code_serves_nobody(house: House) -> None:
    gateway = house.gateway
    with house.faulty.code() as folder:
        _a_syntax_error(folder)
        install_lua(gateway.state, folder.parent)
        try:
            gateway.restart_envoy()
            for listener in gateway_ports(gateway):
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", listener), 1)
            assert gateway.operations("/health/ready").status_code == 503
        finally:
            install_lua(gateway.state)
    gateway.restart_envoy()
    eventually(
        lambda: gateway.operations("/health/ready").status_code == 200, what="it serves again"
    )
    assert PROBES["a key"](house).status_code == 200


def gateway_ports(gateway: Gateway) -> tuple[int, int]:
    return gateway.ports.external, gateway.ports.internal


@pytest.mark.slow
def test_a_worker_that_hangs_is_ended_and_envoy_serves_again(house: House) -> None:
    envoy = house.gateway.envoy_pid
    with house.faulty.code() as folder:
        access = folder / "access.lua"
        hanging = "if wanted == 'hang' then while true do end end\n"
        text = access.read_text()
        start = text.index("\n", text.index("function _M.decide(")) + 1
        access.write_text(text[:start] + hanging + text[start:])
        assert house.faulty.load(folder)
        with pytest.raises(httpx.TransportError):
            house.call("/prices/things", key=house.keys["partner"], headers={"api-version": "hang"})
        assert not house.asked()
    house.gateway.wait_for_another_envoy(envoy)
    eventually(lambda: PROBES["a key"](house).status_code == 200, what="it serves again")


# --- configuration that is corrupt ----------------------------------------------------------------

Spoilt = Callable[[dict[str, Any]], object]

CORRUPT: dict[str, Spoilt] = {
    "no metadata": lambda route: route.pop("metadata"),
    "no policy": lambda route: _told(route).clear(),
    "a text": lambda route: _told(route).update(policy="lamps"),
    "a number": lambda route: _told(route).update(policy=7),
    "an empty policy": lambda route: _told(route).update(policy={}),
    "no callers": lambda route: _policy(route).pop("callers"),
    "callers that are none": lambda route: _policy(route).update(callers={"public": "anyone"}),
    "callers without credentials": lambda route: _policy(route)["callers"]["public"].clear(),
    "credentials that are none": lambda route: _policy(route)["callers"]["public"].update(
        credentials="api_key"
    ),
    "no versions": lambda route: _policy(route).pop("versions"),
    "an empty list of versions": lambda route: _policy(route).update(versions=[]),
    "versions that are none": lambda route: _policy(route).update(versions=[["3"]]),
}


def _told(route: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = route["metadata"]["filter_metadata"][LUA_FILTER]
    return told


def _policy(route: dict[str, Any]) -> dict[str, Any]:
    policy: dict[str, Any] = _told(route)["policy"]
    return policy


@pytest.mark.parametrize("spoil", CORRUPT.values(), ids=CORRUPT)
def test_a_corrupt_policy_lets_nobody_through(house: House, spoil: Spoilt) -> None:
    content = json.loads(house.faulty.file("routes-external.json"))
    (host,) = content["resources"][0]["virtual_hosts"]
    route = prefixes(host["matcher"])["/lamps/v3/"]["action"]
    spoil(route["typed_config"])
    route["typed_config"]["name"] = "lamps@3#another"
    changed = {"routes-external.json": json.dumps(content).encode()}
    with house.faulty.snapshot(changed) as is_taken:
        assert is_taken
        eventually(
            lambda: PROBES["a key"](house).status_code != 200, what="envoy has the corrupt route"
        )
        for name in ("a key", "a token", "one caller twice"):
            answer = PROBES[name](house)
            assert answer.status_code in {403, 404, 401, 429}, name
            is_closed(answer, about=name)
            assert not house.asked()
        assert PROBES["a partner"](house).status_code == 200, "another API fails too"
    eventually(lambda: PROBES["a key"](house).status_code == 200, what="it serves again")
