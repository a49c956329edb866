"""Audience marks: who may see less of a document than all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from forecourt.contract.shapes import METHODS
from forecourt.contract.values import Json, Pointer
from forecourt.contract.ways import Way, pointer_of

MARKS = frozenset({"x-audience", "x-enum-audience"})

# With what is said beside them; no part of the contract that callers read.
OURS = MARKS | {"x-enum-fallback"}


def audience_marks(root: Json) -> tuple[Pointer, ...]:
    """Every mark of the document, wherever it stands: in components that nobody refers to as well.

    A key of that name in an example counts too: one too many is a question, one too few is a leak.
    """
    return tuple(keys_named(MARKS, root))


def has_marks(root: Json) -> bool:
    """Whether there is any."""
    return next(keys_named(MARKS, root), None) is not None


def keys_named(names: Set[str], root: Json) -> Iterator[Pointer]:
    """The places of all keys of these names."""
    # Without recursion, and without a pointer for each of a large document's million values: a
    # value knows the one around it, and the way is put together where there is a mark.
    waiting: list[tuple[Json, Way]] = [(root, None)]
    while waiting:
        value, way = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if key in names:
                    yield pointer_of((key, way))
                if isinstance(inner, dict | list):
                    waiting.append((inner, (key, way)))
        elif isinstance(value, list):
            waiting.extend(
                (inner, (str(index), way))
                for index, inner in enumerate(value)
                if isinstance(inner, dict | list)
            )


class Marked:
    """Which operations and paths hold a mark."""

    __slots__ = ("_around", "_beside")

    def __init__(self, marks: Iterable[Pointer]) -> None:
        self._around: set[Pointer] = set()
        # The same, but for what is around a mark only by way of a method.
        self._beside: set[Pointer] = set()
        for mark in marks:
            for end in range(len(mark)):
                self._around.add(mark[:end])
                if mark[end] not in METHODS:
                    self._beside.add(mark[:end])

    def holds(self, operation: Pointer, paths: Iterable[Pointer]) -> bool:
        """Whether a mark stands in the operation, or in its paths but in no operation of them."""
        return operation in self._around or any(path in self._beside for path in paths)
