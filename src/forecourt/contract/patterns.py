"""Regular expressions of ECMAScript, said so that every engine reads them as it does."""

from __future__ import annotations

from forecourt.contract.regular.reading import NotRegular, read_pattern


def strict(pattern: str) -> str:
    r"""The same pattern without what only annex B of ECMA-262 allows, which engines refuse.

    A brace that counts nothing is escaped, and a hyphen beside `\w` in a set; `[^]` and `[]` are
    written in full, two halves of a character as one. What is no pattern stays none.
    """
    try:
        return read_pattern(pattern).strict
    except NotRegular:
        return pattern
