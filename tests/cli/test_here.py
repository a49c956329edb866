"""What `forecourt` tells people to type works where they are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from forecourt.cli.here import command_here, path_here, within_checkout


def a_program(folder: Path) -> Path:
    program = folder / "bin" / "forecourt"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def test_a_path_is_written_from_here_where_that_is_shorter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert path_here(tmp_path / "acme" / "ca.pem") == "acme/ca.pem"
    assert path_here(Path("/etc")) == "/etc"


def test_an_estate_elsewhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my acme").mkdir()
    monkeypatch.chdir(tmp_path)
    assert command_here("open", "users", estate=Path("my acme")) == (
        "forecourt open users --estate 'my acme'"
    )


def test_the_estate_of_this_folder_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for estate in (Path(), tmp_path):
        assert command_here("revisions", estate=estate) == "forecourt revisions"


def test_a_program_that_its_name_does_not_find_is_called_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = a_program(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bin/forecourt", "up"])
    monkeypatch.setenv("PATH", "/nowhere")
    assert command_here("revisions", estate=tmp_path) == "bin/forecourt revisions"
    monkeypatch.setenv("PATH", str(program.parent))
    assert command_here("revisions", estate=tmp_path) == "forecourt revisions"


def test_a_module_is_called_by_the_command_that_people_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["/usr/lib/forecourt/__main__.py"])
    assert command_here("revisions", estate=tmp_path) == "forecourt revisions"


def test_the_way_to_a_folder_begins_at_its_checkout(tmp_path: Path) -> None:
    estate = tmp_path / "checkout" / "deep" / "estate"
    estate.mkdir(parents=True)
    (tmp_path / "checkout" / ".git").mkdir()
    assert within_checkout(estate) == "deep/estate"
    assert within_checkout(tmp_path / "checkout") == ""


def test_without_a_checkout_the_way_begins_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "estate").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert within_checkout(Path("estate")) == "estate"
    assert within_checkout(tmp_path) == ""
