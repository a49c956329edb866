"""Which values of a document lead to something that an audience does not see."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from forecourt.contract.values import Json

if TYPE_CHECKING:
    from forecourt.contract.sight import Sight


def leading_to_hidden(sight: Sight) -> frozenset[int]:
    """The identities of the mappings and lists in which, or behind whose references, it stands.

    Everything is looked at once, and the way back is followed from what is hidden: to ask each
    schema what it leads to would take the square of the time where schemas contain each other.
    """
    around: dict[int, list[int]] = defaultdict(list)
    hidden: list[int] = []
    waiting: list[Json] = [sight.root]
    seen = {id(sight.root)}
    while waiting:
        value = waiting.pop()
        inside = value
        if isinstance(value, dict):
            if sight.hides_schema(value) or sight.choices(value)[1]:
                hidden.append(id(value))
            inside = [*value.values(), sight.referred(value)]
        for inner in inside if isinstance(inside, list) else ():
            if isinstance(inner, dict | list):
                around[id(inner)].append(id(value))
                if id(inner) not in seen:
                    seen.add(id(inner))
                    waiting.append(inner)
    found = set(hidden)
    while hidden:
        for outer in around[hidden.pop()]:
            if outer not in found:
                found.add(outer)
                hidden.append(outer)
    return frozenset(found)
