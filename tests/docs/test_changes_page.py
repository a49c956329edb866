"""`docs/changes.md`: its file is right, and its commands run."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.command import forecourt
from tests.docs.pages import ROOT, blocks, page

_PAGE = page("docs/changes.md")


def _estate(folder: Path) -> Path:
    """The example with the page's changes, in which one service speaks version 2 only."""
    shutil.copytree(ROOT / "examples/acme", folder, ignore=shutil.ignore_patterns(".forecourt"))
    (block,) = blocks(_PAGE, "yaml")
    path = block.text.splitlines()[0].removeprefix("# ")
    (folder / path).write_text(block.text)
    api = folder / "apis/payments/api.yaml"
    lines = api.read_text().splitlines(keepends=True)
    api.write_text("".join(line for line in lines if "payments-v1.shop.svc" not in line))
    return folder


def test_its_file_accounts_for_everything_and_lets_one_service_do(tmp_path: Path) -> None:
    estate = _estate(tmp_path / "acme")
    result = forecourt("check", "--local", "--at", "2029-03-01", str(estate))
    assert result.exit_code == 0, result.output


def test_its_commands_write_what_it_says(tmp_path: Path) -> None:
    estate = _estate(tmp_path / "acme")
    for block in blocks(_PAGE, "console"):
        for line in block.text.splitlines():
            words = line.removeprefix("$ forecourt ").split()
            result = forecourt(*words, "--estate", str(estate))
            assert result.exit_code == 0, result.output
            assert "consistency" in result.stdout
