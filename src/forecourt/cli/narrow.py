"""`forecourt narrow`: make an API narrower now, whatever its file says."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.narrow_api import NoSuchApi, NotNarrower
from forecourt.actions.parts import api_part
from forecourt.actions.publish import Published, Unchanged
from forecourt.bootstrap import World, publisher
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.outcome import outcome_lines, way_to_open
from forecourt.cli.progress import Progress
from forecourt.cli.record import Because, who_acts
from forecourt.cli.words import word_option
from forecourt.estate.audience import Audience
from forecourt.governance.nearest import did_you_mean

app = typer.Typer()


@app.command()
def narrow(
    name: Annotated[str, typer.Argument(metavar="API", help="The API.")],
    to: Annotated[
        Audience,
        word_option("--to", Audience, "Whom to serve still."),
    ],
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Close an API to wider callers at once, until `forecourt open` opens it again."""
    if not because:
        refuse('say why, for the record: --because "…"', ExitCode.USAGE)

    async def verb(world: World) -> None:
        began = asyncio.get_running_loop().time()
        published = publisher(world, Progress("publishing"))
        outcome = await published.narrow(name, to, who=who_acts(), because=because)
        match outcome:
            case Published() | Unchanged():
                seconds = asyncio.get_running_loop().time() - began
                for line in outcome_lines(outcome, seconds=seconds, estate=estate):
                    typer.echo(line)
                way = way_to_open(api_part(name), estate=estate)
                typer.echo(f"to open it again: {way}")
            case NoSuchApi():
                hint = did_you_mean(name, outcome.published, "see `forecourt revisions`")
                refuse(f"no API `{name}` is published; {hint}", ExitCode.USAGE)
            case NotNarrower():
                served = outcome.served_as.value
                refuse(f"`{name}` is served as {served}, which is no wider", ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)
