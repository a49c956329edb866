"""A day on the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from forecourt.cli.exit_codes import ExitCode, refuse

Expires = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="The first day (UTC) on which it no longer counts."),
]


def day_of(at: str | None) -> date:
    """The day that `--at` names; today (UTC) where it names none."""
    if at is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(at)
    except ValueError:
        refuse(f"`--at` is `{at}`, which is not a date; write it as 2024-03-01", ExitCode.USAGE)


def beginning_of(expires: str | None) -> datetime | None:
    """The beginning (UTC) of the day that `--expires` names; None where it names none."""
    if expires is None:
        return None
    try:
        day = date.fromisoformat(expires)
    except ValueError:
        refuse(
            f"`--expires` is `{expires}`, which is not a date; write it as 2030-12-31",
            ExitCode.USAGE,
        )
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
