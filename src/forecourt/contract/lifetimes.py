"""Since when an operation or parameter is deprecated, and until when it is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from forecourt.contract.model import Operation
from forecourt.contract.values import Json, Pointer, child, descend

SINCE, SUNSET = "x-deprecated-since", "x-sunset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """The days that it names; None where it names none that can be read."""

    since: date | None
    sunset: date | None

    @property
    def is_dated(self) -> bool:
        """Whether there is anything exact to tell callers."""
        return self.since is not None or self.sunset is not None


def lifetime(document: Json, at: Pointer) -> Lifetime:
    """What stands at a place that is deprecated."""
    written = descend(document, at)
    return Lifetime(since=day(child(written, SINCE)), sunset=day(child(written, SUNSET)))


def undated(document: Json, operations: Iterable[Operation]) -> Iterator[Pointer]:
    """Where it is said that an operation or a parameter is deprecated, and no day stands there."""
    for operation in operations:
        those = (p for p in operation.parameters if p.is_deprecated)
        places = [p.pointer for p in those if p.pointer is not None]
        for at in [operation.pointer, *places] if operation.is_deprecated else places:
            if not lifetime(document, at).is_dated:
                yield *at, "deprecated"


def day(written: Json) -> date | None:
    """The day of a date, or of a time, as RFC 3339 has them."""
    if not isinstance(written, str):
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None
