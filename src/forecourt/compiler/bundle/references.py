"""Where a `$ref` leads within one document."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from forecourt.contract.references import look_up
from forecourt.contract.values import Json, Pointer, descend


class References:
    """The references of a document; what leads out of it is not known."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._anchors: dict[str, Pointer] | None = None
        self._has_bases = False

    def target(self, reference: str) -> Pointer | None:
        """Where a reference leads to, or None."""
        self._look_around()
        if self._has_bases or not reference.startswith("#"):
            return None
        if reference == "#" or reference.startswith("#/"):
            found = look_up(self._document, reference)
            return None if found is None else found.at
        assert self._anchors is not None
        return self._anchors.get(unquote(reference[1:]))

    def lead(self, reference: str) -> Json:
        """What a reference leads to, or None."""
        at = self.target(reference)
        return None if at is None else descend(self._document, at)

    def _look_around(self) -> None:
        """Anchors, and whether a schema within has an identity that references would count from."""
        if self._anchors is not None:
            return
        self._anchors = {}
        for value, at in _mappings(self._document):
            if at and isinstance(value.get("$id"), str):
                self._has_bases = True
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(name := value.get(keyword), str):
                    self._anchors.setdefault(name, at)


# What stands there are values, whatever they look like.
_VALUES = frozenset({"const", "default", "enum", "example", "examples"})


def _mappings(root: Json) -> Iterator[tuple[dict[str, Json], Pointer]]:
    waiting: list[tuple[Json, Pointer]] = [(root, ())]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, dict):
            yield value, at
            waiting.extend(
                (v, (*at, k))
                for k, v in value.items()
                if isinstance(v, dict | list) and k not in _VALUES
            )
        elif isinstance(value, list):
            waiting.extend(
                (v, (*at, str(n))) for n, v in enumerate(value) if isinstance(v, dict | list)
            )
