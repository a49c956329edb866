"""`forecourt consumer add`, `list` and `show`: what calls, and whose it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.add_application import AlreadyThere, ApplicationAdded, add_application
from forecourt.actions.block import Block, Measure
from forecourt.actions.caller_called import Called, caller_called
from forecourt.actions.credential import Application, HeldKey
from forecourt.actions.issue_key import KeyRefused
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.suspension import Suspension
from forecourt.bootstrap import World
from forecourt.cli import client_words, key_words
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.caller_facts import blocks_of, caller_facts
from forecourt.cli.columns import print_columns
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.key_refusals import why_not_issued
from forecourt.cli.key_words import is_counting, latest_use
from forecourt.cli.owner import Developer, Partner, Plan, by_id, needed_owner, owner_of
from forecourt.cli.record import Because, on_record
from forecourt.cli.suspending import NOBODY_CALLED_SO, CallerName, since
from forecourt.cli.text_or_json import Form, TextOrJson, print_json

_HEAD = ("CONSUMER", "ID", "PLAN", "KEYS", "CLIENTS", "KEY USED", "STATUS")


def add(
    application: Annotated[str, typer.Argument(metavar="NAME", help="What will call.")],
    developer: Developer = None,
    partner: Partner = None,
    plan: Plan = None,
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
    developer: Developer = None,
    partner: Partner = None,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List applications by their owners, and services: how many keys and clients of each count,
    and whether it is suspended."""
    owner = owner_of(developer, partner)

    async def verb(world: World) -> None:
        named, store, now = await by_id(owner, world), world.store, world.clock()
        stopped = {s.caller.id: s for s in await store.suspensions.standing()}
        standing = await store.blocks.standing(now)
        blocked = {b.target.id for b in standing if b.measure is Measure.BLOCK}
        held: dict[str, list[HeldKey]] = {}
        for key in await store.credentials.keys(named):
            held.setdefault(key.application.id, []).append(key)
        clients = Counter(
            client.application.id
            for client in await store.clients.clients()
            if client.client.counts(now)
        )
        added = await store.credentials.applications(named)
        callers = await store.revisions.published_callers()
        services = [] if named else [f"service:{service.name}" for service in callers.services]
        if form is TextOrJson.JSON:
            its = [
                _plain(a, held.get(a.id, []), clients[a.id], stopped, now)
                | {"blocked": _is_blocked(a, blocked)}
                for a in added
            ]
            print_json(its + [_plain_service(s, stopped, blocked) for s in services])
            return
        rows = [
            _row(a, held.get(a.id, []), clients[a.id], _status(a, stopped, blocked), now)
            for a in added
        ]
        for s in services:
            status = "blocked" if s in blocked else "active"
            rows.append((s, *"-----", since(stopped[s]) if s in stopped else status))
        if not rows:
            typer.echo("no applications; add one with `forecourt consumer add`", err=True)
            return
        print_columns([_HEAD, *rows])

    against_store(estate, verb)


def show(caller: CallerName, estate: EstateFolder = Path()) -> None:
    """Show a caller: its limit, what is left of quotas, what it calls with, and who stopped it."""

    async def verb(world: World) -> None:
        callers = await world.store.revisions.published_callers()
        called = await caller_called(caller, callers=callers, store=world.store.credentials)
        if called is None:
            refuse(NOBODY_CALLED_SO.format(caller), ExitCode.USAGE)
        keys_held, clients_held = await _keys_of(called, world), await _clients_of(called, world)
        credentials = [held.credential.id for held in keys_held]
        credentials += [held.client.id for held in clients_held]
        blocks = await blocks_of(called, credentials, world)
        print_columns(await caller_facts(called, callers, world, blocks))
        now = world.clock()
        keys = [_marked(key_words.columns(held, now), blocks) for held in keys_held]
        clients = [_marked(client_words.columns(held, now), blocks) for held in clients_held]
        for head, rows in ((key_words.HEAD, keys), (client_words.HEAD, clients)):
            if rows:
                typer.echo()
                print_columns([head, *rows])

    against_store(estate, verb)


def _marked(row: tuple[str, ...], blocks: Sequence[Block]) -> tuple[str, ...]:
    """A row of a credential, its id first and its status last: that it is blocked is part of it."""
    id, *rest, status = row
    is_blocked = any(b.measure is Measure.BLOCK and b.target.id == id for b in blocks)
    return (id, *rest, f"blocked, else {status}" if is_blocked else status)


async def _keys_of(called: Called, world: World) -> tuple[HeldKey, ...]:
    """All of an owner's, or those of the one application."""
    if called.owner is None:
        return ()
    keys = await world.store.credentials.keys(called.owner)
    if called.caller.is_owner:
        return keys
    return tuple(held for held in keys if held.application.id == called.caller.id)


async def _clients_of(called: Called, world: World) -> list[HeldClient]:
    """The same of clients."""
    if called.owner is None:
        return []
    return [
        held
        for held in await world.store.clients.clients()
        if held.application.owner == called.owner
        and (called.caller.is_owner or held.application.id == called.caller.id)
    ]


def _plain(
    application: Application,
    held: list[HeldKey],
    clients: int,
    stopped: dict[str, Suspension],
    now: datetime,
) -> dict[str, object]:
    uses = [key.credential.last_used_at for key in held if key.credential.last_used_at]
    return {
        "called": application.called,
        "suspended": application.id in stopped or str(application.owner) in stopped,
        "id": application.id,
        "plan": application.plan,
        "added": application.created_at,
        "keys": sum(is_counting(key.credential, now) for key in held),
        "clients": clients,
        "key_used": max(uses, default=None),
    }


def _plain_service(
    name: str, stopped: Collection[str], blocked: Collection[str]
) -> dict[str, object]:
    return {"called": name, "suspended": name in stopped, "blocked": name in blocked}


def _row(
    application: Application,
    held: list[HeldKey],
    clients: int,
    status: str,
    now: datetime,
) -> tuple[str, ...]:
    counting = sum(is_counting(key.credential, now) for key in held)
    return (
        application.called,
        application.id,
        application.plan or "-",
        str(counting),
        str(clients),
        latest_use([key.credential for key in held]),
        status,
    )


def _is_blocked(application: Application, blocked: Collection[str]) -> bool:
    return application.id in blocked or str(application.owner) in blocked


def _status(
    application: Application, stopped: Mapping[str, Suspension], blocked: Collection[str]
) -> str:
    """Whether it goes on; an application does not where its owner does not."""
    by_itself, above = stopped.get(application.id), stopped.get(str(application.owner))
    if above is not None:
        return f"its owner is {since(above)}"
    if by_itself is None and application.id in blocked:
        return "blocked"
    if by_itself is None and str(application.owner) in blocked:
        return "its owner is blocked"
    return since(by_itself)
