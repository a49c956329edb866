"""A step of a decision: how it went, what it rests on, and the way out where it refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from forecourt.actions.steps.case import Case
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience


class Outcome(Enum):
    """How a step went.

    NO_MATTER: it is not about such requests, or can no longer be said. NOT_JUDGED: only the
    request itself decides, and it was not made. NOT_REACHED: an earlier step refused.
    """

    PASSED = "passed"
    REFUSED = "refused"
    NO_MATTER = "no matter"
    NOT_JUDGED = "not judged"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """A dimension of the posture: its value, who set it, and the waiver that allows it."""

    dimension: str
    value: str
    set_by: Audience | Span
    waiver: Span | None = None


# A place in a file, a waiver, or a dimension.
Ground = Span | Posture


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `ways_out` is what would have to change, in imperatives, where it refused."""

    name: str
    outcome: Outcome
    says: str = ""
    grounds: tuple[Ground, ...] = ()
    ways_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a step has to say. `outcome` None: it refused where it is the one that refuses."""

    says: str
    grounds: tuple[Ground | None, ...] = ()
    ways_out: tuple[str, ...] = ()
    outcome: Outcome = Outcome.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """One question that the edge asks of a request.

    `refuses` says whether a case was refused here, of those that were refused. `passed` and
    `refused` say how it went; neither knows of the other steps.
    """

    name: str
    refuses: Callable[[Case], bool]
    passed: Callable[[Case], Told]
    refused: Callable[[Case], Told]


def never(_: Case) -> bool:
    """Of a step that refuses nothing yet."""
    return False
