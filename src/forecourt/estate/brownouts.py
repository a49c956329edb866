"""Brownouts: short refusals before a sunset, so that whoever has not heard notices in time."""

from __future__ import annotations

from dataclasses import dataclass, field

_HOUR = 3600
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Brownout:
    """A refusal that begins `before` seconds ahead of the sunset and lasts `length` seconds."""

    before: int
    length: int
    because: str = field(default="", compare=False)


# The first that a version has where nobody wrote a schedule; longer, the closer the end is.
USUAL: tuple[Brownout, ...] = (
    Brownout(
        before=30 * _DAY,
        length=12 * _HOUR,
        because="a month is two releases of most teams; half a day meets what runs by the hour",
    ),
    Brownout(
        before=14 * _DAY,
        length=24 * _HOUR,
        because="a whole day meets the working hours of every time zone, and what runs nightly",
    ),
    Brownout(
        before=7 * _DAY,
        length=48 * _HOUR,
        because="nobody waits two days for it to pass; five days are left to move",
    ),
)
