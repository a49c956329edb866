"""`forecourt consumer suspend` and `resume`: stop a caller for a while."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.suspend_caller import (
    CallerGoesOn,
    CallerStopped,
    NobodyCalledSo,
    NothingToChange,
    resume_caller,
    suspend_caller,
)
from forecourt.actions.suspension import Suspension
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.record import Because, on_record

CallerName = Annotated[
    str,
    typer.Argument(
        metavar="CONSUMER",
        help="An application, `developer:ada/shop` or its id; or an owner with all that is its own,"
        " `developer:ada`, `partner:acme-corp`, `service:orders`.",
    ),
]

NOBODY_CALLED_SO = (
    "nobody is called `{}`; name `developer:ada/shop`, `partner:acme-corp`, `service:orders` or an"
    " id (`forecourt consumer list`), or `ISSUER/CLIENT`"
)


def suspend(caller: CallerName, because: Because = None, estate: EstateFolder = Path()) -> None:
    """Stop an application or an owner: keys, tokens and certificates, within a second."""

    async def verb(world: World) -> None:
        outcome = await suspend_caller(
            caller,
            callers=await world.store.revisions.published_callers(),
            store=world.store.credentials,
            suspensions=world.store.suspensions,
            record=on_record(world, because),
        )
        match outcome:
            case CallerStopped(caller=stopped):
                typer.echo(f"{stopped.id} is suspended: nothing of it counts until it is resumed")
            case NothingToChange(caller=stopped):
                typer.echo(f"{stopped.id} was suspended before", err=True)
            case NobodyCalledSo():
                refuse(NOBODY_CALLED_SO.format(caller), ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)


def resume(caller: CallerName, because: Because = None, estate: EstateFolder = Path()) -> None:
    """End a suspension. What was revoked or has expired meanwhile stays so."""

    async def verb(world: World) -> None:
        outcome = await resume_caller(
            caller,
            callers=await world.store.revisions.published_callers(),
            store=world.store.credentials,
            suspensions=world.store.suspensions,
            record=on_record(world, because),
        )
        match outcome:
            case CallerGoesOn(caller=resumed):
                typer.echo(f"{resumed.id} goes on")
            case NothingToChange(caller=resumed):
                typer.echo(f"{resumed.id} was not suspended", err=True)
            case NobodyCalledSo():
                refuse(NOBODY_CALLED_SO.format(caller), ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)


def since(suspension: Suspension | None) -> str:
    """Whether somebody is stopped: since when, by whom, and why."""
    if suspension is None:
        return "active"
    record = suspension.record
    because = f" ({record.because})" if record.because else ""
    return f"suspended {record.at:%Y-%m-%d %H:%M} by {record.who}{because}"
