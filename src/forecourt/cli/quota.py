"""`forecourt quota`: what is spent of a day's and a month's requests, and what was told of it."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from forecourt.actions.caller_called import caller_called
from forecourt.actions.list_quotas import HeldQuota, list_quotas
from forecourt.actions.quota import QuotaEvent
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.formats.report import printable
from forecourt.cli.suspending import NOBODY_CALLED_SO
from forecourt.cli.text_or_json import Form, TextOrJson, print_json
from forecourt.cli.words import number_option

app = typer.Typer(no_args_is_help=True, help="Quotas: requests a day and a month.")

_MOST = 100


@app.command(name="list")
def list_(
    consumer: Annotated[
        str | None,
        typer.Argument(
            metavar="CONSUMER",
            help="`developer:ada/shop` or its id, `developer:ada`, `partner:acme-corp`,"
            " `service:orders`; else everybody.",
        ),
    ] = None,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List quotas: whose, what is spent of how much, and when it begins anew."""

    async def verb(world: World) -> None:
        callers = await world.store.revisions.published_callers()
        whose = None
        if consumer is not None:
            whose = await caller_called(consumer, callers=callers, store=world.store.credentials)
            if whose is None:
                refuse(NOBODY_CALLED_SO.format(printable(consumer)), ExitCode.USAGE)
        found = await list_quotas(
            whose,
            callers=callers,
            spending=world.store.spending,
            applications=world.store.credentials,
            day=world.clock().astimezone(UTC).date(),
        )
        if consumer is not None and not found:
            refuse(f"`{printable(consumer)}` has no quota", ExitCode.FINDINGS)
        if form is TextOrJson.JSON:
            print_json([_plain(quota) for quota in found])
            return
        for quota in found:
            typer.echo(_line(quota))
        if not found:
            typer.echo("nobody who called this month has a quota", err=True)

    against_store(estate, verb)


@app.command()
def warnings(
    most: Annotated[int, number_option("--most", 1, 10_000, "How many, newest first.")] = _MOST,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List who came to 80, 95 and 100 percent of a quota, the newest first."""

    async def verb(world: World) -> None:
        found = await world.store.spending.events(most=most)
        if form is TextOrJson.JSON:
            print_json([_told(event) for event in found])
            return
        for event in found:
            typer.echo(
                f"{event.at:%Y-%m-%d %H:%M:%S}  {printable(event.holder)}  {event.percent} percent"
                f" of {event.limit:,} a {event.window.value} from {event.since}"
            )
        if not found:
            typer.echo("nobody came to 80 percent of a quota", err=True)

    against_store(estate, verb)


def _line(quota: HeldQuota) -> str:
    whose = quota.holder if quota.called == quota.holder else f"{quota.holder}  {quota.called}"
    return f"{printable(whose)}  {spent_of(quota)}"


def spent_of(quota: HeldQuota) -> str:
    """What is spent, of how much, and until when that counts."""
    state = quota.state
    used_up = "  used up" if state.is_exhausted else ""
    return (
        f"{state.spent:,} of {state.limit:,} a {state.window.value}"
        f"  until {state.resets:%Y-%m-%d %H:%M} UTC{used_up}"
    )


def _plain(quota: HeldQuota) -> dict[str, object]:
    state = quota.state
    return {
        "holder": quota.holder,
        "called": quota.called,
        "window": state.window.value,
        "spent": state.spent,
        "limit": state.limit,
        "resets": state.resets,
        "exhausted": state.is_exhausted,
    }


def _told(event: QuotaEvent) -> dict[str, object]:
    return {
        "holder": event.holder,
        "window": event.window.value,
        "since": event.since,
        "limit": event.limit,
        "percent": event.percent,
        "at": event.at,
    }
