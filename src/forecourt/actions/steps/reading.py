"""Whether the request can be read at all, and in one way only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.compiler.refusals import Refusal
from forecourt.compiler.request_line import METHODS, MOST_BYTES, Fault, RequestLine

_REFUSED: Mapping[Refusal, tuple[str, str]] = MappingProxyType(
    {
        Refusal.METHOD: (
            "CONNECT, TRACE and TRACK are never served",
            "call with another method",
        ),
        Refusal.AMBIGUOUS_PATH: (
            "the path could be read in two ways: a server behind may decode it once more",
            "send no encoded `/`, `\\`, `;` or `%`, no dot segments, and UTF-8 alone in the path",
        ),
        Refusal.MALFORMED_REQUEST: (
            "the request breaks HTTP's rules, or could be read in two ways",
            "mend the client: no underscores in header names, no escaped slash in the path",
        ),
        Refusal.NO_SUCH_HOST: (
            "the listener answers for no such host",
            "call a declared host, or add it to `hosts` of the listener in forecourt.yaml",
        ),
        Refusal.TOO_SLOW: (
            "the request did not arrive in time",
            "send it again; its head must arrive within ten seconds",
        ),
        Refusal.OVERLOADED: (
            "the edge held as much at once as it may, and took no more",
            "send it again as Retry-After says; if it lasts, look who holds so much, or raise "
            "FORECOURT_MEMORY",
        ),
        Refusal.HEADERS_TOO_LARGE: (
            "it carried more, or larger, header fields than are read",
            "send at most 100 header fields, 60 KiB in all",
        ),
    }
)

_UNREAD: Mapping[Fault, tuple[str, str]] = MappingProxyType(
    {
        Fault.UNKNOWN_METHOD: (
            "HTTP/1.1 has no such method with a path, as Envoy reads it",
            "call with another method",
        ),
        Fault.LETTER: (
            "spaces, control characters and letters beyond ASCII end a request line or break it",
            "send them encoded: a space is `%20`, `é` is `%C3%A9`",
        ),
        Fault.FRAGMENT: (
            "what follows a `#` is for the client alone, and is refused where it is sent",
            "leave it out; a `#` that is meant is `%23`",
        ),
        Fault.ESCAPE: (
            "an encoded `/`, `\\` or NUL in a path could be read in two ways",
            "send the path without `%2F`, `%5C` and `%00`",
        ),
        Fault.TOO_LONG: (
            "path and query alone are larger than all header fields together may be",
            "send less: at most 60 KiB with all fields, or what is long in a body",
        ),
    }
)

# From here on the fields that come with it may well be what is too much.
_LONG_BYTES = MOST_BYTES // 2


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSED


def _passed(case: Case) -> Told:
    asked, line = f"{case.request.method} {case.request.path}", case.request.line
    if line is not None and line.size > _LONG_BYTES:
        return Told(
            says=f"if its fields are short: path and query are {line.size:,} bytes of the"
            f" {MOST_BYTES:,} for all",
            outcome=Outcome.NOT_JUDGED,
        )
    if line is not None and line.written != line.path:
        return Told(says=f"{line.method} {line.written} is read as {line.path}")
    return Told(says=f"{asked} reads one way")


def _refused(case: Case) -> Told:
    assert case.refusal is not None
    line = case.request.line
    if line is not None and line.fault is not None:
        return _unread(line, line.fault)
    says, way_out = _REFUSED[case.refusal]
    return Told(says=says, ways_out=(way_out,))


def _unread(line: RequestLine, fault: Fault) -> Told:
    says, way_out = _UNREAD[fault]
    capitals = line.method.upper()
    if fault is Fault.UNKNOWN_METHOD and line.method != capitals and capitals in METHODS:
        return Told(says="methods are written in capitals", ways_out=(f"send `{capitals}`",))
    return Told(says=says, ways_out=(way_out,))


STEP = StepKind(name="request", refuses=_refuses, passed=_passed, refused=_refused)
