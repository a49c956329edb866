"""`forecourt consumer`: who calls, who is stopped, and which version an application gets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.parts import edge_of
from forecourt.actions.pin import PinRecord
from forecourt.actions.pin_application import (
    Pinned,
    PinRefusal,
    PinRefused,
    application_id,
    pin_application,
)
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.applications import add, list_, show
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.formats.report import printable
from forecourt.cli.record import who_acts
from forecourt.cli.suspending import resume, suspend

app = typer.Typer(
    no_args_is_help=True, help="Applications, whose they are, and the versions they get."
)
app.command()(add)
app.command(name="list")(list_)
app.command()(show)
app.command()(suspend)
app.command()(resume)


@app.command()
def pin(
    application: Annotated[
        str,
        typer.Argument(
            metavar="APPLICATION",
            help="A service, `developer:ada/shop`, or what the access log calls it.",
        ),
    ],
    api: Annotated[str, typer.Argument(metavar="API", help="An API whose version is a header.")],
    version: Annotated[
        str | None, typer.Argument(metavar="VERSION", help="What it gets where it names none.")
    ] = None,
    unpin: Annotated[
        bool, typer.Option("--unpin", help="Take the pin away: its next call sets a new one.")
    ] = False,
    estate: EstateFolder = Path(),
) -> None:
    """Pin an application to a version of an API."""
    if unpin == (version is not None):
        refuse("name a version, or take the pin away with `--unpin`", ExitCode.USAGE)

    async def verb(world: World) -> None:
        now, pins = world.clock(), world.store.pins
        if version is None:
            callers = await world.store.revisions.published_callers()
            id = await application_id(application, callers, world.store.credentials)
            if not await pins.unpin(id, api, now, who_acts()):
                refuse(f"`{application}` has no pin for `{api}`", ExitCode.FINDINGS)
            typer.echo(
                f"{application} gets the newest current version of {api} where it names none"
            )
            return
        newest = await world.store.revisions.newest()
        if newest is None:
            refuse("nothing was published yet; run `forecourt up`", ExitCode.FINDINGS)
        standing = {n.api: n.audience for n in await world.store.narrowings.standing()}
        outcome = await pin_application(
            PinRecord(application=application, api=api, version=version, at=now, who=who_acts()),
            edge=edge_of(await world.store.revisions.parts(newest.number), standing),
            keys=world.store.credentials,
            pins=pins,
        )
        match outcome:
            case Pinned():
                typer.echo(f"{application} gets version {version} of {api} where it names none")
            case PinRefused():
                refuse(_because(outcome, application, api, version), ExitCode.FINDINGS)

    against_store(estate, verb)


@app.command()
def pins(estate: EstateFolder = Path()) -> None:
    """List pins: application, API, version, since when, and who set it."""

    async def verb(world: World) -> None:
        found = await world.store.pins.records()
        for record in found:
            known = await world.store.credentials.application_by_id(record.application)
            called = f"  ({printable(known.called)})" if known else ""
            typer.echo(
                f"{printable(record.application)}  {record.api}  {record.version}"
                f"  {record.at:%Y-%m-%d %H:%M}  {printable(record.who)}{called}"
            )
        if not found:
            typer.echo("no application is pinned", err=True)

    against_store(estate, verb)


def _because(refused: PinRefused, application: str, api: str, version: str) -> str:
    choices = ", ".join(refused.choices) or "none"
    match refused.because:
        case PinRefusal.NO_APPLICATION:
            return (
                f"no application is called `{application}`; name a service,"
                " `OWNER/NAME` (`forecourt consumer list`), or `ISSUER/CLIENT`"
            )
        case PinRefusal.NO_API:
            return f"`{application}` cannot call `{api}`; its APIs with a version header: {choices}"
        case PinRefusal.NOT_BY_HEADER:
            return (
                f"callers of `{api}` do not name its version in a header, so nothing can be pinned"
            )
        case PinRefusal.RETIRED:
            return f"version `{version}` of `{api}` is retired; choose one of {choices}"
        case PinRefusal.NO_VERSION:
            return f"`{application}` has no version `{version}` of `{api}`; it has {choices}"
