"""Sets of characters, as ranges of code points."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

# Code points, first and last; sorted and apart.
Ranges: TypeAlias = tuple[tuple[int, int], ...]

LAST = 0x10FFFF


def union(*several: Ranges) -> Ranges:
    """The ranges of all, put together where they meet."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(r for ranges in several for r in ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """Every other code point."""
    gaps, after = [], 0
    for first, last in ranges:
        if first > after:
            gaps.append((after, first - 1))
        after = last + 1
    if after <= LAST:
        gaps.append((after, LAST))
    return tuple(gaps)


def point(code: int) -> Ranges:
    """One character."""
    return ((code, code),)


DIGIT: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# WhiteSpace and LineTerminator (ECMA-262, sections 12.2 and 12.3); Zs of Unicode 15.
SPACE: Ranges = union(
    ((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    ((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
DOT: Ranges = complement(((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)))

# What stands behind a backslash.
CLASSES: Mapping[str, Ranges] = MappingProxyType(
    {
        "d": DIGIT,
        "w": WORD,
        "s": SPACE,
        "D": complement(DIGIT),
        "W": complement(WORD),
        "S": complement(SPACE),
    }
)
CONTROLS: Mapping[str, int] = MappingProxyType({"t": 9, "n": 10, "v": 11, "f": 12, "r": 13})
