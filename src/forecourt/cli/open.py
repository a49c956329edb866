"""`forecourt open`: publish what is held because it opens something, on the record."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.open_parts import NotHeld, StillWrong
from forecourt.actions.parts import api_part
from forecourt.actions.publish import Published, Unchanged
from forecourt.bootstrap import World, publisher
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.outcome import (
    held_lines,
    open_name,
    outcome_lines,
    part_of_name,
    way_to_open,
)
from forecourt.cli.progress import Progress
from forecourt.cli.record import Because, who_acts
from forecourt.cli.render import Format, rendered

app = typer.Typer()


@app.command(name="open")
def open_held(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="What to open, as `forecourt open` lists it."),
    ] = None,
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """List what is held, or open what is named; the reason goes on the record."""
    if names and not because:
        refuse('say why, for the record: --because "…"', ExitCode.USAGE)

    async def verb(world: World) -> None:
        await (_open(world, names, because or "", estate) if names else _list(world, estate))

    against_store(estate, verb)


async def _list(world: World, estate: Path) -> None:
    held, narrowings = await publisher(world, Progress("publishing")).waiting()
    for line in held_lines(held, estate=estate):
        typer.echo(line)
    for narrowing in narrowings:
        typer.echo(
            f"narrowed: {narrowing.api} to {narrowing.audience.value} by {narrowing.who},"
            f" {narrowing.at:%Y-%m-%d %H:%M} UTC, because {narrowing.because}"
        )
        way = way_to_open(api_part(narrowing.api), estate=estate)
        typer.echo(f"  to open it again: {way}")
    if not held and not narrowings:
        typer.echo("nothing is held", err=True)


async def _open(world: World, names: list[str], because: str, estate: Path) -> None:
    published = publisher(world, Progress("publishing"))
    held, narrowings = await published.waiting()
    known = [*(h.part for h in held), *(api_part(n.api) for n in narrowings)]
    parts = frozenset(part_of_name(name, known) for name in names)
    began = asyncio.get_running_loop().time()
    outcome = await published.open(parts, who=who_acts(), because=because)
    match outcome:
        case Published() | Unchanged():
            seconds = asyncio.get_running_loop().time() - began
            for line in outcome_lines(outcome, seconds=seconds, estate=estate):
                typer.echo(line)
        case NotHeld():
            wrong = ", ".join(f"`{open_name(p)}`" for p in outcome.parts)
            waiting = ", ".join(open_name(p) for p in known) or "nothing"
            refuse(f"{wrong} is not held; held: {waiting}", ExitCode.USAGE)
        case StillWrong():
            found = [d for refused in outcome.refused for d in refused.diagnostics]
            typer.echo(rendered(found, Format.CONCISE, {}), err=True)
            refuse("mend these first; nothing was opened", ExitCode.FINDINGS)
        case _:
            assert_never(outcome)
