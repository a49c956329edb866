"""Texts: free ones, words of a closed set, and whatever one function can parse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from forecourt.source.codes import BAD_TEXT, NOT_ONE_OF, Code
from forecourt.source.quoting import shown
from forecourt.source.tree import Node
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.shape import Shape, text_shape, words_shape
from forecourt.source.vocabulary.spelling import nearest

T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Any text that is not blank. `lines` lets it have more than one."""

    expects: str = "a text"
    lines: bool = False

    @property
    def shape(self) -> Shape:
        """A text that is not blank, for editors."""
        inner = r"[\s\S]*\S[\s\S]*" if self.lines else r"\s*\S(?:.*\S)?\s*"
        return text_shape(inner, numbers=True)

    def read(self, node: Node, at: At) -> str | None:
        """The text, without white space around it."""
        if (scalar := at.text(node, self.expects)) is None:
            return None
        text = scalar.text.strip()
        if not text:
            at.refuse(BAD_TEXT, node, f"{at.what} is blank, not {self.expects}")
            return None
        inner = text.replace("\n", "").replace("\t", "") if self.lines else text
        if not inner.isprintable():
            what = "characters that cannot be printed" if self.lines else "a line break or the like"
            at.refuse(BAD_TEXT, node, f"{at.what} is {shown(text)}, which has {what}")
            return None
        return text


TEXT = Text()
PROSE = Text(lines=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """A word of a set."""

    words: tuple[str, ...]
    because: str | None = None

    @property
    def expects(self) -> str:
        """The words."""
        return f"one of {', '.join(self.words)}"

    @property
    def shape(self) -> Shape:
        """The words, for editors."""
        return words_shape(self.words)

    def read(self, node: Node, at: At) -> str | None:
        """The word."""
        if (scalar := at.text(node, self.expects)) is None:
            return None
        if scalar.text in self.words:
            return scalar.text
        message = f"{at.stands_for(scalar.text)} not {self.expects}"
        close = nearest(scalar.text, self.words)
        way_out = f"did you mean `{close}`?" if close is not None else self.because
        at.refuse(NOT_ONE_OF, node, message, help=way_out)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word(Generic[E]):
    """A member of an enumeration, by its value. `because` says why it is only these."""

    members: tuple[E, ...]
    because: str | None = None

    @property
    def expects(self) -> str:
        """The words."""
        return self._words.expects

    @property
    def shape(self) -> Shape:
        """The words, for editors."""
        return self._words.shape

    @property
    def _words(self) -> OneOf:
        return OneOf(words=tuple(str(m.value) for m in self.members), because=self.because)

    def read(self, node: Node, at: At) -> E | None:
        """The member."""
        word = self._words.read(node, at)
        return next((m for m in self.members if m.value == word), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed(Generic[T_co]):
    """A text that one function turns into a value, or into None where it is malformed.

    `expects` completes "`x` is y, which is not …"; `hint` may know the way out for a text. `looks`
    is the text for editors, and may be wider than what `parse` takes, never narrower.
    Of numbers, quotes make texts (`is_unquoted`). A secret is not repeated in messages.
    """

    expects: str
    code: Code
    parse: Callable[[str], T_co | None]
    looks: Shape
    hint: Callable[[str], str | None] | None = None
    is_unquoted: bool = False
    is_secret: bool = False

    @property
    def shape(self) -> Shape:
        """The text, and what it is, for editors."""
        return {**self.looks, "description": f"Takes {self.expects}."}

    def read(self, node: Node, at: At) -> T_co | None:
        """The value."""
        if (scalar := at.text(node, self.expects)) is None:
            return None
        value = self.parse(scalar.text)
        if value is not None and not (self.is_unquoted and scalar.is_quoted):
            return value
        if value is not None:
            message = f"{at.what} is the text {shown(scalar.text)}, not {self.expects}"
            at.refuse(self.code, node, message, help="remove the quotes")
            return None
        message = f"{at.stands_for(scalar.text)} not {self.expects}"
        if self.is_secret:
            message = f"{at.what} is not {self.expects}"
        way_out = self.hint(scalar.text) if self.hint is not None else None
        at.refuse(self.code, node, message, help=way_out)
        return None
