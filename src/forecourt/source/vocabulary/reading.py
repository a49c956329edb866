"""What is noticed while a value is read: its mistakes, and where its parts stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from forecourt.diagnostics import Diagnostic, Places, Span
from forecourt.estate.unread import Unknown, Unread
from forecourt.source.codes import WRONG_TYPE, Code
from forecourt.source.quoting import shown
from forecourt.source.tree import Mapping, Node, Scalar, Sequence
from forecourt.source.vocabulary.shape import Shape

__all__ = ["At", "Kind", "shown"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(slots=True, kw_only=True)
class At:
    """Where the reader stands.

    `key` is the dotted key below the value that `places` describes, `label` what messages call it,
    `folder` the folder that the file's own paths start from. `spans` and `diagnostics` grow.
    `mistaken`, on a second reading, are the places of the mistakes of the first: what stands there
    is `Unread`, within a value that is there all the same.
    """

    label: str
    folder: str
    origin: Span
    key: str = ""
    spans: dict[str, Span] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    mistaken: frozenset[Span] | None = None

    @property
    def supposes(self) -> bool:
        """Whether there is to be a value in spite of mistakes."""
        return self.mistaken is not None

    def is_mistaken(self) -> bool:
        """Whether a mistake was found in what stands here."""
        return self.mistaken is not None and self.spans[self.key] in self.mistaken

    @property
    def what(self) -> str:
        """What stands here, as messages quote it."""
        return shown(self.label)

    def stands_for(self, text: str) -> str:
        """How a message begins that says what is wrong with a text: with the key, if any."""
        return (
            shown(text) + " is" if text == self.label else f"{self.what} is {shown(text)}, which is"
        )

    def under(self, key: str, *, label: str | None = None) -> At:
        """The same reading, one step further in. Steps without a label keep this one's."""
        return At(
            label=self.label if label is None else label,
            folder=self.folder,
            origin=self.origin,
            key=f"{self.key}.{key}" if self.key else key,
            spans=self.spans,
            diagnostics=self.diagnostics,
            mistaken=self.mistaken,
        )

    def apart(self, name: str, origin: Span) -> At:
        """A reading of a value that keeps places of its own."""
        return At(
            label=name,
            folder=self.folder,
            origin=origin,
            diagnostics=self.diagnostics,
            mistaken=self.mistaken,
        )

    def unread(self) -> Unread:
        """What stands for a value here that could not be read."""
        return Unread(self.origin.path)

    def attempt(self, make: Callable[[], T]) -> T:
        """What is made of values of which some may be unread; then it is unread, too."""
        if not self.supposes:
            return make()
        try:
            return make()
        except (Unknown, TypeError):  # where C code takes only a text, it says so by a TypeError
            return cast(T, self.unread())

    @property
    def places(self) -> Places:
        """The places of everything read so far."""
        return Places(self.origin, self.spans)

    def note(self, node: Node, key: Scalar | None = None) -> None:
        """Remember where this stands: a text where it is written, a list or mapping at its key."""
        self.spans[self.key] = node.span if key is None or isinstance(node, Scalar) else key.span

    def refuse(self, code: Code, place: Node, message: str, *, help: str | None = None) -> None:
        """Report a mistake."""
        self.diagnostics.append(code.at(place.span, message, help=help))

    def refuse_type(
        self, node: Node, expects: str, *, help: str | None = None, is_secret: bool = False
    ) -> None:
        """Report that this is a list, mapping or text where something else was expected.

        A text that may be a secret is not repeated.
        """
        is_shown = not (is_secret and isinstance(node, Scalar))
        message = f"{self.what} is {_what(node) if is_shown else 'a text'}, not {expects}"
        self.refuse(WRONG_TYPE, node, message, help=help)

    def text(self, node: Node, expects: str) -> Scalar | None:
        """The scalar here, or None when it is something else, which is then reported."""
        if isinstance(node, Scalar) and not node.is_null:
            return node
        self.refuse_type(node, expects)
        return None


class Kind(Protocol[T_co]):
    """A way to read a value. `expects` says what it takes, with its article."""

    @property
    def expects(self) -> str:
        """What is expected here, for messages."""
        ...

    @property
    def shape(self) -> Shape:
        """What is expected here, for editors: never less than `read` takes."""
        ...

    def read(self, node: Node, at: At) -> T_co | None:
        """The value, or None when something was wrong, which is then reported."""
        ...


def _what(node: Node) -> str:
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar() if node.is_null:
            return "empty"
        case Scalar():
            return f"the text {shown(node.text)}"
