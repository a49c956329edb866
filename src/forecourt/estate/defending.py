"""How patient we are with callers, and for how long they are turned away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Defending:
    """What the dimension `abuse` is done with, for callers of one audience.

    A detector counts `patience` times as much of them before it speaks. What is done then lasts
    the first of `seconds`; the next of them where it was done before on the same day.
    """

    patience: int
    seconds: tuple[int, ...]
    because: str


_MINUTE, _HOUR = 60, 3600

# By the audience of the caller. None is laxer or stricter than another: this is no dimension.
DEFENDING: Mapping[Audience, Defending] = MappingProxyType(
    {
        Audience.INTERNAL: Defending(
            patience=10,
            seconds=(_HOUR,),
            because="a service in a loop is a bug that somebody is told of, once an hour",
        ),
        Audience.PARTNER: Defending(
            patience=3,
            seconds=(15 * _MINUTE, _HOUR, 4 * _HOUR, 24 * _HOUR),
            because="a partner's nightly batch is larger than anything that a stranger may do",
        ),
        Audience.PUBLIC: Defending(
            patience=1,
            seconds=(_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 12 * _HOUR, 24 * _HOUR),
            because="a minute costs who meant no harm little, and who goes on is gone for a day",
        ),
    }
)
