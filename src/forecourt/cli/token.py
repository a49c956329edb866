"""`forecourt token`: tokens for services, and on one's own machine for clients of an issuer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, assert_never

import typer

from forecourt.actions.audit import AuditedAct, Deed
from forecourt.actions.issue_local_token import (
    Holder,
    UndeclaredIssuer,
    UnnamedClient,
    issue_local_token,
)
from forecourt.actions.issue_token import (
    LifetimeOutOfRange,
    TokenIssued,
    UndeclaredService,
    issue_token,
)
from forecourt.actions.record_token import record_token
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.record import Because, on_record
from forecourt.cli.words import number_option
from forecourt.governance.nearest import did_you_mean

app = typer.Typer(no_args_is_help=True, help="Tokens for the internal listener, and local ones.")

Outcome = TokenIssued | UndeclaredService | UndeclaredIssuer | UnnamedClient | LifetimeOutOfRange


@app.callback()
def token() -> None:
    """Tokens for the internal listener, and local ones."""


@app.command()
def issue(
    service: Annotated[
        str | None, typer.Option(metavar="NAME", help="The service that will call.")
    ] = None,
    issuer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The declared issuer to stand in for (`up --local`)."),
    ] = None,
    client: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --issuer: the application.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --issuer: the person.")
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="With --issuer: what it grants; may be repeated."),
    ] = None,
    minutes: Annotated[
        int,
        number_option("--minutes", 1, 60, "How long it counts."),
    ] = 10,
    estate: EstateFolder = Path(),
) -> None:
    """Issue a token for a service, or as a declared issuer would. It goes to stdout."""
    lifetime = timedelta(minutes=minutes)
    if (service is None) == (issuer is None):
        refuse("name either `--service NAME` or `--issuer NAME --client NAME`", ExitCode.USAGE)
    if service is not None and (client is not None or subject is not None or scope):
        refuse(
            "`--client`, `--subject` and `--scope` belong to `--issuer`; leave them out",
            ExitCode.USAGE,
        )

    async def verb(world: World) -> None:
        callers = await world.store.revisions.published_callers()
        now, entropy, keys = world.clock(), world.entropy, world.signing_keys
        outcome: Outcome
        if service is not None:
            outcome = issue_token(
                service,
                callers=callers,
                key=keys.internal(),
                now=now,
                entropy=entropy,
                lifetime=lifetime,
            )
            await _record(world, outcome, f"service:{service}")
            _tell(outcome, service)
        elif issuer is not None:
            if not keys.stands_in_for_issuers:
                refuse(
                    f"only `{issuer}` signs its tokens; "
                    "start with `forecourt up --local` to have it played here",
                    ExitCode.USAGE,
                )
            outcome = issue_local_token(
                issuer,
                holder=Holder(client=client or "", subject=subject, scopes=tuple(scope or ())),
                callers=callers,
                key_of=keys.local_issuer,
                now=now,
                entropy=entropy,
                lifetime=lifetime,
            )
            await _record(world, outcome, f"application:{client} of {issuer}")
            _tell(outcome, issuer)

    against_store(estate, verb)


@app.command()
def rotate(because: Because = None, estate: EstateFolder = Path()) -> None:
    """Make a new key for access tokens. The edge knows it before it signs; old ones verify on."""

    async def verb(world: World) -> None:
        if not world.signing_keys.access_tokens():
            refuse("nobody gets access tokens yet; see `forecourt client add`", ExitCode.USAGE)
        made = world.signing_keys.add_access_token_key(world.clock())
        await world.store.audit.record(
            AuditedAct(
                deed=Deed.TOKEN_ROTATE, subject=made.key.id, record=on_record(world, because)
            )
        )
        typer.echo(f"made {made.key.id}; it signs in a minute", err=True)

    against_store(estate, verb)


async def _record(world: World, outcome: Outcome, holder: str) -> None:
    if isinstance(outcome, TokenIssued):
        await record_token(outcome, holder=holder, audit=world.store.audit, record=on_record(world))


def _tell(outcome: Outcome, given: str) -> None:
    match outcome:
        case TokenIssued(token=text, expires_at=expires_at):
            typer.echo(text)
            typer.echo(f"for `{given}`, until {expires_at:%Y-%m-%d %H:%M:%S} UTC", err=True)
        case UndeclaredService(known=known):
            refuse(_undeclared("service", given, known, "services.yaml"), ExitCode.USAGE)
        case UndeclaredIssuer(known=known):
            refuse(_undeclared("issuer", given, known, "forecourt.yaml"), ExitCode.USAGE)
        case UnnamedClient():
            refuse("a token names an application; add `--client NAME`", ExitCode.USAGE)
        case LifetimeOutOfRange():
            refuse("a token counts for 1 to 60 minutes; choose `--minutes` so", ExitCode.USAGE)
        case _:
            assert_never(outcome)


def _undeclared(what: str, given: str, known: tuple[str, ...], file: str) -> str:
    declared = f"which is not one of {', '.join(known)}" if known else "and none is published"
    way_out = did_you_mean(given, known, f"declare it in {file} and publish it first")
    return f"the {what} is `{given}`, {declared}; {way_out}"
