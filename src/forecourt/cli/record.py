"""What goes on the record: who acts, and why."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

Because = Annotated[
    str | None, typer.Option("--because", metavar="WHY", help="The reason, for the record.")
]


def who_acts() -> str:
    """The user of this machine who runs the command."""
    return getpass.getuser()
