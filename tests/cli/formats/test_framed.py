"""Findings with the line they are about."""

from __future__ import annotations

import pytest

from forecourt.cli.formats.framed import written
from forecourt.cli.formats.report import Report
from forecourt.diagnostics import Diagnostic
from tests.cli.formats.builders import a_finding


def _framed(diagnostic: Diagnostic, text: str | bytes) -> list[str]:
    report = Report(diagnostics=(diagnostic,), files={"a.yaml": text})
    return written(report).splitlines()[1:]


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
    assert _framed(a_finding(column=column), line)[-1] == f"  | {caret}"


def test_a_long_line_is_cut_around_its_column() -> None:
    line = "a" * 500 + "X" + "b" * 500
    _, shown, caret = _framed(a_finding(column=501), line)
    assert len(shown) <= 110
    assert shown[caret.index("^")] == "X"
    assert shown.startswith("1 | …")
    assert shown.endswith("…")


def test_a_place_behind_the_last_line_has_no_frame() -> None:
    assert _framed(a_finding(9), "one line") == []


def test_a_file_that_is_not_text_is_framed_as_far_as_it_goes() -> None:
    assert _framed(a_finding(1, 2), b"a\xff\n")[1] == "1 | a\N{REPLACEMENT CHARACTER}"


def test_a_windows_line_ends_where_it_is_seen_to_end() -> None:
    assert _framed(a_finding(2, 1), "a: 1\r\nb: 2\r\n")[1] == "2 | b: 2"
