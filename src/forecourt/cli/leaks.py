"""`forecourt leaks`: what an upstream sends that its contract does not declare."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.leak import Leak
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.leak_table import leak_lines
from forecourt.cli.published_api import refuse_unknown
from forecourt.cli.record import Because, on_record
from forecourt.cli.text_or_json import Form, TextOrJson, print_json

app = typer.Typer()


@app.command()
def leaks(
    name: Annotated[
        str, typer.Argument(metavar="API[@VERSION]", help="The API, or one of its versions.")
    ],
    forget: Annotated[
        bool, typer.Option("--forget", help="Count from the beginning again.")
    ] = False,
    because: Because = None,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List what an API's service sent beyond its contract: where and how often, never what."""
    api, at, version = name.partition("@")
    if not api:
        refuse("name the API: `forecourt leaks payments`", ExitCode.USAGE)

    async def verb(world: World) -> None:
        asked = version if at else None
        await refuse_unknown(world, api, asked)
        kept = world.store.leaks
        if forget:
            count = await kept.forget(api, asked, on_record(world, because))
            typer.echo(f"forgot {count} place{'' if count == 1 else 's'} of {name}")
            return
        _print(name, await kept.of(api, asked), form)

    against_store(estate, verb)


def _print(name: str, found: Sequence[Leak], form: TextOrJson) -> None:
    if form is TextOrJson.JSON:
        print_json([_plain(leak) for leak in found])
        return
    for line in leak_lines(found):
        typer.echo(line)
    if not found:
        typer.echo(f"nothing of {name} was seen that its contract does not declare", err=True)


def _plain(leak: Leak) -> dict[str, object]:
    at = leak.at
    return {
        "api": at.api,
        "version": at.version,
        "operation": at.operation,
        "status": at.status,
        "kind": at.kind,
        "place": at.place,
        "check": at.check,
        "times": leak.times,
        "since": leak.since,
        "last": leak.last,
    }
