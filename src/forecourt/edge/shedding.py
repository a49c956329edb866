"""How many callers to turn away while the machine is full: a level, from what is measured.

A level of 100 turns away everybody of the first class, 250 all of the first two and half of the
third (`forecourt.estate.precedence`). It moves in small steps, up faster than down, and stands
still in between, so that what it does to the load is seen before the next step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forecourt.estate.precedence import CLASSES

# How much of a class a level covers: all of it.
CLASS = 100.0

# Half of the last class is always served: whom else should the machine serve?
MOST = CLASS * (CLASSES - 1) + CLASS / 2

# The share of time in which Envoy's workers had something to do. Above the first what comes waits
# for what came before it; below the second there is room. Between them nothing is changed.
FULL, ROOMY = 0.92, 0.80

# Shorter fullness is a burst, which the kernel's queues hold.
PATIENCE = 1.0

# Levels a second. The way up is the steeper the longer it has been full: all of the first class is
# gone in seven seconds, and who only just has too much is met by small steps. The way down is the
# steeper the more room there is: it comes back in twenty seconds.
UP, DOWN = 25.0, 5.0
STEEP_AFTER = 4.0
STEEP_BELOW = 0.25

# Seconds over which what is measured is smoothed.
SMOOTHING = 0.5

# From the second class on, callers are turned away only where that makes room: where they and those
# after them ask for such a share of what is asked, and, at what a request takes of a worker at
# least, for such a share of the workers' time. A flood of those who are turned away already, or are
# nobody, keeps the machine busy too, and is no reason to turn away who did nothing.
LEAST_SHARE = 0.1
SECONDS_OF_A_REQUEST = 0.0002


@dataclass(frozen=True, slots=True, kw_only=True)
class Shedding:
    """What is done now. `busy` is the smoothed share of time, `full_for` for how many seconds it
    was above `FULL`."""

    level: float = 0.0
    busy: float = 0.0
    full_for: float = 0.0


def next_shedding(
    now: Shedding, *, busy: float, asked: Sequence[float], seconds: float
) -> Shedding:
    """What to do after some seconds in which the workers were busy for that share of the time, and
    each was asked by each class so many times a second (counted while anybody is turned away; the
    first class is also everybody who is not known)."""
    weight = min(seconds / SMOOTHING, 1.0)
    smoothed = now.busy + weight * (busy - now.busy)
    full_for = now.full_for + seconds if smoothed > FULL else 0.0
    level = now.level
    if full_for >= PATIENCE:
        steepness = min(full_for / STEEP_AFTER, 1.0)
        level = min(level + UP * steepness * seconds, _ceiling(now.level, asked))
    elif smoothed < ROOMY:
        steepness = min((ROOMY - smoothed) / STEEP_BELOW, 1.0)
        level = max(level - DOWN * steepness * seconds, 0.0)
    return Shedding(level=level, busy=smoothed, full_for=full_for)


def _ceiling(level: float, asked: Sequence[float]) -> float:
    """How far the level may go: to the end of the last class whose absence makes room."""
    reached = max(level, CLASS)
    while reached < MOST:
        its_class = int(reached // CLASS)
        if reached % CLASS == 0 and not _makes_room(its_class, asked):
            break
        reached = min((its_class + 1) * CLASS, MOST)
    return reached


def _makes_room(its_class: int, asked: Sequence[float]) -> bool:
    rest = sum(asked[its_class:])
    is_much = rest * SECONDS_OF_A_REQUEST >= LEAST_SHARE
    return is_much and rest >= LEAST_SHARE * sum(asked)
