"""Which patterns refer back to what may not be there."""

from __future__ import annotations

import pytest

from forecourt.contract.regular.reading import read_pattern
from forecourt.contract.regular.recall import recalls_surely


@pytest.mark.parametrize(
    "pattern",
    [
        "a(b|c)*(?!d)$",
        r"^(a|b)\1$",
        r"^(?<q>['x])y\k<q>$",
        r"^((a)b)\2\1$",
        r"^(?:(a)|(b))c$",
        r"^(a)+\1$",
        r"^(a)(?=\1)",
    ],
)
def test_refers_to_what_was_matched(pattern: str) -> None:
    assert recalls_surely(read_pattern(pattern).tree)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a)?\1$",
        r"^(?:(a)|b)\1$",
        r"^(a\1)$",
        r"^\1(a)$",
        r"^(?:b|\1)(a)",
        r"^(a)*\1",
        r"(?!(a))\1",
        r"(?=(a))\1",
        r"^(?:(a)\2|(b))*$",
    ],
)
def test_may_refer_to_nothing(pattern: str) -> None:
    assert not recalls_surely(read_pattern(pattern).tree)
