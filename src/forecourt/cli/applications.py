"""`forecourt consumer add`, `list` and `show`: what calls, and whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.add_application import AlreadyThere, ApplicationAdded, add_application
from forecourt.actions.caller_called import Called, caller_called
from forecourt.actions.credential import Application, HeldKey
from forecourt.actions.entitlement import Unknown
from forecourt.actions.entitlement_of_application import entitlement_of_application
from forecourt.actions.issue_key import KeyRefused
from forecourt.actions.suspension import Suspension
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.columns import print_columns
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.key_refusals import why_not_issued
from forecourt.cli.key_words import HEAD, columns, is_counting, latest_use
from forecourt.cli.owner import Developer, Partner, by_id, needed_owner, owner_of
from forecourt.cli.record import Because, on_record
from forecourt.cli.suspending import NOBODY_CALLED_SO, CallerName, since
from forecourt.compiler.ir.callers import Callers

_HEAD = ("CONSUMER", "ID", "PLAN", "KEYS", "LAST USED", "STATUS")


def add(
    application: Annotated[str, typer.Argument(metavar="NAME", help="What will call.")],
    developer: Developer = None,
    partner: Partner = None,
    plan: Annotated[
        str | None,
        typer.Option(metavar="PLAN", help="A developer's plan; else the standard limit."),
    ] = None,
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Add an application, before it has a key. A service is one by being declared."""
    owner = needed_owner(developer, partner)

    async def verb(world: World) -> None:
        outcome = await add_application(
            owner,
            application,
            plan,
            callers=await world.store.revisions.published_callers(),
            store=world.store.credentials,
            record=on_record(world, because),
            entropy=world.entropy,
        )
        match outcome:
            case ApplicationAdded(application=added):
                typer.echo(f"{added.called} is {added.id}")
            case AlreadyThere(application=known):
                refuse(f"{known.called} is there already, as {known.id}", ExitCode.USAGE)
            case KeyRefused():
                refuse(why_not_issued(outcome), ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)


def list_(
    developer: Developer = None, partner: Partner = None, estate: EstateFolder = Path()
) -> None:
    """List applications by their owners, and services: how many keys of each count, and whether it
    is suspended."""
    owner = owner_of(developer, partner)

    async def verb(world: World) -> None:
        named, store = await by_id(owner, world), world.store
        stopped = {s.caller.id: s for s in await store.suspensions.standing()}
        held: dict[str, list[HeldKey]] = {}
        for key in await store.credentials.keys(named):
            held.setdefault(key.application.id, []).append(key)
        rows = [
            _row(application, held.get(application.id, []), stopped, world)
            for application in await store.credentials.applications(named)
        ]
        if named is None:
            callers = await store.revisions.published_callers()
            services = (f"service:{service.name}" for service in callers.services)
            rows += [(s, "-", "-", "-", "-", since(stopped.get(s))) for s in services]
        if not rows:
            typer.echo("no applications; add one with `forecourt consumer add`", err=True)
            return
        print_columns([_HEAD, *rows])

    against_store(estate, verb)


def show(caller: CallerName, estate: EstateFolder = Path()) -> None:
    """Show a caller: what it is, its limit, what it may call with, whether it is suspended."""

    async def verb(world: World) -> None:
        callers = await world.store.revisions.published_callers()
        called = await caller_called(caller, callers=callers, store=world.store.credentials)
        if called is None:
            refuse(NOBODY_CALLED_SO.format(caller), ExitCode.USAGE)
        print_columns(await _facts(called, callers, world))
        keys = await _keys_of(called, world)
        if keys:
            typer.echo()
            print_columns([HEAD, *(columns(held, world.clock()) for held in keys)])

    against_store(estate, verb)


async def _facts(called: Called, callers: Callers, world: World) -> list[tuple[str, str]]:
    application, stands = called.application, {}
    for suspension in await world.store.suspensions.standing():
        stands[suspension.caller.id] = suspension
    facts = [("consumer", called.caller.id if application is None else application.called)]
    if application is not None:
        facts += [("id", application.id), ("plan", application.plan or "-")]
        found = entitlement_of_application(application, "", callers)
        limit = (
            "its owner is not declared"
            if isinstance(found, Unknown)
            else (f"{found.limit.per_minute} requests a minute, over all that it calls with")
        )
        facts += [("limit", limit), ("added", f"{application.created_at:%Y-%m-%d %H:%M} UTC")]
    facts.append(("status", since(stands.get(called.caller.id))))
    if application is not None and (above := stands.get(str(application.owner))) is not None:
        facts.append(("its owner", since(above)))
    return facts


async def _keys_of(called: Called, world: World) -> tuple[HeldKey, ...]:
    """All of an owner's, or those of the one application."""
    if called.owner is None:
        return ()
    keys = await world.store.credentials.keys(called.owner)
    if called.caller.is_owner:
        return keys
    return tuple(held for held in keys if held.application.id == called.caller.id)


def _row(
    application: Application, held: list[HeldKey], stopped: dict[str, Suspension], world: World
) -> tuple[str, ...]:
    now = world.clock()
    counting = sum(is_counting(key.credential, now) for key in held)
    by_itself, above = stopped.get(application.id), stopped.get(str(application.owner))
    status = since(by_itself) if above is None else f"its owner is {since(above)}"
    return (
        application.called,
        application.id,
        application.plan or "-",
        str(counting),
        latest_use([key.credential for key in held]),
        status,
    )
