"""How a pattern is read: one reader for the mock, for the edge, and for other engines."""

from __future__ import annotations

import pytest

from forecourt.contract.regular.reading import NotRegular, read_pattern
from forecourt.contract.regular.tree import (
    NOTHING,
    Back,
    Boundary,
    Chain,
    Chars,
    Choice,
    Edge,
    Group,
    Look,
    Repeat,
    Tree,
)


def one(character: str) -> Chars:
    return Chars(ranges=((ord(character), ord(character)),))


def several(*parts: Tree) -> Chain:
    return Chain(parts=parts)


A = one("a")


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("", NOTHING),
        ("a", A),
        ("a|", Choice(branches=(A, NOTHING))),
        ("a*", Repeat(inner=A, least=0, most=None)),
        ("a+?", Repeat(inner=A, least=1, most=None)),
        ("a?", Repeat(inner=A, least=0, most=1)),
        ("a{2}", Repeat(inner=A, least=2, most=2)),
        ("a{2,}", Repeat(inner=A, least=2, most=None)),
        ("a{2,3}", Repeat(inner=A, least=2, most=3)),
        ("a{x}", several(A, one("{"), one("x"), one("}"))),
        ("(a)", Group(names=("1",), inner=A)),
        ("(?<n>a)", Group(names=("1", "n"), inner=A)),
        ("(?:a)", A),
        (r"(a)\1", several(Group(names=("1",), inner=A), Back(name="1"))),
        (r"(?<n>a)\k<n>", several(Group(names=("1", "n"), inner=A), Back(name="n"))),
        ("^a$", several(Edge(which="start"), A, Edge(which="end"))),
        (r"\ba\B", several(Boundary(is_negated=False), A, Boundary(is_negated=True))),
        ("(?=b)a", several(Look(inner=one("b"), is_behind=False, is_negated=False), A)),
        ("(?<!b)a", several(Look(inner=one("b"), is_behind=True, is_negated=True), A)),
        ("(?i)a", several(NOTHING, A)),
        ("(?i:a)", A),
        (r"\x61\u0061\u{61}\a", several(A, A, A, A)),
        (r"\/\.\cA\0\t", several(one("/"), one("."), one("\x01"), one("\0"), one("\t"))),
        (r"\ud83d\ude00", one("😀")),
        ("[]a]", several(Chars(), A, one("]"))),
    ],
)
def test_reads(pattern: str, tree: Tree) -> None:
    assert read_pattern(pattern).tree == tree


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("[abc]", "abc", "d"),
        ("[a-c]", "abc", "d-"),
        ("[^a-c]", "d-é", "abc"),
        ("[a-]", "a-", "b"),
        ("[-a]", "a-", "b"),
        (r"[\w-.]", "a_9-.", " "),
        (r"[\]\\]", "]\\", "["),
        (r"[\d_]", "0_9", "a"),
        (r"[^\W_]", "a0", "_ "),
        (r"[\b]", "\b", "b"),
        (r"[\x41-\x43]", "ABC", "D"),
        ("[^]", "a\n", ""),
        (r"\d", "09", "a"),
        (r"\D", "a", "0"),
        (r"\s", " \t\n\u3000\u2003", "a"),
        (r"\S", "a", " "),
        (r"\W", "-", "a_0"),
        (".", "aé", "\n"),
        (r"\p{L}", "aÉ中", "1 "),
        (r"\p{Lu}", "É", "é"),
        (r"\P{Lowercase_Letter}", "É1", "é"),
        (r"\p{gc=Lu}", "É", "é"),
        (r"[\p{L}\d]", "é1", "-"),
        (r"[^\p{L}\d]", "-", "é1"),
    ],
)
def test_reads_a_set(pattern: str, inside: str, outside: str) -> None:
    chars = read_pattern(pattern).tree
    assert isinstance(chars, Chars)
    assert [c for c in inside if not chars.holds(c)] == []
    assert [c for c in outside if chars.holds(c)] == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        pytest.param("a**", "a repetition of a repetition", id="twice repeated"),
        pytest.param("*a", "`*` with nothing before it", id="nothing repeated"),
        pytest.param("^*", "`*` with nothing before it", id="an edge repeated"),
        pytest.param("{2}a", "a count with nothing before it", id="nothing counted"),
        pytest.param("a{3,2}", "a count that ends before it begins", id="a count turned around"),
        pytest.param("[z-a]", "a range that ends before it begins", id="a range turned around"),
        pytest.param("(a", "a bracket that nobody closed", id="open"),
        pytest.param("a)", "a bracket that nobody opened", id="closed"),
        pytest.param("(?x", "a group that begins in an unknown way", id="a group of nobody's"),
        pytest.param("(?>a)", "a group that begins in an unknown way", id="an atomic group"),
        pytest.param("[a", "it ends too early", id="an open class"),
        pytest.param("\\", "it ends too early", id="a backslash at the end"),
        pytest.param(r"\ud800", "half a surrogate pair", id="half a pair"),
        pytest.param(r"\01", r"`\0`", id="digits of eight"),
        pytest.param(r"\x6", "an escape without its digits", id="a digit missing"),
        pytest.param(r"\p{Script:Greek}", r"`\p`", id="no property"),
        pytest.param(
            r"\k<a>(?<a>x)",
            r"`\k<a>`, and no group before it has that name",
            id="a group to come",
        ),
        pytest.param(
            "(" * 200 + "a" + ")" * 200, "brackets within brackets within brackets", id="deep"
        ),
    ],
)
def test_says_what_is_no_pattern(pattern: str, why: str) -> None:
    with pytest.raises(NotRegular) as refused:
        read_pattern(pattern)
    assert refused.value.args[0] == why


@pytest.mark.parametrize(
    ("pattern", "foreign"),
    [
        ("(?i)a", "flags within"),
        ("(?P<year>a)", "a group named as in Python"),
        ("a++", "a repetition of a repetition"),
        (r"a\Z", r"`\Z`"),
        (r"^\p{L}$", None),
    ],
)
def test_notes_what_other_languages_have(pattern: str, foreign: str | None) -> None:
    assert read_pattern(pattern).foreign == foreign


def test_notes_where_the_older_syntax_would_count_halves() -> None:
    assert read_pattern(r"[^\_]").counts_halves
    assert not read_pattern(r"[\_]").counts_halves
    assert not read_pattern("[^_]").counts_halves
