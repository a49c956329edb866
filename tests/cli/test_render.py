"""Findings in the form that was asked for; the catalogue of forms keeps its promises."""

from __future__ import annotations

from pathlib import Path

import pytest

import forecourt.cli.formats
from forecourt.cli.render import FORMATS, Format, closing_count, rendered
from forecourt.diagnostics import Severity
from tests.cli.command import ESTATES
from tests.cli.formats.builders import a_finding

_ROOT = Path(__file__).parents[2]
_each_form = pytest.mark.parametrize("form", Format, ids=lambda form: form.value)


def _modules() -> set[str]:
    """Those that write."""
    folder = Path(forecourt.cli.formats.__file__).parent
    return {p.stem for p in folder.glob("*.py") if "def written(" in p.read_text()}


def test_every_format_has_a_module_and_every_module_a_format() -> None:
    assert set(FORMATS) == set(Format)
    used = {write.__module__.rpartition(".")[2] for write in FORMATS.values()}
    assert used == _modules()


@pytest.mark.parametrize("module", sorted(_modules()))
def test_every_format_has_tests_of_its_own(module: str) -> None:
    assert (Path(__file__).parent / "formats" / f"test_{module}.py").is_file()


@_each_form
def test_every_format_has_a_case_through_the_real_command(form: Format) -> None:
    """Concise is what a pipe gets without asking."""
    commands = [path.read_text() for path in ESTATES.glob("*/command")]
    assert form is Format.CONCISE or any(f"--format {form.value}" in c for c in commands)


@_each_form
def test_every_format_is_documented(form: Format) -> None:
    assert f"`{form.value}`" in (_ROOT / "docs" / "check.md").read_text()


@_each_form
def test_nothing_in_a_file_steers_the_terminal(form: Format) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07"
    text = rendered([a_finding(message=evil, help=evil, path=f"a{evil}")], form, {f"a{evil}": evil})
    assert "\x1b" not in text
    assert "\x07" not in text


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
    assert closing_count([a_finding(severity=s) for s in severities], files) == said
