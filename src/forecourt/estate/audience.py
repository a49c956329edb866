"""The one word that decides: who an API is for."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering


@total_ordering
class Audience(Enum):
    """internal < partner < public, from narrow to wide."""

    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"

    @property
    def width(self) -> int:
        """0 for the narrowest."""
        return _ORDER.index(self)

    @property
    def is_external(self) -> bool:
        """Partner or public: callers outside the organisation."""
        return self is not Audience.INTERNAL

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Audience):
            return NotImplemented
        return self.width < other.width


_ORDER = (Audience.INTERNAL, Audience.PARTNER, Audience.PUBLIC)


def wider(a: Audience, b: Audience) -> Audience:
    """The wider of the two."""
    return max(a, b)


def narrower(a: Audience, b: Audience) -> Audience:
    """The narrower of the two."""
    return min(a, b)


def sees(caller: Audience, element: Audience) -> bool:
    """Whether a caller with this effective audience sees an element of that audience.

    A public element is seen by all; an internal one only by internal callers.
    """
    return caller <= element
