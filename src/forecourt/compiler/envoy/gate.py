"""The gate: our Lua filter, started by a few lines that never change between publishes."""

from __future__ import annotations

import json

import msgspec

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.bootstrap import CONTROL_CLUSTER
from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.envoy.vantage import Vantage

# Route metadata under this name is what the gate reads as a route's policy.
LUA_FILTER = "envoy.filters.http.lua"

# The mark: the gate sets it as its last act. Nobody outside can: it is no field of a request.
MARK_NAMESPACE, MARK_KEY, MARK_PREFIX = "forecourt", "admit", "yes "

# Where it says which place a request has, of a caller whose requests under way are counted.
PLACE_KEY = "place"

_SOURCE = """\
-- forecourt gate, code {digest}
package.path = "{lua}/?.lua"
package.cpath = ""
local gate = require("forecourt.gate").new({settings})
function envoy_on_request(handle) return gate.request(handle) end
"""


def gate_filter(vantage: Vantage) -> Json:
    """The filter with its settings: whom it may meet here, and whom it asks about them."""
    settings = {
        "organization": vantage.gateway.organization,
        "listener": vantage.listener,
        "mesh": vantage.is_mesh,
        "mesh_proxies": list(vantage.gateway.mesh_proxies) if vantage.is_mesh else [],
        "partner_host": vantage.partner_host or "",
        "issuers": [issuer.name for issuer in vantage.issuers],
        "consumer_claims": {i.name: i.consumer_claim for i in vantage.issuers},
        "key_names": dict.fromkeys(_key_names(vantage), True),
        "control_cluster": CONTROL_CLUSTER,
        "news": files.NEWS,
        "buckets": files.BUCKETS,
        # A service is known by its identity: the address of one is its mesh's.
        "blocks": "" if vantage.is_mesh else files.BLOCKS,
    }
    source = _SOURCE.format(
        digest=vantage.lua_digest, lua=files.LUA, settings=lua_literal(settings)
    )
    return extension(
        LUA_FILTER,
        "envoy.extensions.filters.http.lua.v3.Lua",
        {"default_source_code": {"inline_string": source}},
    )


def _key_names(vantage: Vantage) -> list[str]:
    """The names of all keys that issuers sign with: one that is not among them may be new."""
    texts = (vantage.keys.issuers.get(issuer.name) for issuer in vantage.issuers)
    keys = (key for text in texts if text for key in json.loads(text)["keys"])
    return sorted({key["kid"] for key in keys if isinstance(key.get("kid"), str)})


def lua_literal(value: object) -> str:
    """A value of text, numbers, booleans, lists and mappings as Lua source."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _lua_string(value)
        case list() | tuple():
            return "{" + ", ".join(lua_literal(item) for item in value) + "}"
        case dict():
            pairs = (f"[{_lua_string(k)}] = {lua_literal(v)}" for k, v in sorted(value.items()))
            return "{" + ", ".join(pairs) + "}"
        case _:
            raise msgspec.ValidationError(f"{type(value).__name__} has no Lua literal")


def _lua_string(text: str) -> str:
    r"""Decimal escapes for all but plain characters, so no text can end the literal."""
    plain = "".join(
        c if c.isascii() and (c.isalnum() or c in " -_./:@?=,") else _escaped(c) for c in text
    )
    return f'"{plain}"'


def _escaped(character: str) -> str:
    return "".join(f"\\{byte:03d}" for byte in character.encode())
