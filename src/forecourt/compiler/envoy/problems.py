"""Answers that Envoy gives by itself, in the shape of ours (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.compiler.envoy.answer_fields import overwriting
from forecourt.compiler.envoy.gate import MARK_KEY, MARK_NAMESPACE
from forecourt.compiler.envoy.spelling import Json

PROBLEM_TYPE = "application/problem+json"
URN = "urn:forecourt:problem:"


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeProblem:
    """What a status that Envoy set means to a caller. `flags`: the response flags that tell it."""

    status: int
    name: str
    title: str
    detail: str
    flags: tuple[str, ...] = ()


_MALFORMED = NativeProblem(
    status=400,
    name="malformed-request",
    title="Malformed request",
    detail="The request breaks HTTP's rules, or could be read in two ways.",
)

# The first that fits is the answer, so the ones with flags stand above those of the same status.
NATIVE: tuple[NativeProblem, ...] = (
    NativeProblem(
        status=504,
        name="upstream-timeout",
        title="No answer in time",
        detail="The service behind this API did not answer in time.",
        flags=("UT",),
    ),
    NativeProblem(
        status=503,
        name="upstream-unavailable",
        title="Service unavailable",
        detail="The service behind this API cannot be reached. Try again later.",
        flags=("UF", "UH", "UO", "NC", "UR", "UC", "URX"),
    ),
    # Nothing else here makes Envoy say 500: the buffer of an answer that was held back is full.
    NativeProblem(
        status=500,
        name="answer-too-large",
        title="Answer too large",
        detail="The answer is larger than what can be checked, so it is not passed on.",
    ),
    _MALFORMED,
    NativeProblem(
        status=403,
        name="not-admitted",
        title="Not admitted",
        detail="The request was not admitted. Nothing reached the service.",
    ),
    NativeProblem(
        status=404,
        name="not-found",
        title="Not found",
        detail="There is nothing here for this caller. Check the path and the version.",
    ),
    NativeProblem(
        status=408,
        name="too-slow",
        title="Request too slow",
        detail="The request did not arrive in time.",
    ),
    NativeProblem(
        status=413,
        name="body-too-large",
        title="Body too large",
        detail="The body is larger than this caller may send.",
    ),
    NativeProblem(
        status=431,
        name="headers-too-large",
        title="Headers too large",
        detail="The request carries more, or larger, header fields than are read.",
    ),
)


def local_replies() -> Json:
    """How Envoy's own answers read. Those that the gate wrote are left as they are."""
    return {
        "mappers": [
            {"filter": _WRITTEN_BY_GATE, "body_format_override": _AS_IT_IS},
            _SHED,
            _OVERLOADED,
            _UNKNOWN_CODING,
            *(_mapper(problem) for problem in NATIVE),
        ],
        "body_format": _body("edge-fault", "Something went wrong", "The edge could not answer."),
    }


REPLIED_KEY = "replied"

_AS_IT_IS: Json = {
    "content_type": PROBLEM_TYPE,
    "text_format_source": {"inline_string": "%LOCAL_REPLY_BODY%"},
}


def _replied(how: str) -> Json:
    return {
        "metadata_filter": {
            "matcher": {
                "filter": MARK_NAMESPACE,
                "path": [{"key": REPLIED_KEY}],
                "value": {"string_match": {"exact": how}},
            },
            "match_if_key_not_found": False,
        }
    }


_WRITTEN_BY_GATE = _replied("yes")


def _mapper(problem: NativeProblem) -> Json:
    condition: Json = (
        {"response_flag_filter": {"flags": list(problem.flags)}}
        if problem.flags
        else _has_status(problem.status)
    )
    return {
        "filter": condition,
        "body_format_override": _body(problem.name, problem.title, problem.detail),
    }


def _has_status(status: int) -> Json:
    value = {"default_value": status, "runtime_key": "forecourt.none"}
    return {"status_code_filter": {"comparison": {"op": "EQ", "value": value}}}


def _body(name: str, title: str, detail: str) -> Json:
    return {
        "content_type": PROBLEM_TYPE,
        "json_format": {
            "type": f"{URN}{name}",
            "title": title,
            "status": "%RESPONSE_CODE%",
            "detail": detail,
            "request_id": "%REQ(X-REQUEST-ID)%",
        },
    }


# What Envoy says where it holds as much as it may (`edge/overload.py`): 503, or 500 in the midst of
# a request over HTTP/1. No flag tells it; but nothing else has either status before a request is
# admitted, besides what the gate wrote.
_NOT_ADMITTED: Json = {
    "metadata_filter": {
        "matcher": {
            "filter": MARK_NAMESPACE,
            "path": [{"key": MARK_KEY}],
            # What no mark says: Envoy 1.40 does not heed `invert` here.
            "value": {"string_match": {"exact": "none"}},
        },
        "match_if_key_not_found": True,
    }
}

_TOO_MUCH = _body(
    "overloaded",
    "Too much at once",
    "More is being sent than can be held at once. Wait as Retry-After says.",
)

_OVERLOADED: Json = {
    "filter": {
        "and_filter": {
            "filters": [
                _NOT_ADMITTED,
                {"or_filter": {"filters": [_has_status(500), _has_status(503)]}},
            ]
        }
    },
    "status_code": 503,
    "headers_to_add": [overwriting("retry-after", "1")],
    "body_format_override": _TOO_MUCH,
}

# Whom the gate turned away, since the machine is full (`edge/lua/forecourt/shedding.lua`): it left
# no mark, and says when to come again.
_SHED: Json = {
    "filter": _replied("shed"),
    "status_code": 503,
    "headers_to_add": [
        overwriting("retry-after", "%REQ(FORECOURT-RETRY-AFTER)%"),
        overwriting("cache-control", "no-store"),
    ],
    "body_format_override": _TOO_MUCH,
}

# A transfer coding that nobody knows is 501 to Envoy (RFC 9112, section 6.1). Whoever sends one
# would make it look as if a service failed.
_UNKNOWN_CODING: Json = {
    "filter": _has_status(501),
    "status_code": _MALFORMED.status,
    "body_format_override": _body(_MALFORMED.name, _MALFORMED.title, _MALFORMED.detail),
}
