"""How the edge reads what is wrong with a body: a line a fault, words separated by spaces."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote


def fault_lines(faults: Iterable[tuple[str, str, str | None]]) -> str:
    """`POINTER RULE EXPECTED` each, percent-encoded (RFC 3986) but for `:/@`; `-` for nothing.

    A pointer of the value itself is `-`, and so is what was expected where the rule says it all.
    """
    return "".join(
        f"{_word(pointer)} {rule} {_word(expected or '')}\n" for pointer, rule, expected in faults
    )


def _word(text: str) -> str:
    """Never empty, and a hyphen only where it is."""
    return quote(text, safe=":/@").replace("-", "%2D") or "-"
