"""The way out: what an upstream says of its own faults is replaced.

Envoy skips the filter for every answer below 500, natively: most answers meet no Lua.
"""

from __future__ import annotations

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.spelling import Json, extension, typed
from forecourt.compiler.envoy.vantage import Vantage

FAULTS_FILTER = "forecourt.faults"

_SOURCE = """\
-- forecourt faults, code {digest}
package.path = "{lua}/?.lua"
package.cpath = ""
local closed = require("forecourt.closed")
local faults = require("forecourt.faults")
require("forecourt.sandbox").close()
function envoy_on_response(handle)
  if not pcall(faults.hide, handle) then closed.close(handle) end
end
"""

_STATUS_CLASS = extension(
    "status-class", "envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput"
)
_SKIP: Json = {
    "action": extension("skip", "envoy.extensions.filters.common.matcher.action.v3.SkipFilter")
}


def faults_filter(vantage: Vantage) -> Json:
    """The filter; what has no class it knows meets the Lua as well."""
    source = _SOURCE.format(digest=vantage.lua_digest, lua=files.LUA)
    lua = typed(
        "envoy.extensions.filters.http.lua.v3.Lua",
        {"default_source_code": {"inline_string": source}},
    )
    classes = ("1xx", "2xx", "3xx", "4xx")
    return extension(
        FAULTS_FILTER,
        "envoy.extensions.common.matching.v3.ExtensionWithMatcher",
        {
            "extension_config": {"name": FAULTS_FILTER, "typed_config": lua},
            "xds_matcher": {
                "matcher_tree": {
                    "input": _STATUS_CLASS,
                    "exact_match_map": {"map": dict.fromkeys(classes, _SKIP)},
                }
            },
        },
    )
