"""An Envoy that judges one request that nobody made, and lets nothing through."""

from __future__ import annotations

import msgspec

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.connection_manager import ONE_WAY_TO_READ
from forecourt.compiler.envoy.gate import LUA_FILTER, lua_literal
from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.ir.apis import CallerPolicy

# In the folder in which it runs.
SOCKET = "trial.sock"

_SOURCE = """\
package.path = "{lua}/?.lua"
package.cpath = ""
local trial = require("forecourt.inward.trial")
local given = {given}
function envoy_on_request(handle) return trial.request(handle, given) end
"""


def trial_bootstrap(way_in: str, method: str, prefix: str, caller: CallerPolicy) -> bytes:
    """Its whole configuration: the edge's own Lua, and the edge's own way to read a path.

    `way_in` is the digest of the contract's way in, which stands in the folder's `contracts`.
    """
    given = {
        "way_in": way_in,
        "method": method,
        "prefix": prefix,
        "caller": {
            "unknown_parameters": caller.unknown_parameters,
            "body_bytes": caller.body_bytes,
            "body_depth": caller.body_depth,
            "body_keys": caller.body_keys,
        },
    }
    source = _SOURCE.format(lua=files.LUA, given=lua_literal(given))
    listener: Json = {
        "name": "trial",
        "address": {"pipe": {"path": SOCKET}},
        "filter_chains": [{"filters": [_connection_manager(source)]}],
    }
    return msgspec.json.encode({"static_resources": {"listeners": [listener]}})


def _connection_manager(source: str) -> Json:
    return extension(
        "envoy.filters.network.http_connection_manager",
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        {
            **ONE_WAY_TO_READ,
            "stat_prefix": "trial",
            "route_config": {"name": "trial", "virtual_hosts": []},
            "http_filters": [
                extension(
                    LUA_FILTER,
                    "envoy.extensions.filters.http.lua.v3.Lua",
                    {"default_source_code": {"inline_string": source}},
                ),
                extension(
                    "envoy.filters.http.router",
                    "envoy.extensions.filters.http.router.v3.Router",
                    {},
                ),
            ],
        },
    )
