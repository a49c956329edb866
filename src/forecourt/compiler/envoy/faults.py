"""The way out: what an upstream says of its own faults is replaced.

Envoy skips the filter natively for every answer below 500, but where its request has a place to
give back: most answers meet no Lua.
"""

from __future__ import annotations

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.gate import MARK_NAMESPACE, PLACE_KEY
from forecourt.compiler.envoy.spelling import Json, extension, typed
from forecourt.compiler.envoy.vantage import Vantage

FAULTS_FILTER = "forecourt.faults"

_SOURCE = """\
-- forecourt faults, code {digest}
package.path = "{lua}/?.lua"
package.cpath = ""
local closed = require("forecourt.closed")
local faults = require("forecourt.faults")
local places = require("forecourt.places")
require("forecourt.buckets").follow("{buckets}")
require("forecourt.sandbox").close()
function envoy_on_response(handle)
  if not pcall(faults.hide, handle) then closed.close(handle) end
  places.leave(handle)
end
"""

_STATUS_CLASS = extension(
    "status-class", "envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput"
)
_PLACE = extension(
    "place",
    "envoy.extensions.matching.common_inputs.network.v3.DynamicMetadataInput",
    {"filter": MARK_NAMESPACE, "path": [{"key": PLACE_KEY}]},
)
_IS_NOT_THERE = extension(
    "absent",
    "envoy.extensions.matching.input_matchers.metadata.v3.Metadata",
    {"value": {"present_match": True}, "invert": True},
)
_SKIP: Json = {
    "action": extension("skip", "envoy.extensions.filters.common.matcher.action.v3.SkipFilter")
}
_SKIP_UNLESS_IT_HAS_A_PLACE: Json = {
    "matcher": {
        "matcher_list": {
            "matchers": [
                {
                    "predicate": {
                        "single_predicate": {"input": _PLACE, "custom_match": _IS_NOT_THERE}
                    },
                    "on_match": _SKIP,
                }
            ]
        }
    }
}


def faults_filter(vantage: Vantage) -> Json:
    """The filter; what has no class it knows meets the Lua as well."""
    source = _SOURCE.format(digest=vantage.lua_digest, lua=files.LUA, buckets=files.BUCKETS)
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
                    "exact_match_map": {"map": dict.fromkeys(classes, _SKIP_UNLESS_IT_HAS_A_PLACE)},
                }
            },
        },
    )
