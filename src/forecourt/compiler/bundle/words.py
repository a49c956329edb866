"""The words, texts and patterns of a bundle while it is made."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from forecourt.compiler.bundle.automaton import Automaton, automaton
from forecourt.contract.regular.reading import NotRegular


class Words:
    """What was put down so far. The first word is nobody's: a place of 0 is no place."""

    def __init__(self) -> None:
        self.words: list[int] = [0]
        self.pool = bytearray()
        self.texts: list[tuple[int, int]] = []
        self.doubles: list[float] = []
        self.patterns: list[tuple[int, int, int]] = []
        self._texts: dict[bytes, int] = {}
        self._doubles: dict[float, int] = {}
        self._patterns: dict[str, int] = {}

    def put(self, words: Iterable[int]) -> int:
        """Where these words are now."""
        at = len(self.words)
        self.words.extend(words)
        return at

    def text(self, text: str | bytes) -> int:
        """The number of a text."""
        encoded = text.encode() if isinstance(text, str) else text
        if encoded not in self._texts:
            self._texts[encoded] = len(self.texts)
            self.texts.append((len(self.pool), len(encoded)))
            self.pool += encoded
        return self._texts[encoded]

    def double(self, number: int | Decimal) -> int:
        """The number of the double nearest to a number; one that is too large is infinite."""
        nearest = float(Decimal(number))
        if nearest not in self._doubles:
            self._doubles[nearest] = len(self.doubles)
            self.doubles.append(nearest)
        return self._doubles[nearest]

    def pattern(self, pattern: str) -> int:
        """The number of a pattern. NotRegular where the edge cannot judge it."""
        if pattern not in self._patterns:
            made = _automaton(pattern)
            if isinstance(made, str):
                raise NotRegular(made)
            self._patterns[pattern] = len(self.patterns)
            self.patterns.append(self._lay(made))
        return self._patterns[pattern]

    def _lay(self, made: Automaton) -> tuple[int, int, int]:
        """Where the classes of bytes are, where the states are, and the place of the first state.

        A state is a row: whether the text may end there, then where the row of the next state is
        for each class, counted from the first row.
        """
        width = len(made.steps[0]) + 1
        rows = [
            word
            for row, accepts in zip(made.steps, made.accepting, strict=True)
            for word in (int(accepts), *(state * width for state in row))
        ]
        classes = self.text(bytes(c + 1 for c in made.classes))
        return self.texts[classes][0], self.put(rows), width


@lru_cache(maxsize=4096)
def _automaton(pattern: str) -> Automaton | str:
    """The same pattern stands in many places: made once, or refused once."""
    try:
        return automaton(pattern)
    except NotRegular as refused:
        return str(refused.args[0])
