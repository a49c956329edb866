"""The fields that every answer carries, whoever made it."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.compiler.envoy.spelling import Json


def overwriting(name: str, value: str) -> Json:
    """A field that an upstream's own value does not stand beside."""
    return {
        "header": {"key": name, "value": value},
        "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
    }


def besides(name: str, value: str) -> Json:
    """A field that stands beside an upstream's own: one that is a list, as `Link` is."""
    return {
        "header": {"key": name, "value": value},
        "append_action": "APPEND_IF_EXISTS_OR_ADD",
    }


# By the gate, of the caller's limit, for the answer; the upstream hears it too.
LIMIT_FIELDS = ("ratelimit-policy", "ratelimit")

# What replaces an answer names the request by it; Envoy itself adds it after every filter.
REQUEST_ID = overwriting("x-request-id", "%REQ(X-REQUEST-ID)%")


def answer_fields(always: Iterable[Json]) -> list[Json]:
    """Those that are always the same, the caller's limit, and the request's name."""
    limits = (overwriting(name, f"%REQ(FORECOURT-{name.upper()})%") for name in LIMIT_FIELDS)
    return [*always, *limits, REQUEST_ID]
