"""The `forecourt` command as a whole."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from forecourt.cli.app import VERBS
from tests.cli.command import ORGANIZATION, forecourt

_CLI = Path(import_module("forecourt.cli").__path__[0])


def test_verbs_are_unique() -> None:
    assert len(VERBS) == len(set(VERBS))


def test_every_module_with_a_command_is_a_verb() -> None:
    commands = {p.stem for p in _CLI.glob("*.py") if "\napp = typer.Typer(" in p.read_text()}
    assert commands == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_can_be_asked_what_it_does(verb: str) -> None:
    assert isinstance(import_module(f"forecourt.cli.{verb}").app, typer.Typer)
    result = forecourt(verb, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: forecourt {verb}")


def test_help_lists_every_verb() -> None:
    result = forecourt("--help")
    assert result.exit_code == 0
    listed = [
        line.split()[0] for line in result.stdout.partition("Commands:")[2].split("\n") if line
    ]
    assert listed == list(VERBS)


@pytest.mark.parametrize(
    ("word", "help"),
    [("chek", "did you mean `check`?"), ("xyzzy", "`forecourt --help` lists the verbs")],
)
def test_a_word_that_is_no_verb_is_answered_with_the_one_meant(word: str, help: str) -> None:
    result = forecourt(word)
    assert result.exit_code == 2
    assert result.stderr == f"error: `{word}` is not a verb; {help}\n"


def test_an_option_that_is_none_is_a_mistake_of_the_command() -> None:
    assert forecourt("check", "--frobnicate").exit_code == 2


def test_a_failing_world_is_said_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "forecourt.yaml")

    monkeypatch.setattr("forecourt.source.folder.EstateFolder.read", gone)
    (tmp_path / "forecourt.yaml").write_text(ORGANIZATION)
    result = forecourt("check", str(tmp_path))
    assert result.exit_code == 3
    assert result.stderr == "error: `forecourt.yaml`: no such file or directory\n"


@pytest.mark.slow
def test_the_package_runs_as_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "forecourt", "explain", "no-such-rule"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
