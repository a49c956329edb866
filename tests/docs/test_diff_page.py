"""The page about `diff` shows what it prints, and names what there is."""

from __future__ import annotations

from pathlib import Path

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


def test_warns_as_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = (
        *("openapi: 3.1.0", "info:", "  title: Things", '  version: "1"', "paths:", "  /things:"),
        *("    get:", "      responses:", '        "200": {$ref: "#/Lost"}'),
    )
    (tmp_path / "old.yaml").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "new.yaml").write_text(
        "\n".join((*lines[:-1], '        "200": {description: ""}')), encoding="utf-8"
    )
    result = forecourt("diff", "old.yaml", "new.yaml")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] in PAGE.splitlines()


def test_every_format_has_a_row() -> None:
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows[1:] == [form.value for form in Form]
