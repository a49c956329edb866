"""The least that the public posture can cost: its Envoy, with Lua that decides nothing.

Everything native stays as it is compiled. The gate reads what it must read of a request, its body
too, writes the fields that name a caller and the state of its limit, and sets the mark, all of it
constant; the way out takes the body of an answer into Lua and lets it go. What a real gate costs
above this is what it does; what this costs above a bare Envoy no gate in Lua can save.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import rig
from forecourt.compiler.envoy.answers import ANSWERS_FILTER
from forecourt.compiler.envoy.gate import LUA_FILTER
from forecourt.edge.binary import envoy_binary

_GATE = """\
function envoy_on_request(handle)
  local headers = handle:headers()
  local method, path = headers:get(":method"), headers:get(":path")
  local key, route = headers:get("x-api-key"), handle:streamInfo():routeName()
  if headers:get("content-type") then
    local body = handle:body()
    local text = body and body:getBytes(0, body:length())
    headers = handle:headers()
  end
  headers:add("forecourt-consumer", "developer:ada")
  headers:add("forecourt-application", "app_01HV9Z3M8K")
  headers:add("forecourt-audience", "public")
  headers:add("forecourt-credential", "key_01HV9Z3M8L")
  headers:add("forecourt-ratelimit-policy", '"minute";q=100;w=60')
  headers:add("forecourt-ratelimit", '"minute";r=99;t=1')
  headers:add("forecourt-operation", "GET /things1/{id}")
  headers:add("forecourt-version", "2")
  handle:streamInfo():dynamicMetadata():set("forecourt", "admit", "yes constant")
end
"""
_ANSWERS = """\
function envoy_on_response(handle)
  local headers = handle:headers()
  local status, kind = headers:get(":status"), headers:get("content-type")
  local body = handle:body()
  local text = body and body:getBytes(0, body:length())
end
"""


@contextmanager
def deciding_nothing(folder: Path, state: Path) -> Iterator[tuple[int, int]]:
    """An Envoy beside the one of that state folder, with the same snapshot but for its Lua.

    Gives its process and its external port. Lets everybody in: nothing stands behind it but a
    bench's upstream.
    """
    home = folder / "deciding-nothing"
    shutil.copytree(state / "current", home / "current")
    for shared in ("tls", "run", "lua"):
        (home / shared).symlink_to(state / shared)
    (home / "logs").mkdir()
    external, internal = rig.free_port(), rig.free_port()
    listeners = home / "current" / "listeners.json"
    listeners.write_text(_spelled(json.loads(listeners.read_text()), external, internal))
    bootstrap = home / "current" / "bootstrap.json"
    config = json.loads(bootstrap.read_text())
    del config["admin"]
    bootstrap.write_text(json.dumps(config))
    command = [str(envoy_binary()), "-c", "current/bootstrap.json", "--concurrency", "1"]
    options = ["-l", "error", "--disable-hot-restart"]
    with rig.process([*command, *options], cwd=home) as child:
        rig.wait_for_port(external)
        rig.pin(child.pid)
        yield child.pid, external


def _spelled(listeners: dict[str, Any], external: int, internal: int) -> str:
    ports = {"external": external, "internal": internal}
    sources = {LUA_FILTER: _GATE, ANSWERS_FILTER: _ANSWERS}
    for listener in listeners["resources"]:
        listener["address"]["socket_address"]["port_value"] = ports[listener["name"]]
        for chain in listener["filter_chains"]:
            for network_filter in chain["filters"]:
                for http_filter in network_filter["typed_config"]["http_filters"]:
                    if source := sources.get(http_filter["name"]):
                        code = http_filter["typed_config"]["default_source_code"]
                        code["inline_string"] = source
    return json.dumps(listeners)
