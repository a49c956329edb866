"""The value of a file; where it has mistakes, also what can be supposed of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from forecourt.diagnostics import Diagnostic, Span, has_errors
from forecourt.estate.unread import Unread
from forecourt.source import tree
from forecourt.source.tree import Node, Scalar
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record

V = TypeVar("V")

# A mistake that comes to light once others are set aside may hide one more; hardly ever a third.
_MOST_READINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Generic[V]):
    """What was made of a file.

    `sound` is what has no mistake: all of it, or those of many values that have none. `supposed` is
    there where something has one: what is known of it, and `Unread` for the rest.
    """

    sound: V | None = None
    supposed: V | None = None
    mistakes: tuple[Diagnostic, ...] = ()

    @property
    def known(self) -> V | None:
        """All that is known of it."""
        return self.sound if self.supposed is None else self.supposed


def valued(
    node: Node,
    record: Record[V],
    *,
    path: str,
    label: str,
    folder: str,
    before: tuple[Diagnostic, ...] = (),
) -> Value[V]:
    """The value of a file's tree; `before` are mistakes of its text, and of what it was laid over.

    With mistakes it is read again, with what is mistaken set aside, so that all of them are found
    at once: how the parts fit together is looked at as far as they are known.
    """
    if isinstance(node, Scalar) and node.is_null:  # an empty file
        node = tree.Mapping(entries=(), span=node.span)
    origin = Span(path, node.span.line, node.span.column)
    at = At(label=label, folder=folder, origin=origin)
    value = record.read(node, at)
    mistakes = dict.fromkeys((*before, *at.diagnostics))
    if not has_errors(mistakes):
        return Value(sound=value, mistakes=tuple(mistakes))
    sound = value if record.is_lenient else None
    supposed: V | None = None
    for _ in range(_MOST_READINGS):
        mistaken = frozenset(mistake.span for mistake in mistakes)
        at = At(label=label, folder=folder, origin=origin, mistaken=mistaken)
        supposed, known = record.read(node, at), len(mistakes)
        mistakes |= dict.fromkeys(at.diagnostics)
        if len(mistakes) == known:
            break
    is_known = not isinstance(supposed, Unread)
    return Value(sound=sound, supposed=supposed if is_known else None, mistakes=tuple(mistakes))
