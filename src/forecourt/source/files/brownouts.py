"""`brownouts:` of a version: a schedule of its own, and whether it fits the version's dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from forecourt.estate.brownouts import Brownout
from forecourt.source.codes import BAD_VERSIONS
from forecourt.source.vocabulary.collection import Listed
from forecourt.source.vocabulary.quantities import WHILE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, required

_BEFORE = required("before", WHILE, "how long before the sunset it begins", example="30d")
_LENGTH = required("length", WHILE, "how long it lasts", example="12h")


def _brownout(row: Row, at: At) -> Brownout:
    return Brownout(before=row[_BEFORE], length=row[_LENGTH])


BROWNOUTS = Listed(
    of=Record(
        expects="a mapping with `before` and `length`",
        fields=(_BEFORE, _LENGTH),
        build=_brownout,
    ),
    expects="a list such as `[{before: 30d, length: 12h}]`; `[]`: none",
)


def are_fitting(
    at: At, brownouts: Sequence[Brownout] | None, deprecated: date | None, sunset: date | None
) -> bool:
    """Whether each begins after the version is deprecated, and ends by its sunset and before the
    next one begins; what does not is reported."""
    if not brownouts:
        return True
    before = len(at.diagnostics)
    if sunset is None:
        message = "there are `brownouts`, but no `sunset` that they come before"
        _refuse(at, "brownouts", message, "add `sunset`, or remove them")
        return at.supposes
    for number, brownout in enumerate(brownouts):
        here = f"brownouts.{number}"
        if brownout.length > brownout.before:
            message = f"it would end after the sunset ({sunset})"
            _refuse(at, f"{here}.length", message, "make it shorter, or let it begin earlier")
        elif deprecated is not None and _begin(sunset, brownout) < _since_ever(deprecated):
            message = f"it would begin before the version is deprecated ({deprecated})"
            _refuse(at, f"{here}.before", message, "let it begin later")
    in_order = sorted(range(len(brownouts)), key=lambda i: -brownouts[i].before)
    for first, second in pairwise(in_order):
        if brownouts[first].before - brownouts[first].length < brownouts[second].before:
            message = "it would begin before the one ahead of it has ended"
            _refuse(at, f"brownouts.{second}", message, "leave time between them")
    return len(at.diagnostics) == before or at.supposes


def _begin(sunset: date, brownout: Brownout) -> timedelta:
    return _since_ever(sunset) - timedelta(seconds=brownout.before)


def _since_ever(day: date) -> timedelta:
    """How long after the first of all days it begins."""
    return day - date.min


def _refuse(at: At, key: str, message: str, way_out: str) -> None:
    place = at.places[f"{at.key}.{key}"]
    at.diagnostics.append(BAD_VERSIONS.at(place, message, help=way_out))
