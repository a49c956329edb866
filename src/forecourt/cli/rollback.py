"""`forecourt rollback`: go back to an earlier revision."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.roll_back import NoSuchRevision, WouldOpen
from forecourt.bootstrap import World, publisher
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.outcome import openings_of, outcome_lines
from forecourt.cli.progress import Progress
from forecourt.cli.record import Because, who_acts
from forecourt.cli.words import whole_number

app = typer.Typer()


@app.command()
def rollback(
    number: Annotated[
        int,
        typer.Argument(
            metavar="REVISION",
            parser=whole_number("REVISION"),
            help="As `forecourt revisions` lists it.",
        ),
    ],
    because: Because = None,
    may_open: Annotated[
        bool, typer.Option("--open", help="Go back even where that opens something.")
    ] = False,
    estate: EstateFolder = Path(),
) -> None:
    """Serve an earlier revision again. What is left behind waits until its files change."""
    if not because:
        refuse('say why, for the record: --because "…"', ExitCode.USAGE)

    async def verb(world: World) -> None:
        began = asyncio.get_running_loop().time()
        outcome = await publisher(world, Progress("publishing")).roll_back(
            number, who=who_acts(), because=because, may_open=may_open
        )
        match outcome:
            case Published() | Unchanged():
                seconds = asyncio.get_running_loop().time() - began
                for line in outcome_lines(outcome, seconds=seconds, estate=estate):
                    typer.echo(line)
            case NoSuchRevision():
                refuse(f"there is no revision {number}; see `forecourt revisions`", ExitCode.USAGE)
            case WouldOpen():
                typer.echo("going back would open:")
                for line in openings_of(outcome.held):
                    typer.echo(line)
                refuse("nothing was published; add `--open` to open it", ExitCode.FINDINGS)
            case _:
                assert_never(outcome)

    against_store(estate, verb)
