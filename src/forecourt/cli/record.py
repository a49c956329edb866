"""What goes on the record: who acts, and why."""

from __future__ import annotations

import os
import pwd
from typing import Annotated

import typer

from forecourt.actions.record import Record
from forecourt.bootstrap import World

Because = Annotated[
    str | None, typer.Option("--because", metavar="WHY", help="The reason, for the record.")
]


def who_acts() -> str:
    """The user of this machine who runs the command, as the kernel knows it: what the environment
    says (`LOGNAME`, `USER`) anybody may set."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # in containers often nobody has that number
        return f"user {number}"


def on_record(world: World, because: str | None = None) -> Record:
    """What a verb leaves on the record that is run now."""
    return Record(at=world.clock(), who=who_acts(), because=because or "")
