"""The handle of these tests does what Envoy's does: both are asked the same."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from forecourt.compiler.envoy.gate import LUA_FILTER
from forecourt.compiler.envoy.spelling import Json, extension, pipe
from forecourt.edge.binary import envoy_binary
from tests.edge.luajit import HERE, Lua

FIELDS = [("x-one", "1"), ("x-twice", "a"), ("x-twice", "b"), ("x-empty", "")]
POLICY: Json = {"api": "payments", "allow": ["a", "b"], "sunset": 1704067200, "by_header": False}

pytestmark = [pytest.mark.end_to_end, pytest.mark.xdist_group("claims")]

_SOURCE = f"""\
package.path = "{HERE}/?.lua"
local claims = require("handle_claims")
function envoy_on_request(handle)
  local said = claims.of_request(handle)
  if handle:headers():get("x-asks") then
    handle:respond({{[":status"] = "200"}}, said)
  end
end
function envoy_on_response(handle)
  if handle:headers():get("x-direct") then claims.of_answer(handle) end
end
"""


def _configuration() -> Json:
    route: Json = {
        "name": "a route",
        "match": {"prefix": "/"},
        "direct_response": {"status": 200, "body": {"inline_string": "a body"}},
        "response_headers_to_add": [{"header": {"key": "x-direct", "value": "yes"}}],
        "metadata": {"filter_metadata": {LUA_FILTER: {"policy": POLICY}}},
    }
    lua: Json = {"default_source_code": {"inline_string": _SOURCE}}
    manager: Json = {
        "stat_prefix": "claims",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": [
            extension(LUA_FILTER, "envoy.extensions.filters.http.lua.v3.Lua", lua),
            extension(
                "envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router"
            ),
        ],
    }
    chain = extension(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        manager,
    )
    listener: Json = {
        "name": "claims",
        "address": pipe("claims.sock"),
        "filter_chains": [{"filters": [chain]}],
    }
    return {"static_resources": {"listeners": [listener]}}


@pytest.fixture(scope="module")
def envoy() -> Iterator[httpx.Client]:
    """A client of an Envoy whose Lua makes the claims."""
    with tempfile.TemporaryDirectory(prefix="forecourt-") as folder:
        (Path(folder) / "envoy.json").write_text(json.dumps(_configuration()))
        process = subprocess.Popen(
            [str(envoy_binary()), "-c", "envoy.json", "--concurrency", "1", "-l", "error"],
            cwd=folder,
            stderr=subprocess.PIPE,
        )
        try:
            transport = httpx.HTTPTransport(uds=f"{folder}/claims.sock", verify=False)
            with httpx.Client(transport=transport, base_url="http://envoy") as client:
                _wait_for(client)
                yield client
        finally:
            process.terminate()
            process.communicate(timeout=10)


def _wait_for(client: httpx.Client) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            client.get("/", headers={"x-asks": "yes"})
        except httpx.TransportError:
            assert time.monotonic() < deadline, "envoy does not answer"
            time.sleep(0.02)
        else:
            return


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", "a body")])
def test_a_request(envoy: httpx.Client, method: str, body: str | None) -> None:
    lua = Lua()
    handle = lua.handle(route="a route", policy=POLICY, headers={":method": method}, body=body)
    for name, value in [*FIELDS, ("x-asks", "yes")]:
        handle.sent.add(handle.sent, name, value)
    expected = lua.run("return require('handle_claims').of_request(...)", handle)
    answer = envoy.request(method, "/", headers=[*FIELDS, ("x-asks", "yes")], content=body)
    assert answer.text.splitlines() == expected.splitlines()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_answer(envoy: httpx.Client, method: str) -> None:
    lua = Lua()
    said = {"forecourt": {"admit": "yes 1 2 3 constant"}}
    body = "a body" if method == "GET" else None
    handle = lua.handle(headers={":status": "200"}, metadata=said, body=body)
    lua.run("return require('handle_claims').of_answer(...)", handle)
    answer = envoy.request(method, "/", headers=FIELDS)
    assert answer.headers["x-said"] == handle.sent.get(handle.sent, "x-said")
    assert answer.text == (handle.text() or "")
    assert str(answer.status_code) == handle.sent.get(handle.sent, ":status")
