"""What Envoy makes of a request line of HTTP/1.1 before the gate sees it, or why it refuses it.

It is no second truth: a test sends odd lines to a running edge, and both must say the same
(`tests/end_to_end/test_why.py`).
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from enum import Enum

from forecourt.compiler.refusals import Refusal

# Envoy's parser knows these and no other; they are in capitals.
_PARSED = """
    ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE
    MSEARCH NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE
    SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE
"""
METHODS = frozenset(_PARSED.split())

# Envoy's `max_request_headers_kb` where nothing is set: the line and all fields together.
MOST_BYTES = 60 * 1024

_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
# What a path says in an escape only.
_ESCAPED = {ord(c): f"%{ord(c):02X}" for c in '"<>^`{|}'}
_ESCAPED_SLASH = re.compile("%(?:2f|5c)", re.IGNORECASE)
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
# `..;x` counts as `..` to Envoy, as to some servers behind it; only escaped slashes come before.
_PARAMETER_OF_DOTS = re.compile(r"(?<=/)(\.{1,2});[^/]*")
_DOTS = re.compile(r"(?:\.|%2e){1,2}", re.IGNORECASE)


class Fault(Enum):
    """Why Envoy's parser refuses a line, before anything of ours sees it."""

    UNKNOWN_METHOD = "unknown-method"
    LETTER = "letter"
    FRAGMENT = "fragment"
    ESCAPE = "escape"
    TOO_LONG = "too-long"

    @property
    def refusal(self) -> Refusal:
        """As the access log has it."""
        return Refusal.HEADERS_TOO_LARGE if self is Fault.TOO_LONG else Refusal.MALFORMED_REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A line as it was written, and as those behind Envoy's parser see it.

    `written` and `path` are without the query, which is what follows `?`. `size` is that of method
    and target, in bytes. `fault` None: it is read; else `path` is as written.
    """

    method: str
    written: str
    path: str
    query: str
    size: int
    fault: Fault | None


def request_line(method: str, target: str) -> RequestLine:
    """What becomes of a method and a target, which begins with `/`."""
    written, _, query = target.partition("?")
    size = len(f"{method}{target}".encode("utf-8", "surrogateescape"))
    fault = _fault(method, target, written, size)
    return RequestLine(
        method=method,
        written=written,
        path=written if fault is not None else _merged(_canonical(written)),
        query=query,
        size=size,
        fault=fault,
    )


def _fault(method: str, target: str, path: str, size: int) -> Fault | None:
    if method not in METHODS or method == "CONNECT":  # that one names a host, and no path
        return Fault.UNKNOWN_METHOD
    if not all("!" <= letter <= "~" for letter in target):
        return Fault.LETTER
    if size > MOST_BYTES:
        return Fault.TOO_LONG
    if "#" in target:
        return Fault.FRAGMENT
    is_two = _ESCAPED_SLASH.search(path) or "%00" in _without_parameters_of_dots(path)
    return Fault.ESCAPE if is_two else None


def _canonical(path: str) -> str:
    """Without dot segments, `\\` as `/`, with letters escaped only where they must be.

    A `%` that begins no escape may end as `%25` in Envoy: the gate refuses both spellings.
    """
    kept: list[str] = []
    segments = _without_parameters_of_dots(path).replace("\\", "/").split("/")[1:]
    for i, segment in enumerate(segments):
        if not _DOTS.fullmatch(segment):
            kept.append(_unescaped(segment).translate(_ESCAPED))
            continue
        if len(_unescaped(segment)) == 2:
            del kept[-1:]
        if i == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)


def _without_parameters_of_dots(path: str) -> str:
    return _PARAMETER_OF_DOTS.sub(r"\1", path)


def _unescaped(segment: str) -> str:
    def plain(found: re.Match[str]) -> str:
        letter = chr(int(found[1], 16))
        return letter if letter in _UNRESERVED else found[0]

    return _ESCAPE.sub(plain, segment)


def _merged(path: str) -> str:
    """Without empty segments, as `merge_slashes` has it: `///` leaves `//`."""
    if "//" not in path:
        return path
    end = "/" if path.endswith("/") else ""
    return "/" + "/".join(filter(None, path.split("/"))) + end
