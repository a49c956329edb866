"""The way to a value, shared with the ways to its neighbours."""

from __future__ import annotations

from typing import TypeAlias

from forecourt.contract.values import Pointer

# The last step of a pointer, and the way to it: a walk over a million values makes no pointer for
# each of them, only where there is something to tell.
Way: TypeAlias = "tuple[str, Way] | None"


def pointer_of(way: Way) -> Pointer:
    """The pointer that a way is."""
    steps = []
    while way is not None:
        step, way = way
        steps.append(step)
    return tuple(reversed(steps))


def way_to(pointer: Pointer) -> Way:
    """A way that is this pointer."""
    way: Way = None
    for step in pointer:
        way = (step, way)
    return way
