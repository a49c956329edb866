"""Whether the request can be read at all, and in one way only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from forecourt.actions.steps.case import Case
from forecourt.actions.steps.step import StepKind, Told
from forecourt.compiler.refusals import Refusal

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


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSED


def _passed(case: Case) -> Told:
    return Told(says=f"{case.request.method} {case.request.path} reads one way")


def _refused(case: Case) -> Told:
    assert case.refusal is not None
    says, way_out = _REFUSED[case.refusal]
    return Told(says=says, ways_out=(way_out,))


STEP = StepKind(name="request", refuses=_refuses, passed=_passed, refused=_refused)
