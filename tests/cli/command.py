"""The `forecourt` command, run as a person would, without a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from forecourt.cli.app import command

# A folder that is about something else need not hold one.
ORGANIZATION = """\
organization: Acme
listeners:
  external: {address: 0.0.0.0:8443, hosts: [api.acme.example]}
  internal: {address: 127.0.0.1:9443, trust_domain: acme.example}
"""

ESTATES = Path(__file__).parent / "cases"


def forecourt(*arguments: str, env: Mapping[str, str] | None = None) -> Result:
    """How `forecourt ARGUMENTS` ends; its output goes into a pipe."""
    return CliRunner().invoke(command(), list(arguments), env=env, prog_name="forecourt")


def told(result: Result) -> str:
    """Everything a run said, and its exit code."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    parts = [f"exit code {result.exit_code}"]
    if result.stderr:
        parts.append(f"--- stderr\n{result.stderr}")
    if result.stdout:
        parts.append(f"--- stdout\n{result.stdout}")
    return "\n".join(parts)


def inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder, as an estate."""
    if not (folder / "forecourt.yaml").exists():
        (folder / "forecourt.yaml").write_text(ORGANIZATION)
    monkeypatch.chdir(folder)
