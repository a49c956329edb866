"""`forecourt revisions`: what was published, when, by whom and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.revision import Revision
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.outcome import part_in_words
from forecourt.cli.render import printable
from forecourt.cli.words import number_option

app = typer.Typer()


@app.command()
def revisions(
    most: Annotated[
        int,
        number_option("--most", 1, 10_000, "How many, newest first."),
    ] = 20,
    estate: EstateFolder = Path(),
) -> None:
    """List revisions, newest first."""

    async def verb(world: World) -> None:
        kept = world.store.revisions
        found = await kept.history(most=most)
        for revision in found:
            changed = await kept.changed(revision.number)
            typer.echo(_line(revision, changed))
        if not found:
            typer.echo("nothing was published yet", err=True)

    against_store(estate, verb)


def _line(revision: Revision, changed: tuple[str, ...]) -> str:
    parts = ", ".join(part_in_words(part) for part in changed) or "-"
    because = printable(revision.because)
    return (
        f"{revision.number:>5}  {revision.at:%Y-%m-%d %H:%M:%S}  {revision.kind.value:<8}"
        f"  {revision.who}  {revision.snapshot[:12]}  {parts}  ({because})"
    )
