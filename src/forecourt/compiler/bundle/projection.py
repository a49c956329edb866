"""What of a schema a caller's audience sees, and which way a value goes."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.contract.one_sided import Direction, is_other_sides
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.sight import Sight, sees_mark
from forecourt.contract.values import Json
from forecourt.estate.audience import Audience


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
    """Whether a property with that schema is not there at all, for this view.

    What only the other side writes is named by a mark beside a `$ref`, too, whatever the dialect: a
    secret does not leave for want of a place to say that it is one.
    """
    goes = view.direction is Direction.RESPONSE or view.refuses_read_only
    return sight.hides_schema(schema) or (
        goes and is_other_sides(schema, view.direction, Dialect.JSON_SCHEMA_2020_12, sight.lead)
    )


def is_not_required(sight: Sight, schema: Json, view: View, dialect: Dialect) -> bool:
    """Whether `required` does not count for a property: the other side alone writes it."""
    return sight.hides_schema(schema) or is_other_sides(schema, view.direction, dialect, sight.lead)
