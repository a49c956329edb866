"""The reference of the command: what `--help` says of each verb, in one page."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from forecourt.cli.app import VERBS, command
from tests.cli.command import forecourt
from tests.docs.pages import ROOT

_PAGE = ROOT / "docs" / "reference" / "cli.md"
_HEAD = """\
# The command

What `forecourt VERB --help` says. Exit codes: 0 nothing wrong, 1 the estate has mistakes, 2 the
command makes no sense, 3 the world failed.

<!-- Written from the command itself: pytest tests/docs --update-golden -->
"""


def test_the_page_is_written_from_the_command(update_golden: bool) -> None:
    page = _HEAD + "".join(_sections())
    if update_golden:
        _PAGE.write_text(page)
    assert _PAGE.read_text() == page, "run pytest tests/docs --update-golden"


def _sections() -> Iterator[str]:
    for words in _verbs():
        result = forecourt(*words, "--help", env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
        assert result.exit_code == 0
        yield f"\n## forecourt {' '.join(words)}\n\n```text\n{result.stdout.strip()}\n```\n"


def _verbs() -> Iterator[tuple[str, ...]]:
    """Every verb; one that has verbs of its own stands before them."""
    group = typer.main.get_command(command())
    for verb in VERBS:
        yield (verb,)
        inner = group.get_command(None, verb)  # type: ignore[attr-defined]
        for name in getattr(inner, "commands", {}):
            yield (verb, name)
