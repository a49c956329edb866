"""What of a schema a caller's audience sees, and which way a value goes."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.compiler.bundle.references import References
from forecourt.contract.one_sided import Direction, is_other_sides
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.values import Json
from forecourt.estate.audience import Audience, sees


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


def is_withheld(references: References, schema: Json, view: View) -> bool:
    """Whether a property with that schema is not there at all, for this view.

    What only the other side writes is named by a mark beside a `$ref`, too, whatever the dialect: a
    secret does not leave for want of a place to say that it is one.
    """
    goes = view.direction is Direction.RESPONSE or view.refuses_read_only
    return _is_hidden(references, schema, view) or (
        goes
        and is_other_sides(schema, view.direction, Dialect.JSON_SCHEMA_2020_12, references.lead)
    )


def is_not_required(references: References, schema: Json, view: View, dialect: Dialect) -> bool:
    """Whether `required` does not count for a property: the other side alone writes it."""
    return _is_hidden(references, schema, view) or is_other_sides(
        schema, view.direction, dialect, references.lead
    )


def _is_hidden(references: References, schema: Json, view: View) -> bool:
    """Whether a mark on the way to what a schema says keeps it from the audience."""
    seen: set[str] = set()
    while isinstance(schema, dict):
        if not view.sees(schema.get("x-audience")):
            return True
        reference = schema.get("$ref")
        if not isinstance(reference, str) or reference in seen:
            return False
        seen.add(reference)
        schema = references.lead(reference)
    return False


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
