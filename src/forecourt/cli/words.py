"""Options that take one of a few words, or a number: what is wrong with them is said our way."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import typer

from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.render import printable
from forecourt.governance.nearest import did_you_mean

E = TypeVar("E", bound=Enum)

# Of a number's digits: Python reads no more than some thousands.
_LONGEST = 100


def one_of(option: str, words: type[E]) -> Callable[[str], E]:
    """Reads the value of an option; ends the command where it is none of the words.

    What `Typer` says of such a value, of itself, suggests nothing.
    """

    def read(value: str | E) -> E:
        if isinstance(value, words):  # the default
            return value
        known = [word.value for word in words]
        if value in known:
            return words(value)
        way_out = did_you_mean(str(value), known, "write one of them")
        refuse(
            f"`{option}` is `{printable(str(value))}`, which is not one of {', '.join(known)};"
            f" {way_out}",
            ExitCode.USAGE,
        )

    return read


def word_option(option: str, words: type[Enum], help: str) -> Any:
    """An option that takes one of these words, for `Annotated`."""
    names = "|".join(word.value for word in words)
    return typer.Option(option, parser=one_of(option, words), metavar=names, help=help)


def whole_number(name: str, bounds: tuple[int, int] | None = None) -> Callable[[str], int]:
    """Reads a number of 0 or more; `name` is the option's or the argument's."""
    expected = "" if bounds is None else f" from {bounds[0]} to {bounds[1]}"

    def read(value: str | int) -> int:
        text = str(value)
        is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
        if is_number and (bounds is None or bounds[0] <= int(text) <= bounds[1]):
            return int(text)
        refuse(
            f"`{name}` is `{printable(text)}`, which is not a whole number{expected}",
            ExitCode.USAGE,
        )

    return read


def number_option(option: str, least: int, most: int, help: str) -> Any:
    """An option that takes a number, for `Annotated`."""
    return typer.Option(option, parser=whole_number(option, (least, most)), metavar="N", help=help)
