"""What of a schema a caller's audience sees, and which way a value goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from forecourt.contract.sight import Sight, sees_mark
from forecourt.contract.values import Json
from forecourt.estate.audience import Audience


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
        return sees_mark(self.audience, mark)


def is_withheld(sight: Sight, schema: Json, view: View) -> bool:
    """Whether a property with that schema is not there at all, for this view."""
    if sight.hides_schema(schema):
        return True
    asks = view.direction is Direction.RESPONSE or view.refuses_read_only
    return asks and _is_other_sides(sight, schema, view.direction)


def is_not_required(sight: Sight, schema: Json, view: View) -> bool:
    """Whether `required` does not count for a property: the other side alone writes it."""
    return sight.hides_schema(schema) or _is_other_sides(sight, schema, view.direction)


def _is_other_sides(sight: Sight, schema: Json, direction: Direction) -> bool:
    seen: set[int] = set()
    while isinstance(schema, dict) and id(schema) not in seen:
        if schema.get(direction.value) is True:
            return True
        seen.add(id(schema))
        schema = sight.referred(schema)
    return False
