"""What every format is given."""

from __future__ import annotations

import pytest

from forecourt.cli.formats.report import Lines, Report, printable
from forecourt.diagnostics import Severity, Span
from tests.cli.formats.builders import a_finding


@pytest.mark.parametrize(
    ("within", "path", "seen"),
    [
        ("", "apis/users/api.yaml", "apis/users/api.yaml"),
        ("estate", "apis/users/api.yaml", "estate/apis/users/api.yaml"),
        ("a/b", "forecourt.yaml", "a/b/forecourt.yaml"),
    ],
)
def test_a_path_is_seen_from_the_checkout(within: str, path: str, seen: str) -> None:
    assert Report(diagnostics=(), within=within).path_in_checkout(path) == seen


def test_a_warning_fails_only_where_asked_to() -> None:
    warning, note = a_finding(severity=Severity.WARNING), a_finding(severity=Severity.NOTE)
    lenient, strict = Report(diagnostics=()), Report(diagnostics=(), is_strict=True)
    assert lenient.fails(a_finding())
    assert [lenient.fails(warning), strict.fails(warning)] == [False, True]
    assert not strict.fails(note)


def test_a_place_behind_the_last_line_has_none() -> None:
    lines = Lines({"a.yaml": "one\r\ntwo"})
    assert lines.at(Span("a.yaml", 1, 1)) == "one"
    assert lines.at(Span("a.yaml", 3, 1)) is None
    assert lines.at(Span("b.yaml", 1, 1)) is None


def test_printable_text_is_left_alone() -> None:
    assert printable("`größe` ist 東京 – ok") == "`größe` ist 東京 – ok"
