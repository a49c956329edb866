"""`forecourt client`: what gets access tokens for an application (OAuth 2.0)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal, assert_never

import typer
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import import_key

from forecourt.actions.credential import Revocation
from forecourt.actions.issue_key import KeyRefused, KeyRequest
from forecourt.actions.oauth.add_client import add_client
from forecourt.actions.oauth.rotate_secret import NotRotated, SecretRotated, Which, rotate_secret
from forecourt.bootstrap import World
from forecourt.cli.against_store import EstateFolder, against_store
from forecourt.cli.client_words import (
    HEAD,
    NO_SUCH_CLIENT,
    columns,
    old_secret,
    plain_client,
    proof_left,
    why_no_new_secret,
)
from forecourt.cli.columns import print_columns
from forecourt.cli.day import Expires, beginning_of
from forecourt.cli.exit_codes import ExitCode, refuse
from forecourt.cli.key_refusals import why_not_issued
from forecourt.cli.owner import Developer, Partner, Plan, by_id, needed_owner, owner_of
from forecourt.cli.record import Because, on_record, who_acts
from forecourt.cli.span import span_of
from forecourt.cli.text_or_json import Form, TextOrJson, print_json
from forecourt.cli.words import word_option
from forecourt.edge.key_sets import UnusableKeys, key_set

app = typer.Typer(no_args_is_help=True, help="Clients that get access tokens (OAuth 2.0).")

_Client = Annotated[str, typer.Argument(metavar="ID", help="Its `client_id`.")]

_SHORTEST_RSA = 2048  # bits (NIST SP 800-131A)


@app.command()
def add(
    application: Annotated[str, typer.Option(metavar="NAME", help="What will call.")],
    developer: Developer = None,
    partner: Partner = None,
    plan: Plan = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help="It may get these scopes; else all that need no user."),
    ] = None,
    keys: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Its public keys (JWKS or PEM), in place of a secret."),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="A test client: the mock answers its tokens.")
    ] = False,
    expires: Expires = None,
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Add a client. Its secret goes to stdout, this once: nobody can read it again."""
    request = KeyRequest(
        owner=needed_owner(developer, partner),
        application=application,
        plan=plan,
        scopes=None if scope is None else tuple(scope),
        is_test=test,
        expires_at=beginning_of(expires),
    )
    public = None if keys is None else _public_keys(keys)

    async def verb(world: World) -> None:
        outcome = await add_client(
            request,
            keys=public,
            callers=await world.store.revisions.published_callers(),
            store=world.store.clients,
            record=on_record(world, because),
            entropy=world.entropy,
        )
        if isinstance(outcome, KeyRefused):
            refuse(why_not_issued(outcome), ExitCode.USAGE)
        if not world.signing_keys.access_tokens():
            world.signing_keys.add_access_token_key(world.clock())
        typer.echo(f"client_id={outcome.held.client.id}")
        if outcome.secret is not None:
            typer.echo(f"client_secret={outcome.secret}")
        told = f"for `{outcome.held.application.name}` of {outcome.held.application.owner}"
        told += ", answered by the mock" if test else ""
        once = ". The secret is shown this once." if outcome.secret is not None else ""
        typer.echo(f"{told}{once}", err=True)

    against_store(estate, verb)


@app.command(name="list")
def list_(
    developer: Developer = None,
    partner: Partner = None,
    estate: EstateFolder = Path(),
    form: Form = TextOrJson.TEXT,
) -> None:
    """List clients, oldest first, and who holds them."""
    owner = owner_of(developer, partner)

    async def verb(world: World) -> None:
        named = await by_id(owner, world)
        clients = [
            held
            for held in await world.store.clients.clients()
            if named is None or held.application.owner == named
        ]
        now = world.clock()
        if form is TextOrJson.JSON:
            print_json([plain_client(held, now) for held in clients])
            return
        if not clients:
            typer.echo("no clients; add one with `forecourt client add`", err=True)
            return
        print_columns([HEAD, *(columns(held, now) for held in clients)])

    against_store(estate, verb)


@app.command()
def rotate(
    client: _Client,
    overlap: Annotated[
        str, typer.Option(metavar="SPAN", help="How long the old one goes on: 30m, 24h, 7d.")
    ] = "24h",
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Give a client another secret, to stdout, and let the old one end after a while."""
    span = span_of(overlap, "--overlap")

    async def verb(world: World) -> None:
        outcome = await rotate_secret(
            client,
            span,
            store=world.store.clients,
            record=on_record(world, because),
            entropy=world.entropy,
        )
        match outcome:
            case SecretRotated(secret=secret, held=held):
                typer.echo(f"client_id={client}\nclient_secret={secret}")
                ending = old_secret(held.client, world.clock())
                typer.echo(
                    f"The secret is shown this once; {ending or 'the old one ended'}", err=True
                )
            case NotRotated():
                refuse(why_no_new_secret(client, outcome), ExitCode.USAGE)
            case _:
                assert_never(outcome)

    against_store(estate, verb)


@app.command()
def revoke(
    client: _Client,
    secret: Annotated[
        Which | None,
        word_option("--secret", Which, "One secret only; the client goes on."),
    ] = None,
    because: Because = None,
    estate: EstateFolder = Path(),
) -> None:
    """Withdraw a client and every token of it. The edge refuses them within a second."""

    async def verb(world: World) -> None:
        revocation = Revocation(at=world.clock(), who=who_acts(), because=because or "")
        if secret is not None:
            await _withdraw_secret(world, client, secret, revocation)
        elif await world.store.clients.revoke_client(client, revocation) is not None:
            typer.echo(f"revoked {client}", err=True)
        elif await world.store.clients.client(client) is not None:
            typer.echo(f"{client} was revoked before", err=True)
        else:
            refuse(NO_SUCH_CLIENT, ExitCode.USAGE)

    against_store(estate, verb)


async def _withdraw_secret(world: World, id: str, which: Which, revocation: Revocation) -> None:
    held = await world.store.clients.client(id)
    if held is None:
        refuse(NO_SUCH_CLIENT, ExitCode.USAGE)
    left = await world.store.clients.withdraw_secret(held.client, which, revocation)
    if left is None:
        refuse(f"{id} has no {which.value} secret; see `forecourt client list`", ExitCode.USAGE)
    typer.echo(
        f"withdrew the {which.value} secret of {id}; {proof_left(left.client, world.clock())}",
        err=True,
    )


def _public_keys(path: Path) -> str:
    """The keys of a file as a JWKS."""
    try:
        text = path.read_bytes()
        if text.lstrip().startswith(b"-----BEGIN"):
            public = import_key(text, _kind_of(text)).as_dict(private=False)
            text = json.dumps({"keys": [public]}).encode()
        return _strong(key_set(text))
    except (UnusableKeys, JoseError, ValueError, TypeError) as error:
        refuse(
            f"`{path}` holds no public keys that can be used: {error}; give a JWKS or a PEM file",
            ExitCode.USAGE,
        )


def _kind_of(pem: bytes) -> Literal["RSA", "EC", "OKP"]:
    """What joserfc must be told of a PEM file. Raises `ValueError`."""
    match load_pem_public_key(pem):
        case RSAPublicKey():
            return "RSA"
        case EllipticCurvePublicKey():
            return "EC"
        case Ed25519PublicKey():
            return "OKP"
        case _:
            raise ValueError("it is of another kind than RSA, EC and Ed25519")


def _strong(keys: str) -> str:
    """The same, where no key is too short. Raises `ValueError`."""
    for key in json.loads(keys)["keys"]:
        if key["kty"] == "RSA" and len(key["n"]) * 6 < _SHORTEST_RSA:
            raise ValueError(f"an RSA key has fewer than {_SHORTEST_RSA} bits")
    return keys
