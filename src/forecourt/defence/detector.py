"""A detector: what it looks at, and how much of it is too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from forecourt.edge.logged_request import LoggedRequest
from forecourt.estate.audience import Audience

SubjectKind = Literal["address", "credential", "application"]


class Subject(NamedTuple):
    """Of whom something is counted: a network, or the credential or application of a caller."""

    kind: SubjectKind
    id: str


class Sighting(NamedTuple):
    """A request as a detector sees it: whose it is, whether it counts, and what was asked for."""

    subject: Subject
    counts: bool
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """How much is too much.

    Within `seconds` as many as `at_least` must count, of `distinct` different things, and of all
    requests of the subject this `share`; or `outright` as many, whatever else it asks for: nobody
    hides behind harmless calls.
    """

    seconds: int
    at_least: int
    share: float = 0.0
    distinct: int = 1
    outright: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """`counted` says what was counted, as part of a sentence. `most` is the utmost that is done
    about it, whatever the posture says."""

    name: str
    threshold: Threshold
    sees: Callable[[LoggedRequest], Sighting | None]
    counted: str
    most: Literal["report", "block"] = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something was too much: what was counted of whose requests, and a few of them. `audience` is
    the narrowest of the callers that were known; `api` one that it was about, `consumers` the known
    callers among them, as the access log names them."""

    detector: Detector
    subject: Subject
    audience: Audience
    api: str | None
    counted: int
    distinct: int
    samples: tuple[str, ...]
    consumers: tuple[str, ...] = ()


def caller_of(request: LoggedRequest) -> Subject | None:
    """A caller that is known, by its credential."""
    return None if request.credential is None else Subject("credential", request.credential)
