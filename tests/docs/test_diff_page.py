"""The page about `diff` shows what it prints, and names what there is."""

from __future__ import annotations

import pytest

from forecourt.cli.diff import Form
from tests.cli.command import forecourt
from tests.docs.pages import ROOT, blocks, page, runs

PAGE = page("docs/diff.md")


def test_prints_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples" / "acme")
    (run,) = [run for block in blocks(PAGE, "console") for run in runs(block)]
    result = forecourt(*run.command.split()[1:])
    assert result.stdout == run.prints
    assert f"`{result.stderr.strip()}`" in PAGE


def test_every_format_has_a_row() -> None:
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows[1:] == [form.value for form in Form]
