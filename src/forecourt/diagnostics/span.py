"""Where in the user's files a value was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec


# No dataclass: a document has a place for each of its million values, and this is made in a sixth
# of the time.
class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """A place in a file.

    `path` is relative to the estate's root and uses `/`; `line` and `column` count from 1.
    """

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class Places:
    """The places of a value's fields, by dotted key.

    `places["versions.1.sunset"]` is where that date stands. A field that was left out has the place
    of the nearest thing around it that was written, so there is always somewhere to point.
    """

    __slots__ = ("_origin", "_spans")

    def __init__(self, origin: Span, spans: Mapping[str, Span] | None = None) -> None:
        self._origin = origin
        self._spans = dict(spans or {})

    @property
    def origin(self) -> Span:
        """Where the value as a whole begins."""
        return self._origin

    def __getitem__(self, key: str) -> Span:
        while key:
            if (span := self._spans.get(key)) is not None:
                return span
            key = key.rpartition(".")[0]
        return self._origin

    def __contains__(self, key: str) -> bool:
        """Whether the user wrote this field."""
        return key in self._spans

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def under(self, key: str) -> Places:
        """The places of the value that stands at `key`."""
        prefix = f"{key}."
        inner = {k.removeprefix(prefix): s for k, s in self._spans.items() if k.startswith(prefix)}
        return Places(self[key], inner)

    def __repr__(self) -> str:
        return f"Places({self._origin})"
