from __future__ import annotations

import pytest

from forecourt.contract.sampling.regular import (
    NOTHING,
    Back,
    Chars,
    Choice,
    Group,
    NotRegular,
    Repeat,
    Sequence,
    Tree,
    read,
)


def one(character: str) -> Chars:
    return Chars(ranges=((ord(character), ord(character)),))


def several(*items: Tree) -> Sequence:
    return Sequence(items=items)


A = one("a")


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("", NOTHING),
        ("a", several(A)),
        ("a|", Choice(items=(several(A), NOTHING))),
        ("a*", several(Repeat(item=A, least=0, most=None))),
        ("a+?", several(Repeat(item=A, least=1, most=None))),
        ("a?", several(Repeat(item=A, least=0, most=1))),
        ("a{2}", several(Repeat(item=A, least=2, most=2))),
        ("a{2,}", several(Repeat(item=A, least=2, most=None))),
        ("a{2,3}", several(Repeat(item=A, least=2, most=3))),
        ("a{x}", several(A, one("{"), one("x"), one("}"))),
        ("(a)", several(Group(names=("1",), item=several(A)))),
        ("(?<n>a)", several(Group(names=("1", "n"), item=several(A)))),
        ("(?:a)", several(several(A))),
        (r"(a)\1", several(Group(names=("1",), item=several(A)), Back(name="1"))),
        (r"(?<n>a)\k<n>", several(Group(names=("1", "n"), item=several(A)), Back(name="n"))),
        ("^a$", several(NOTHING, A, NOTHING)),
        (r"\ba", several(NOTHING, A)),
        ("(?=b)a", several(NOTHING, A)),
        ("(?<!b)a", several(NOTHING, A)),
        ("(?i)a", several(NOTHING, A)),
        (r"\x61\u0061\u{61}\a", several(A, A, A, A)),
        (r"\/\.\cA\0\t", several(one("/"), one("."), one("\x01"), one("\0"), one("\t"))),
    ],
)
def test_reads(pattern: str, tree: Tree) -> None:
    assert read(pattern) == tree


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("[abc]", "abc", "d"),
        ("[a-c]", "abc", "d-"),
        ("[^a-c]", "d-é", "abc"),
        ("[a-]", "a-", "b"),
        ("[-a]", "a-", "b"),
        ("[]a]", "", ""),
        (r"[\w-.]", "a_9-.", " "),
        (r"[\]\\]", "]\\", "["),
        (r"[\d_]", "0_9", "a"),
        (r"[^\W_]", "a0", "_ "),
        (r"[\b]", "\b", "b"),
        (r"[\x41-\x43]", "ABC", "D"),
        ("[^]", "a\n", ""),
        (r"\d", "09", "a"),
        (r"\D", "a", "0"),
        (r"\s", " \t\n", "a"),
        (r"\S", "a", " "),
        (r"\W", "-", "a_0"),
        (".", "aé", "\n"),
        (r"\p{L}", "aÉ中", "1 "),
        (r"\p{Lu}", "É", "é"),
        (r"\P{Lowercase_Letter}", "É1", "é"),
        (r"[\p{L}\d]", "é1", "-"),
    ],
)
def test_reads_a_set(pattern: str, inside: str, outside: str) -> None:
    if pattern == "[]a]":  # an empty set, and then two characters
        assert read(pattern) == several(Chars(), one("a"), one("]"))
        return
    tree = read(pattern)
    assert isinstance(tree, Sequence)
    (chars,) = tree.items
    assert isinstance(chars, Chars)
    assert [c for c in inside if not chars.holds(c)] == []
    assert [c for c in outside if chars.holds(c)] == []


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "a)", "[", "[a", "*", "(?", "(?x", r"\p{Script=Greek}", "[b-a]", "\\", "(" * 60],
)
def test_says_that_it_does_not_know(pattern: str) -> None:
    with pytest.raises(NotRegular):
        read(pattern)
