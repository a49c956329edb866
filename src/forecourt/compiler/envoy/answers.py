"""The way out, where callers are held to a contract: only what it declares leaves."""

from __future__ import annotations

from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.answer_fields import overwriting
from forecourt.compiler.envoy.faults import FAULTS_FILTER
from forecourt.compiler.envoy.gate import MARK_KEY, MARK_NAMESPACE
from forecourt.compiler.envoy.spelling import Json, extension
from forecourt.compiler.envoy.vantage import Vantage
from forecourt.compiler.ir.apis import Api, Version

ANSWERS_FILTER = "forecourt.answers"

# How much of an answer is held back at most while it is looked at: as much as the edge reads
# (`forecourt.json.memory`). What is larger ends as Envoy's own 500.
MOST_BYTES = 8 * 1024 * 1024

_SOURCE = """\
-- forecourt answers, code {digest}
package.path = "{lua}/?.lua"
package.cpath = ""
local closed = require("forecourt.closed")
local answers = require("forecourt.answers")
local places = require("forecourt.places")
require("forecourt.buckets").follow("{buckets}")
require("forecourt.sandbox").close()
function envoy_on_response(handle)
  local is_held, has_place, has_ended = pcall(answers.hold, handle)
  if not is_held then closed.close(handle) end
  if has_place or not is_held then places.leave(handle, has_ended) end
end
"""


def answers_filter(vantage: Vantage) -> Json:
    """The filter, which meets every answer of a route that does not turn it off."""
    source = _SOURCE.format(digest=vantage.lua_digest, lua=files.LUA, buckets=files.BUCKETS)
    return extension(
        ANSWERS_FILTER,
        "envoy.extensions.filters.http.lua.v3.Lua",
        {"default_source_code": {"inline_string": source}},
    )


def are_held(api: Api, versions: tuple[Version, ...], *, on_external: bool) -> bool:
    """Whether answers to anybody who can call a route on a listener are held to a contract.

    So are those that are lowered to an older version, whoever calls.
    """
    if any(version.lens for version in versions):
        return True
    audiences = {
        caller.audience
        for caller in api.callers
        if caller.audience.is_external is on_external and caller.response_check != "off"
    }
    return any(ref.audience in audiences for version in versions for ref in version.contracts)


def chosen_filter(*, held: bool) -> Json:
    """A route's choice between the two filters of the way out: the other costs it nothing.

    Where answers are held, their filter hides an upstream's faults as well.
    """
    name = FAULTS_FILTER if held else ANSWERS_FILTER
    return {
        name: {"@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "disabled": True}
    }


def held_back(*, held: bool) -> int:
    """How much of an answer a route may hold back, in bytes; nothing is where none is held."""
    return MOST_BYTES if held else 0


# What is no longer true of a body that lenses change (`edge/lua/forecourt/whole.lua`), and parts of
# one, which are no parts of what it becomes. What the service is told goes where every version of a
# route is raised.
_OF_THE_WHOLE = ("content-md5", "digest", "content-digest", "repr-digest")
_OF_PARTS = ("range", "if-range")


def raised_route(versions: tuple[Version, ...]) -> dict[str, list[str]]:
    """The fields that do not pass where calls are raised: in requests, and in answers."""
    if not any(version.lens for version in versions):
        return {}
    return {
        "request_headers_to_remove": [*_OF_PARTS, *_OF_THE_WHOLE],
        "response_headers_to_remove": [*_OF_THE_WHOLE, "accept-ranges"],
    }


# Where the way out finds the mark. An upstream that sends such a field is not heard, and the way
# out takes it off before anything else.
MARK_FIELD = "forecourt-mark"


def held_route(*, held: bool) -> Json:
    """What a route whose answers are held has besides.

    An upstream that compresses would send what cannot be read. The way out reads the mark from a
    field: what the gate left of it costs Lua three times as much to look at.
    """
    if not held:
        return {}
    return {
        "request_headers_to_remove": ["accept-encoding"],
        "response_headers_to_remove": [MARK_FIELD],
        "response_headers_to_add": marked(held=held),
    }


def marked(*, held: bool) -> list[Json]:
    """The field with the mark, for the answers of a route that are held."""
    mark = f"%DYNAMIC_METADATA({MARK_NAMESPACE}:{MARK_KEY})%"
    return [overwriting(MARK_FIELD, mark)] if held else []
