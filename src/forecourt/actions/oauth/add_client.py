"""Give an application a client: it gets access tokens by a secret, or by keys of its own."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.actions.api_key import key_digest
from forecourt.actions.credential import Application
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.issue_key import KeyRefused, KeyRequest, application_of, refusal
from forecourt.actions.issue_key import KeyRequestRefusal as Refusal
from forecourt.actions.oauth.client import Client, HeldClient, new_secret
from forecourt.actions.oauth.store import ClientAddition
from forecourt.actions.record import Record
from forecourt.compiler.ir.callers import Callers


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAdded:
    """What is remembered of it, and its secret, which nobody can read again; None: it has keys."""

    held: HeldClient
    secret: str | None


async def add_client(
    request: KeyRequest,
    *,
    keys: str | None,
    callers: Callers,
    store: ClientAddition,
    record: Record,
    entropy: Entropy,
) -> ClientAdded | KeyRefused:
    """Add a client, on the record, making the application if its owner has none of that name.

    What is asked for is as of a key. `keys` are the client's public ones (a JWKS); None: it gets a
    secret.
    """
    owner = application_of(request, callers)
    if isinstance(owner, KeyRefused):
        return owner
    if refused := refusal(request, record.at):
        return refused
    application = await store.application(owner, request.application)
    if application is None:
        application = Application(
            id=new_id("app", entropy),
            name=request.application,
            owner=owner,
            plan=request.plan,
            created_at=record.at,
        )
    elif request.plan not in (None, application.plan):
        known = () if application.plan is None else (application.plan,)
        return KeyRefused(reason=Refusal.OTHER_PLAN, given=request.application, known=known)
    secret = new_secret(entropy) if keys is None else None
    client = Client(
        id=new_id("client", entropy),
        application=application.id,
        secret_sha256=None if secret is None else key_digest(secret),
        keys=keys,
        scopes=None if request.scopes is None else tuple(sorted(set(request.scopes))),
        is_test=request.is_test,
        created_at=record.at,
        expires_at=request.expires_at,
    )
    held = await store.add_client(HeldClient(client=client, application=application), record)
    return ClientAdded(held=held, secret=secret)
