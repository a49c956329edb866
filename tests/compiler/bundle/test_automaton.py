"""An automaton finds what its pattern says in ECMAScript."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.compiler.bundle.automaton import automaton
from forecourt.contract.regular.reading import NotRegular
from tests.documents import beside


@pytest.mark.parametrize(
    ("pattern", "found", "missed"),
    [
        pytest.param("b", ["b", "abc"], ["", "a"], id="anywhere"),
        pytest.param("^b", ["bc"], ["ab"], id="at the start"),
        pytest.param("b$", ["ab"], ["b\n", "bc"], id="at the very end"),
        pytest.param("^$", [""], ["a", "\n"], id="nothing at all"),
        pytest.param("", ["", "a"], [], id="anything"),
        pytest.param("a|^b$", ["xa", "b"], ["xb"], id="alternatives"),
        pytest.param("(?:a|$)^", [""], ["b", "a"], id="a start where the text has ended"),
        pytest.param("^(a|b$)*c?$", ["aab", "aac"], ["bc"], id="an end within"),
        pytest.param("^.$", ["é", "😀"], ["", "\n", "\u2028", "ab"], id="one character"),
        pytest.param("^[^a]$", ["\n", "😀"], ["a", "bb"], id="any but one"),
        pytest.param(r"^\d{2,3}$", ["12", "123"], ["1", "1234", "১২"], id="digits of ASCII"),
        pytest.param(r"^\s$", ["\u00a0", "\ufeff", "\u2028"], ["\u200b"], id="spaces"),
        pytest.param(r"^\w+$", ["a_1"], ["é", "a-b"], id="words of ASCII"),
        pytest.param(r"^[\d-x]+$", ["1-x"], ["y"], id="a hyphen that is no range"),
        pytest.param(r"^\u{1F600}\ud83d\ude00\x41$", ["😀😀A"], ["😀A"], id="escapes"),
        pytest.param("^(?<year>[0-9]{4})$", ["2024"], ["24"], id="a named group"),
        pytest.param("^(a+?)+$", ["aaa"], ["", "b"], id="lazily"),
        pytest.param("^[]$|x", ["x"], ["", "a"], id="no character at all"),
        pytest.param("^a{0}b$", ["b"], ["ab"], id="no times"),
        pytest.param(r"^\cI\0$", ["\t\0"], ["I0"], id="control characters"),
    ],
)
def test_finds(pattern: str, found: list[str], missed: list[str]) -> None:
    made = automaton(pattern)
    assert [t for t in found if not made.matches(t.encode())] == []
    assert [t for t in missed if made.matches(t.encode())] == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        pytest.param("(?=a)b", "it looks ahead", id="looking ahead"),
        pytest.param("(?!a)b", "it looks ahead", id="looking ahead for nothing"),
        pytest.param("(?<=a)b", "it looks behind", id="looking behind"),
        pytest.param("(?i)a", "flags within", id="flags of other languages"),
        pytest.param(r"(a)\1", r"`\1`", id="what was matched before"),
        pytest.param(r"\bword", r"`\b`", id="edges of words"),
        pytest.param(r"\p{L}", r"`\p{L}`", id="properties of characters, which each year adds to"),
        pytest.param(r"[^\p{L}-]", r"`\p{L}`", id="the same in a set"),
        pytest.param(r"a\Z", r"`\Z`", id="escapes of other languages"),
        pytest.param("a{9999}", "more than 5000 repetitions", id="a huge count"),
        pytest.param(r"[^\_]", "older syntax, which counts half characters", id="old and wide"),
        pytest.param("(a", "a bracket that nobody closed", id="no pattern"),
    ],
)
def test_leaves_to_others(pattern: str, why: str) -> None:
    with pytest.raises(NotRegular) as refused:
        automaton(pattern)
    assert refused.value.args[0] == why


@pytest.mark.slow
def test_no_case_of_the_corpus_is_wrong() -> None:
    corpus = json.loads(beside("derived/pattern-corpus/patterns-shared.json").read_text())
    wrong, judged = [], 0
    for entry in corpus["patterns"]:
        try:
            made = automaton(entry["pattern"])
        except NotRegular:
            continue
        judged += 1
        for text, verdict in entry["cases"]:
            is_half = re.search("[\ud800-\udfff]", text)  # which never arrives
            if not is_half and made.matches(text.encode()) != verdict:
                wrong.append((entry["pattern"], text))
    assert wrong == []
    assert judged > 0.95 * len(corpus["patterns"])


# What Python and ECMAScript read alike.
atoms = st.sampled_from(["a", "b", "é", ".", "[ab]", "[^a]", "[a-c]", "^", "$", "(?:ab)"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda p: "(?:" + "|".join(p) + ")"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}"])).map(
            lambda p: f"(?:{p[0]}){p[1]}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=400)
@given(patterns, st.text(alphabet="abcé😀", max_size=6))
def test_agrees_with_another_engine(pattern: str, text: str) -> None:
    expected = re.search(pattern.replace("$", r"\Z"), text) is not None
    assert automaton(pattern).matches(text.encode()) == expected


def test_is_as_small_as_it_can_be() -> None:
    assert len(automaton("^(?:a|b|c)*$").steps) == 2
    assert len(automaton("^(?:ab|cb)$").steps) == 4


@pytest.mark.parametrize("pattern", ["(a|b)*a(a|b){20}$", "^.{1,4000}$", "(.*a){300}"])
def test_what_would_be_too_large_is_left_to_others(pattern: str) -> None:
    with pytest.raises(NotRegular, match="too"):
        automaton(pattern)
