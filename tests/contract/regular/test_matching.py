from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.contract.regular.matching import matches
from forecourt.contract.regular.reading import NotRegular

_PIECES = ["a", "b", ".", "[ab]", "[^a]", "(a|b)", "^", "$", r"\b", r"\w", "(?:ab)"]
_PATTERNS = st.lists(
    st.builds(
        lambda piece, count: piece + ("" if piece in ("^", "$", r"\b") else count),
        st.sampled_from(_PIECES),
        st.sampled_from(["", "*", "+", "?", "{2}", "{0,2}", "{1,}"]),
    ),
    max_size=5,
).map("".join)


@given(pattern=_PATTERNS, text=st.text("ab- ", max_size=8))
def test_agrees_with_another_engine(pattern: str, text: str) -> None:
    # There `$` stands before a last line break, too; none is tried.
    assert matches(pattern, text) is (re.search(pattern, text) is not None)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(((a*)*)*)*$", "^(a{900}){900}"])
def test_ends_where_others_try_way_after_way(pattern: str) -> None:
    assert not matches(pattern, "a" * 45 + "!")


@pytest.mark.parametrize("pattern", ["(?=a)", r"(a)\1", r"\p{Script=Greek}", "(", "(?i)a"])
def test_says_where_it_does_not_know(pattern: str) -> None:
    with pytest.raises(NotRegular):
        matches(pattern, "aa")
