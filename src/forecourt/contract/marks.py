"""Audience marks: who may see less of a document than all of it."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.values import Json, Pointer
from forecourt.contract.ways import Way, pointer_of

MARKS = frozenset({"x-audience", "x-enum-audience"})


def audience_marks(root: Json) -> tuple[Pointer, ...]:
    """Every mark of the document, wherever it stands: in components that nobody refers to as well.

    A key of that name in an example counts too: one too many is a question, one too few is a leak.
    """
    return tuple(_walk(root))


def _walk(root: Json) -> Iterator[Pointer]:
    # Without recursion, and without a pointer for each of a large document's million values: a
    # value knows the one around it, and the way is put together where there is a mark.
    waiting: list[tuple[Json, Way]] = [(root, None)]
    while waiting:
        value, way = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in MARKS:
                    yield pointer_of((key, way))
                if isinstance(inner, dict | list):
                    waiting.append((inner, (key, way)))
        elif isinstance(value, list):
            waiting.extend(
                (inner, (str(index), way))
                for index, inner in enumerate(value)
                if isinstance(inner, dict | list)
            )
