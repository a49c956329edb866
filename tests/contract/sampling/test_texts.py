from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from forecourt.contract.patterns import strict
from forecourt.contract.sampling.choices import Choices
from forecourt.contract.sampling.texts import TextDemands, matches, plain_text, text

PLAIN = Choices()


def made(
    pattern: str, least: int = 0, most: int | None = None, seed: str | None = None
) -> str | None:
    demands = TextDemands(patterns=(pattern,), least=least, most=most)
    return text(demands, Choices(seed=seed))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[A-Z]{3}$", "AAA"),
        ("^[a-z]*$", "a"),
        ("^a?b$", "b"),
        ("^(GET|POST)$", "GET"),
        (r"^\d{3}-\d{2}$", "000-00"),
        (r"^(\w)-\1$", "a-a"),
        ("^refs/", "refs/"),
        (r"^\p{Lu}\p{Ll}+$", "Aa"),
        ("^[^a-zA-Z0-9]$", "-"),
        ("^[①-⑳]$", "①"),
        ("", "string"),
    ],
)
def test_spells_the_plainest_of_a_pattern(pattern: str, expected: str) -> None:
    found = made(pattern)
    assert found == expected or (pattern == "" and found is not None)


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("^[a-z0-9-]+$", 36, 36),
        ("^a{2}b*c*$", 10, 11),
        ("^(ab)+$", 7, 9),
        ("^[0-9]{1,3}(,[0-9]{3})*$", 9, 9),
        (r"\{\{\.window\}\}", 20, 30),
        ("^x[a-z]{0,100}$", 50, 60),
        ("^.*$", 2_000, 2_000),
        ("^[a-z]*$", 0, 0),
    ],
)
def test_spells_a_pattern_at_length(pattern: str, least: int, most: int) -> None:
    found = made(pattern, least, most)
    assert found is not None
    assert least <= len(found) <= most
    assert matches(pattern, found)


@pytest.mark.parametrize(
    "pattern",
    [
        "^(?!aaa)[a-z]{3}$",
        r"^(?=.*\d)(?=.*[A-Z])(?=.*[a-z]).{8,}$",
        r"^(?!-)[a-z-]{2,5}(?<!-)$",
    ],
)
def test_finds_a_text_that_looks_ahead_rightly(pattern: str) -> None:
    found = made(pattern)
    assert found is not None
    assert matches(pattern, found)


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [("^a$", 2, None), ("(", 0, None), ("^x{100000}$", 0, None), ("a", 5, 2), ("$a^", 0, None)],
)
def test_says_that_none_was_found(pattern: str, least: int, most: int | None) -> None:
    assert made(pattern, least, most) is None


FORMATS = [
    *("date-time", "date", "time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6"),
    *("uri", "uri-reference", "iri", "iri-reference", "uri-template", "json-pointer"),
    *("relative-json-pointer", "regex", "idn-email", "idn-hostname"),
]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("turn", [0, 1, 25, 999])
def test_every_format_is_kept(name: str, turn: int) -> None:
    validator = Draft202012Validator({"format": name}, validate_formats=True)
    assert not validator.is_valid("( \0 no")
    assert validator.is_valid(text(TextDemands(formats=(name,)), Choices(turn=turn)))


@pytest.mark.parametrize("name", sorted({*FORMATS, "byte", "ours"} - {"time", "ipv4"}))
def test_texts_of_a_format_differ(name: str) -> None:
    demands = TextDemands(formats=(name,))
    assert len({text(demands, Choices(turn=turn)) for turn in range(100)}) == 100


@pytest.mark.parametrize("name", ["email", "uri", "url", "byte", "binary", "password"])
def test_a_format_is_kept_at_length(name: str) -> None:
    found = text(TextDemands(formats=(name,), least=40, most=60), PLAIN)
    assert found is not None
    assert 40 <= len(found) <= 60


@pytest.mark.parametrize("seed", [None, "blue", "green"])
@pytest.mark.parametrize(
    ("name", "lengths"),
    [
        ("ipv4", range(9, 16)),
        ("ipv6", (*range(10, 15), *range(20, 40))),
        ("time", range(9, 30)),
        ("date-time", range(20, 40)),
        ("json-pointer", range(2, 40)),
    ],
)
def test_a_format_is_kept_at_every_length_that_it_has(
    name: str, lengths: Sequence[int], seed: str | None
) -> None:
    validator = Draft202012Validator({"format": name}, validate_formats=True)
    for least in lengths:
        found = text(TextDemands(formats=(name,), least=least), Choices(seed=seed))
        assert found is not None, least
        assert len(found) >= least
        assert validator.is_valid(found)


def test_plain_texts_differ_even_where_they_are_short() -> None:
    assert len({plain_text(0, 1, n) for n in range(18)}) == 18
    assert plain_text(0, None, 0) == "string"
    assert plain_text(0, 3, 0) == "str"
    assert len(plain_text(1_000, 1_000, 3)) == 1_000


# --- patterns of real documents -------------------------------------------------------------------

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data"
DATA = Path(os.environ.get("FORECOURT_TEST_DATA", BESIDE))


@pytest.mark.skipif(
    not DATA.is_dir(), reason="no folder of real documents; FORECOURT_TEST_DATA names one"
)
@pytest.mark.parametrize("seed", [None, "a", "b"])
def test_finds_a_text_for_the_patterns_of_real_documents(seed: str | None) -> None:
    corpus = json.loads((DATA / "derived/pattern-corpus/patterns-shared.json").read_text())
    patterns = [p["pattern"] for p in corpus["patterns"]]
    assert len(patterns) > 200
    assert [p for p in patterns if made(strict(p), seed=seed) is None] == []
