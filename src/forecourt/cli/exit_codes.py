"""What the command's exit code says."""

from __future__ import annotations

from enum import IntEnum
from typing import NoReturn

import typer


class ExitCode(IntEnum):
    """How a verb ended.

    NOTHING_WRONG: it did what was asked; warnings do not count, unless `--strict`.
    FINDINGS: the estate, or what was asked of it, has mistakes, which were listed.
    USAGE: the command line itself makes no sense, or names what does not exist.
    WORLD_FAILED: a file, a port or a database did not do its part; try again when it does.
    """

    NOTHING_WRONG = 0
    FINDINGS = 1
    USAGE = 2
    WORLD_FAILED = 3


def refuse(message: str, code: ExitCode) -> NoReturn:
    """Say why not, on stderr, and leave."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(code)
