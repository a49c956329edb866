"""`forecourt key`: give applications keys, see, rotate and withdraw them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.credential import Revocation
from forecourt.actions.issue_key import KeyIssued, KeyRefused, KeyRequest, issue_key
from forecourt.actions.keys_called import keys_called
from forecourt.actions.list_keys import dormant, list_keys
from forecourt.actions.revoke_key import (
    AlreadyRevoked,
    AmbiguousKey,
    KeyRevoked,
    NoSuchKey,
    revoke_key,
)
from forecourt.actions.rotate_key import KeyRotated, NotRotated, rotate_key
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.columns import print_columns
from forecourt.cli.day import Expires, beginning_of
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.key_refusals import NO_SUCH_KEY, why_not_issued, why_not_rotated
from forecourt.cli.key_words import HEAD, columns, counting, facts, plain_key, told
from forecourt.cli.owner import Developer, Partner, Plan, by_id, needed_owner, owner_of
from forecourt.cli.published_api import public_apis
from forecourt.cli.record import Because, on_record, who_acts
from forecourt.cli.span import span_of
from forecourt.cli.text_or_json import Form, TextOrJson, print_json

app = typer.Typer(no_args_is_help=True, help="Keys of partners and developers.")

_Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY", help="Its id, the part of it that is shown, or itself; `-` reads stdin."
    ),
]


@app.command()
def issue(
    application: Annotated[str, typer.Option(metavar="NAME", help="What will call.")],
    developer: Developer = None,
    partner: Partner = None,
    plan: Plan = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="Give these scopes only; else all that need no user."),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="A test key, `fc_test_…`: the mock answers.")
    ] = False,
    expires: Expires = None,
    name: Annotated[
        str, typer.Option(metavar="NAME", help="What to call it, for people: `till 7`.")
    ] = "",
    api: Annotated[
        list[str] | None,
        typer.Option(metavar="API", help="For these APIs only; else all that its owner has."),
    ] = None,
    from_: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="NETWORK",
            help="From these addresses only, `203.0.113.0/24`; else from anywhere.",
        ),
    ] = None,
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Issue a key. It goes to stdout, this once: nobody can read it again."""
    owner = needed_owner(developer, partner)
    request = KeyRequest(
        owner=owner,
        application=application,
        plan=plan,
        scopes=None if scope is None else tuple(scope),
        is_test=test,
        expires_at=beginning_of(expires),
        name=name,
        apis=None if api is None else tuple(api),
        addresses=tuple(from_ or ()),
    )

    async def verb(world: World) -> None:
        callers = await world.store.revisions.published_callers()
        outcome = await issue_key(
            request,
            callers=callers,
            store=world.store.credentials,
            record=on_record(world, because),
            entropy=world.entropy,
            external_apis=await public_apis(world) if api else (),
        )
        match outcome:
            case KeyIssued(key=key, held=held):
                typer.echo(key)
                typer.echo(f"{told(held)}. It is shown this once.", err=True)
            case KeyRefused():
                refuse(why_not_issued(outcome), ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)


@app.command(name="list")
def list_(
    developer: Developer = None,
    partner: Partner = None,
    unused: Annotated[
        str | None,
        typer.Option(
            "--dormant",
            metavar="SPAN",
            help="Only those that count, and were not used for so long: 90d.",
        ),
    ] = None,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List keys, oldest first: what may be shown of them, and who holds them."""
    owner = owner_of(developer, partner)
    idle = None if unused is None else span_of(unused, "--dormant")

    async def verb(world: World) -> None:
        named = await by_id(owner, world)
        keys, now = await list_keys(world.store.credentials, owner=named), world.clock()
        if idle is not None:
            keys = dormant(keys, since=now - idle, now=now)
        if form is TextOrJson.JSON:
            print_json([plain_key(held, now) for held in keys])
            return
        if not keys:
            none = "no keys; issue one with `forecourt key issue`"
            typer.echo(none if idle is None else "every key that counts was used since", err=True)
            return
        print_columns([HEAD, *(columns(held, now) for held in keys)])

    against_store(estate, verb)


@app.command()
def show(key: _Key, estate: EstateFolder = Path()) -> None:
    """Show all that is remembered of a key: what it may, and since when and until when."""
    reference = _reference(key)

    async def verb(world: World) -> None:
        found = await keys_called(reference, world.store.credentials)
        if not found:
            refuse(NO_SUCH_KEY, ExitCode.USAGE)
        for number, held in enumerate(found):
            if number:
                typer.echo()
            print_columns(facts(held, world.clock()))

    against_store(estate, verb)


@app.command()
def rotate(
    key: _Key,
    overlap: Annotated[
        str, typer.Option(metavar="SPAN", help="How long the old one goes on: 30m, 24h, 7d.")
    ] = "24h",
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Issue a key in the place of one, to stdout, and let the old one end after a while.

    The new one is for the same, and may the same.
    """
    reference, span = _reference(key), span_of(overlap, "--overlap")

    async def verb(world: World) -> None:
        outcome = await rotate_key(
            reference,
            span,
            store=world.store.credentials,
            record=on_record(world, because),
            entropy=world.entropy,
        )
        match outcome:
            case KeyRotated(key=new, new=held, old=old):
                typer.echo(new)
                typer.echo(
                    f"{told(held)}. It is shown this once.\n"
                    f"{old.id} ({old.shown}) {counting(old, world.clock())}",
                    err=True,
                )
            case NotRotated():
                refuse(why_not_rotated(outcome), ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)


@app.command()
def revoke(
    key: _Key,
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Withdraw a key. The edge refuses it within a second. Who did it goes on the record."""
    reference = _reference(key)

    async def verb(world: World) -> None:
        outcome = await revoke_key(
            reference.partition("…")[0],
            store=world.store.credentials,
            revocation=Revocation(at=world.clock(), who=who_acts(), because=because or ""),
        )
        match outcome:
            case KeyRevoked(credential=credential):
                typer.echo(f"revoked {credential.id} ({credential.shown})", err=True)
            case AlreadyRevoked(credential=credential):
                typer.echo(f"{credential.id} ({credential.shown}) was revoked before", err=True)
            case NoSuchKey():
                refuse(NO_SUCH_KEY, ExitCode.USAGE)
            case AmbiguousKey(candidates=candidates):
                ids = ", ".join(c.id for c in candidates)
                refuse(
                    f"{len(candidates)} keys begin so; name one by its id: {ids}", ExitCode.USAGE
                )
            case _:
                assert_never(outcome)

    against_store(estate, verb)


def _reference(key: str) -> str:
    return sys.stdin.readline().strip() if key == "-" else key.strip()
