"""`forecourt key`: give applications keys, see them, withdraw them."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.credential import HeldKey, Owner, OwnerKind, Revocation
from forecourt.actions.issue_key import (
    KeyIssued,
    KeyRefused,
    KeyRequest,
    KeyRequestRefusal,
    issue_key,
)
from forecourt.actions.list_keys import list_keys
from forecourt.actions.revoke_key import (
    AlreadyRevoked,
    AmbiguousKey,
    KeyRevoked,
    NoSuchKey,
    revoke_key,
)
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.formats.report import printable
from forecourt.cli.record import Because, on_record, who_acts
from forecourt.governance.nearest import did_you_mean

app = typer.Typer(no_args_is_help=True, help="Keys of partners and developers.")

_Developer = Annotated[
    str | None, typer.Option(metavar="NAME", help="The developer whose application it is.")
]
_Partner = Annotated[
    str | None, typer.Option(metavar="NAME", help="The partner whose application it is.")
]


@app.command()
def issue(
    application: Annotated[str, typer.Option(metavar="NAME", help="What will call.")],
    developer: _Developer = None,
    partner: _Partner = None,
    plan: Annotated[
        str | None,
        typer.Option(metavar="PLAN", help="A developer's plan; else the standard limit."),
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="Give these scopes only; else all that need no user."),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="A test key, `fc_test_…`: the mock answers.")
    ] = False,
    expires: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The first day (UTC) on which it no longer counts."),
    ] = None,
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Issue a key. It goes to stdout, this once: nobody can read it again."""
    owner = _owner(developer, partner)
    if owner is None:
        refuse(
            "nobody owns the application; add `--developer NAME` or `--partner NAME`",
            ExitCode.USAGE,
        )
    request = KeyRequest(
        owner=owner,
        application=application,
        plan=plan,
        scopes=None if scope is None else tuple(scope),
        is_test=test,
        expires_at=_day(expires),
    )

    async def verb(world: World) -> None:
        callers = await world.store.revisions.published_callers()
        outcome = await issue_key(
            request,
            callers=callers,
            store=world.store.credentials,
            record=on_record(world, because),
            entropy=world.entropy,
        )
        match outcome:
            case KeyIssued(key=key, held=held):
                typer.echo(key)
                typer.echo(f"{_told(held)}. It is shown this once.", err=True)
            case KeyRefused():
                refuse(_why_not(outcome), ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)


@app.command(name="list")
def list_(
    developer: _Developer = None, partner: _Partner = None, estate: EstateFolder = Path()
) -> None:
    """List keys, oldest first: what may be shown of them, and who holds them."""
    owner = _owner(developer, partner)

    async def verb(world: World) -> None:
        named = owner
        if owner is not None and owner.kind is OwnerKind.PARTNER:
            callers = await world.store.revisions.published_callers()
            ids = {p.name: p.id for p in callers.partners}
            named = Owner(kind=owner.kind, name=ids.get(owner.name, owner.name))
        keys = await list_keys(world.store.credentials, owner=named)
        if not keys:
            typer.echo("no keys; issue one with `forecourt key issue`", err=True)
            return
        now = world.clock()
        head = ("ID", "KEY", "APPLICATION", "OWNER", "PLAN", "ISSUED", "STATUS")
        _print_columns([head, *(_columns(held, now) for held in keys)])

    against_store(estate, verb)


@app.command()
def revoke(
    key: Annotated[
        str,
        typer.Argument(help="Its id, the part of it that is shown, or itself; `-` reads stdin."),
    ],
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Withdraw a key. The edge refuses it within a second. Who did it goes on the record."""
    reference = sys.stdin.readline().strip() if key == "-" else key.strip()

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
                refuse("no key is or begins so; see `forecourt key list`", ExitCode.USAGE)
            case AmbiguousKey(candidates=candidates):
                ids = ", ".join(c.id for c in candidates)
                refuse(
                    f"{len(candidates)} keys begin so; name one by its id: {ids}", ExitCode.USAGE
                )
            case _:
                assert_never(outcome)

    against_store(estate, verb)


def _owner(developer: str | None, partner: str | None) -> Owner | None:
    if developer is not None and partner is not None:
        refuse(
            "an application has one owner; leave `--developer` or `--partner` out", ExitCode.USAGE
        )
    if developer is not None:
        return Owner(kind=OwnerKind.DEVELOPER, name=developer)
    if partner is not None:
        return Owner(kind=OwnerKind.PARTNER, name=partner)
    return None


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        refuse(
            f"`--expires` is `{text}`, which is not a date; write it as 2030-12-31", ExitCode.USAGE
        )
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _why_not(refused: KeyRefused) -> str:
    given, known = refused.given, refused.known
    declared = f"which is not one of {', '.join(known)}" if known else "and none is published"
    match refused.reason:
        case KeyRequestRefusal.BAD_DEVELOPER_NAME:
            return (
                f"the developer is `{given}`, which cannot be a name; "
                "use up to 100 letters, digits and any of `._@+-`"
            )
        case KeyRequestRefusal.BAD_APPLICATION_NAME:
            return (
                f"the application is `{given}`, which cannot be a name; "
                "use up to 100 characters that can be printed"
            )
        case KeyRequestRefusal.BAD_SCOPE:
            return f"the scope is `{given}`, which is not one word; repeat `--scope` for each"
        case KeyRequestRefusal.UNKNOWN_PARTNER:
            way_out = did_you_mean(given, known, "declare it in partners/ and publish it first")
            return f"the partner is `{given}`, {declared}; {way_out}"
        case KeyRequestRefusal.UNKNOWN_PLAN:
            way_out = did_you_mean(given, known, "declare it in plans.yaml and publish it first")
            return f"the plan is `{given}`, {declared}; {way_out}"
        case KeyRequestRefusal.PLAN_OF_A_PARTNER:
            return f"`--plan {given}` is for developers; leave it out: a contract says the limit"
        case KeyRequestRefusal.OTHER_PLAN:
            plan = f"on plan `{known[0]}`" if known else "on no plan"
            return f"application `{given}` is {plan} already; leave `--plan` out"
        case KeyRequestRefusal.EXPIRED_ALREADY:
            return f"`--expires` is {given}, which is past; name a day to come"
        case _:
            assert_never(refused.reason)


def _told(held: HeldKey) -> str:
    application, plan = held.application, held.application.plan
    on_plan = f", plan {plan}" if plan is not None else ""
    answers = ", answered by the mock" if held.credential.is_test else ""
    return f"{held.credential.id} for `{application.name}` of {application.owner}{on_plan}{answers}"


def _columns(held: HeldKey, now: datetime) -> tuple[str, ...]:
    credential, application = held.credential, held.application
    return (
        credential.id,
        credential.shown,
        application.name,
        str(application.owner),
        application.plan or "-",
        f"{credential.created_at:%Y-%m-%d}",
        _status(held, now),
    )


def _status(held: HeldKey, now: datetime) -> str:
    credential = held.credential
    if (revoked := credential.revoked) is not None:
        who = "" if revoked.who is None else f" by {revoked.who}"
        because = f" ({revoked.because})" if revoked.because else ""
        return printable(f"revoked {revoked.at:%Y-%m-%d}{who}{because}")
    if credential.expires_at is None:
        return "active"
    verb = "expired" if credential.expires_at <= now else "until"
    return f"{verb} {credential.expires_at:%Y-%m-%d}"


def _print_columns(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(padded).rstrip())
