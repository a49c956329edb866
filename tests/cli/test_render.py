"""Diagnostics as text."""

from __future__ import annotations

import json

import pytest

from forecourt.cli.render import Format, closing_count, printable, rendered
from forecourt.diagnostics import Diagnostic, Severity, Span


def _wrong(
    line: int = 1,
    column: int = 1,
    *,
    path: str = "a.yaml",
    severity: Severity = Severity.ERROR,
    message: str = "`x` is wrong",
    help: str | None = None,
) -> Diagnostic:
    return Diagnostic(
        code="FC001",
        name="wrong",
        severity=severity,
        message=message,
        span=Span(path, line, column),
        help=help,
    )


def _framed(diagnostic: Diagnostic, text: str | bytes) -> list[str]:
    return rendered([diagnostic], Format.FRAMED, {"a.yaml": text}).splitlines()[1:]


def test_a_line_names_place_severity_code_and_message() -> None:
    assert rendered([_wrong(help="do so")], Format.CONCISE, {}) == (
        "a.yaml:1:1: error[FC001 wrong] `x` is wrong\n  help: do so"
    )


@pytest.mark.parametrize(
    ("line", "column", "caret"),
    [
        ("key: value", 6, "     ^"),
        ("東京: value", 5, "      ^"),
        ("\tkey: value", 2, " ^"),
        ("é: value", 4, "   ^"),
    ],
    ids=["plain", "wide", "tab", "accent"],
)
def test_the_caret_stands_under_its_column(line: str, column: int, caret: str) -> None:
    assert _framed(_wrong(column=column), line)[-1] == f"  | {caret}"


def test_a_long_line_is_cut_around_its_column() -> None:
    line = "a" * 500 + "X" + "b" * 500
    _, shown, caret = _framed(_wrong(column=501), line)
    assert len(shown) <= 110
    assert shown[caret.index("^")] == "X"
    assert shown.startswith("1 | …")
    assert shown.endswith("…")


def test_a_place_behind_the_last_line_has_no_frame() -> None:
    assert _framed(_wrong(9), "one line") == []


def test_a_file_that_is_not_text_is_framed_as_far_as_it_goes() -> None:
    assert _framed(_wrong(1, 2), b"a\xff\n")[1] == "1 | a\N{REPLACEMENT CHARACTER}"


def test_a_windows_line_ends_where_it_is_seen_to_end() -> None:
    assert _framed(_wrong(2, 1), "a: 1\r\nb: 2\r\n")[1] == "2 | b: 2"


@pytest.mark.parametrize("form", [Format.FRAMED, Format.CONCISE])
def test_nothing_in_a_file_steers_the_terminal(form: Format) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07"
    text = rendered([_wrong(message=evil, help=evil, path=f"a{evil}")], form, {f"a{evil}": evil})
    assert "\x1b" not in text
    assert "\x07" not in text


def test_printable_text_is_left_alone() -> None:
    assert printable("`größe` ist 東京 – ok") == "`größe` ist 東京 – ok"


def test_json_is_versioned_and_counts() -> None:
    found = [_wrong(), _wrong(severity=Severity.WARNING)]
    document = json.loads(rendered(found, Format.JSON, {"a.yaml": "", "b.yaml": ""}))
    assert document["version"] == 1
    assert document["summary"] == {"errors": 1, "warnings": 1, "notes": 0, "files": 2}
    assert document["diagnostics"][0] == {
        "path": "a.yaml",
        "line": 1,
        "column": 1,
        "severity": "error",
        "code": "FC001",
        "name": "wrong",
        "message": "`x` is wrong",
        "help": None,
    }


@pytest.mark.parametrize(
    ("severities", "files", "said"),
    [
        ([], 14, "nothing wrong in 14 files"),
        ([Severity.ERROR], 1, "1 error in 1 file"),
        (
            [Severity.ERROR, Severity.WARNING, Severity.ERROR],
            1200,
            "2 errors, 1 warning in 1,200 files",
        ),
        ([Severity.NOTE], 0, "1 note in 0 files"),
    ],
)
def test_the_closing_count_says(severities: list[Severity], files: int, said: str) -> None:
    assert closing_count([_wrong(severity=s) for s in severities], files) == said
