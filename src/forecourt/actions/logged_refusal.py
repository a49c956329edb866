"""What a line of the access log says of how a request ended."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.compiler.refusals import BY_WORD, Refusal
from forecourt.edge.logged_request import LoggedRequest

# Envoy's response flags for an upstream that it did not reach, or lost.
_UNREACHED = frozenset({"UF", "UH", "UO", "NC", "UR", "UC", "URX"})
_TIMED_OUT = frozenset({"UT"})
# Of an edge that holds as much as it may: of what it refuses, and of what it lets go.
_OVERLOADED = "overload"

# An answer that no upstream gave, and the gate neither: the status tells who refused.
_BY_STATUS: Mapping[int, Refusal] = MappingProxyType(
    {
        0: Refusal.CALLER_LEFT,
        400: Refusal.MALFORMED_REQUEST,
        403: Refusal.NOT_ADMITTED,
        404: Refusal.NO_SUCH_HOST,
        408: Refusal.TOO_SLOW,
        413: Refusal.BODY_TOO_LARGE,
        429: Refusal.RATE_LIMITED,
        431: Refusal.HEADERS_TOO_LARGE,
        500: Refusal.ANSWER_TOO_LARGE,
        503: Refusal.UPSTREAM_UNAVAILABLE,
        504: Refusal.UPSTREAM_TIMEOUT,
    }
)


def logged_refusal(logged: LoggedRequest) -> Refusal | None:
    """Why it was refused, or what became of it at the upstream; None: it was answered."""
    if logged.reason in BY_WORD:
        return BY_WORD[logged.reason]
    replaced = BY_WORD.get(logged.replaced or "")
    # Envoy's own 503 and 504 are replaced by the same problem as an upstream's.
    if replaced is not None and replaced is not Refusal.UPSTREAM_FAILED:
        return replaced
    flags = frozenset(logged.flags.split(","))
    if logged.details.startswith(_OVERLOADED):
        return Refusal.OVERLOADED
    if flags & _TIMED_OUT:
        return Refusal.UPSTREAM_TIMEOUT
    if flags & _UNREACHED:
        return Refusal.UPSTREAM_UNAVAILABLE
    if logged.details.startswith("via_upstream"):
        return Refusal.UPSTREAM_FAILED if logged.status >= 500 else None
    return _BY_STATUS.get(logged.status)
