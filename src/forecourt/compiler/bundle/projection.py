"""What of a schema a caller's audience sees, and which way a value goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forecourt.compiler.bundle.references import References
from forecourt.contract.values import Json, descend
from forecourt.estate.audience import Audience, sees


class Direction(Enum):
    """Which way a value goes; the value is what marks a property of the other side's."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """From where a contract is looked at.

    `refuses_read_only`: whether a request may not hold what only we write. It may by default:
    clients send back what they got, and OpenAPI says SHOULD NOT (3.0.4, section 4.7.24.2).
    """

    audience: Audience
    direction: Direction
    refuses_read_only: bool = False

    def sees(self, mark: Json) -> bool:
        """Whether an element with that `x-audience` is there; an unknown word is for nobody."""
        if mark is None:
            return True
        try:
            return sees(self.audience, Audience(mark))
        except ValueError:
            return False


def is_withheld(document: Json, references: References, schema: Json, view: View) -> bool:
    """Whether a property with that schema is not there at all, for this view."""
    seen: set[str] = set()
    while isinstance(schema, dict):
        if not view.sees(schema.get("x-audience")):
            return True
        if _is_other_sides(schema, view.direction) and (
            view.direction is Direction.RESPONSE or view.refuses_read_only
        ):
            return True
        schema = _next(document, references, schema, seen)
    return False


def is_not_required(document: Json, references: References, schema: Json, view: View) -> bool:
    """Whether `required` does not count for a property: the other side alone writes it."""
    seen: set[str] = set()
    while isinstance(schema, dict):
        if not view.sees(schema.get("x-audience")) or _is_other_sides(schema, view.direction):
            return True
        schema = _next(document, references, schema, seen)
    return False


def _is_other_sides(schema: dict[str, Json], direction: Direction) -> bool:
    return schema.get(direction.value) is True


def _next(document: Json, references: References, schema: dict[str, Json], seen: set[str]) -> Json:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or reference in seen:
        return None
    seen.add(reference)
    at = references.target(reference)
    return None if at is None else descend(document, at)


def choices(values: list[Json], marks: Json, view: View) -> tuple[list[Json], list[Json]]:
    """The values of an `enum` that the audience sees, and those that it does not.

    `marks` is `x-enum-audience`: for a value, the audience it is for.
    """
    if not isinstance(marks, dict):
        return values, []
    seen: list[Json] = []
    hidden: list[Json] = []
    for value in values:
        mark = marks.get(value) if isinstance(value, str) else None
        (seen if view.sees(mark) else hidden).append(value)
    return seen, hidden
