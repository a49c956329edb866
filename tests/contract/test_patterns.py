from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema_rs import Draft202012Validator

from forecourt.contract.patterns import strict


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("^{[0-9]{4}}$", r"^\{[0-9]{4}}$"),
        ("a{,3}", r"a\{,3}"),
        ("a{2}b{2,}c{2,3}", "a{2}b{2,}c{2,3}"),
        (r"\{a\}", r"\{a\}"),
        (r"\p{Lu}{2}\u{61}", r"\p{Lu}{2}\u{61}"),
        (r"(?<a>x)\k<a>", r"(?<a>x)(?:\1)"),
        (r"(?<a$>x)\k<a$>1", r"(x)(?:\1)1"),
        (r"\ud83d\ude00", r"\u{1f600}"),
        (r"\0[\b]", r"\x00[\x08]"),
        (r"^[\w-.]+$", r"^[\w\-.]+$"),
        (r"^[.-\w]+$", r"^[.\-\w]+$"),
        (r"[\p{L}-x]", r"[\p{L}\-x]"),
        ("[a-z]", "[a-z]"),
        (r"[\w-]", r"[\w-]"),
        (r"[-\w]", r"[-\w]"),
        (r"[^\s-x]", r"[^\s\-x]"),
        (r"[\]{]", r"[\]{]"),
        ("[^]", r"[\s\S]"),
        ("a[]b", "a(?!)b"),
        ("[", "["),
        ("\\", "\\"),
        ("(", "("),
    ],
)
def test_says_strictly(pattern: str, said: str) -> None:
    assert strict(pattern) == said


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("^{a}$", "{a}", "a"),
        (r"^[\w-.]$", ".", "/"),
        (r"^[\w-.]$", "-", ","),
        ("^[^]$", "\n", ""),
        ("^a{,3}$", "a{,3}", "aa"),
        (r"^(?<a>[xy])\k<a>$", "xx", "xy"),
        (r"^[\d-x]$", "-", "w"),
        (r"^\0[\b]$", "\0\b", "0b"),
        (r"^\ud83d\ude00$", "😀", "😁"),
    ],
)
def test_means_what_ecmascript_reads(pattern: str, yes: str, no: str) -> None:
    validator = Draft202012Validator({"pattern": strict(pattern)})
    assert validator.is_valid(yes)
    assert not validator.is_valid(no)


BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("FORECOURT_TEST_DATA", BESIDE))


@pytest.mark.skipif(
    not DATA.is_dir(), reason="no folder of real documents; FORECOURT_TEST_DATA names one"
)
def test_patterns_of_real_documents_are_judged_as_ecmascript_does() -> None:
    corpus = json.loads((DATA / "derived/pattern-corpus/patterns-shared.json").read_text())
    judged = 0
    for entry in corpus["patterns"]:
        validator = Draft202012Validator({"pattern": strict(entry["pattern"])})
        for value, matches in entry.get("cases", ()):
            assert validator.is_valid(value) is matches, (entry["pattern"], value)
            judged += 1
    assert judged > 4_000
