"""Properties that one side alone writes, `readOnly` and `writeOnly`, are not required of the other.

OpenAPI 3.0.4, section 4.7.24.2; OpenAPI 3.1 says the same through JSON Schema (validation, 9.4).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from forecourt.contract.openapi_3_0 import Dialect, plainly
from forecourt.contract.values import Json

# What a reference leads to, or None.
Lead = Callable[[str], Json]


class Direction(Enum):
    """Which way a value goes; the value is the keyword that marks what the other side writes."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


def is_other_sides(schema: Json, direction: Direction, dialect: Dialect, lead: Lead) -> bool:
    """Whether the other side alone writes a property with that schema, or with one it refers to."""
    seen: set[str] = set()
    while isinstance(schema, dict):
        said = plainly(schema, dialect)
        if said.get(direction.value) is True:
            return True
        reference = said.get("$ref")
        if not isinstance(reference, str) or reference in seen:
            return False
        seen.add(reference)
        schema = lead(reference)
    return False


def let_out(schema: Json, lead: Lead, is_let_out: Callable[[Json], bool]) -> set[str]:
    """The names that a schema's own `required` does not ask for, by the schemas of the properties.

    These are declared beside it, in a part of its `allOf`, or in what these refer to.
    """
    found: set[str] = set()
    waiting: list[Json] = [schema]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if not isinstance(part, dict) or id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(declared := part.get("properties"), dict):
            found |= {name for name, inner in declared.items() if is_let_out(inner)}
        if isinstance(parts := part.get("allOf"), list):
            waiting += parts
        if isinstance(reference := part.get("$ref"), str):
            waiting.append(lead(reference))
    return found
