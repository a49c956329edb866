"""Which patterns an automaton can say, and why others cannot be judged at the edge."""

from __future__ import annotations

import pytest

from forecourt.compiler.bundle.ecma import LAST, NotRegular, complement, read_pattern, union


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        pytest.param("(?=a)b", "it looks ahead", id="looking ahead"),
        pytest.param("(?!a)b", "it looks ahead", id="looking ahead for nothing"),
        pytest.param("(?<=a)b", "it looks behind", id="looking behind"),
        pytest.param("(?i)a", "flags within", id="flags of other languages"),
        pytest.param(r"(a)\1", r"`\1`", id="what was matched before"),
        pytest.param(r"\bword", r"`\b`", id="edges of words"),
        pytest.param(r"\p{L}", r"`\p`", id="properties of characters, which each year adds to"),
        pytest.param("a**", "a repetition of a repetition", id="twice repeated"),
        pytest.param("*a", "`*` with nothing before it", id="nothing repeated"),
        pytest.param("a{3,2}", "a count that ends before it begins", id="a count turned around"),
        pytest.param("a{9999}", "more than 5000 repetitions", id="a huge count"),
        pytest.param("[z-a]", "a range that ends before it begins", id="a range turned around"),
        pytest.param("(a", "a bracket that nobody closed", id="open"),
        pytest.param("a)", "a bracket that nobody opened", id="closed"),
        pytest.param("[a", "it ends too early", id="an open class"),
        pytest.param("\\", "it ends too early", id="a backslash at the end"),
        pytest.param(r"\ud800", "half a surrogate pair", id="half a pair"),
        pytest.param(r"[^\_]", "older syntax, which counts half characters", id="old and wide"),
        pytest.param(
            "(" * 200 + "a" + ")" * 200, "brackets within brackets within brackets", id="deep"
        ),
    ],
)
def test_leaves_to_others(pattern: str, why: str) -> None:
    with pytest.raises(NotRegular) as refused:
        read_pattern(pattern)
    assert refused.value.args[0] == why


def test_ranges_are_put_together_and_turned_around() -> None:
    assert union(((5, 6), (1, 2)), ((3, 3), (9, 9))) == ((1, 3), (5, 6), (9, 9))
    assert complement(((0, 3), (9, LAST))) == ((4, 8),)
    assert complement(complement(((1, 2), (7, 9)))) == ((1, 2), (7, 9))
