"""What the audit log says of clients and their tokens: whose they are, never what proves them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from forecourt.actions.audit import AuditedAct, Deed, Facts
from forecourt.actions.credential import Revocation
from forecourt.actions.oauth.access_token import AccessToken
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.record import Record
from forecourt.edge.redaction import without_secrets


def client_added(held: HeldClient, record: Record) -> AuditedAct:
    """A client was given to an application."""
    return _act(Deed.CLIENT_ADD, held, record, after=_facts(held))


def client_revoked(held: HeldClient, revocation: Revocation) -> AuditedAct:
    """A client counts no more."""
    facts = _facts(held)
    return _act(
        Deed.CLIENT_REVOKE,
        held,
        _record_of(revocation),
        before={**facts, "revoked": None},
        after={**facts, "revoked": revocation.at.isoformat()},
    )


def secret_rotated(before: HeldClient, after: HeldClient, record: Record) -> AuditedAct:
    """A client has another secret, and the old one ends."""
    return _act(
        Deed.CLIENT_ROTATE,
        after,
        record,
        before={**_facts(before), "old_secret_until": _until(before)},
        after={**_facts(after), "old_secret_until": _until(after)},
    )


def secret_withdrawn(held: HeldClient, which: str, revocation: Revocation) -> AuditedAct:
    """One of a client's secrets proves it no more, `old` or `new`; the client goes on."""
    facts = _facts(held)
    return _act(
        Deed.CLIENT_REVOKE,
        held,
        _record_of(revocation),
        before={**facts, f"{which}_secret_withdrawn": None},
        after={**facts, f"{which}_secret_withdrawn": revocation.at.isoformat()},
    )


def about_token(deed: Deed, token: AccessToken, record: Record) -> AuditedAct:
    """A token was given out, or taken back."""
    facts: Facts = {
        "holder": f"client:{token.client}",
        "audience": list(token.audience),
        "scopes": None if token.scopes is None else list(token.scopes),
        "expires": token.expires_at.isoformat(),
    }
    is_issued = deed is Deed.TOKEN_ISSUE
    return AuditedAct(
        deed=deed,
        subject=token.id,
        record=record,
        before={} if is_issued else facts,
        after=facts if is_issued else {**facts, "revoked": record.at.isoformat()},
    )


def _act(
    deed: Deed,
    held: HeldClient,
    record: Record,
    *,
    before: Facts | None = None,
    after: Facts | None = None,
) -> AuditedAct:
    return AuditedAct(
        deed=deed, subject=held.client.id, record=record, before=before or {}, after=after or {}
    )


def _record_of(revocation: Revocation) -> Record:
    return Record(at=revocation.at, who=revocation.who or "", because=revocation.because)


def _facts(held: HeldClient) -> dict[str, Any]:
    client, application = held.client, held.application
    return {
        "proves_itself_by": "keys" if client.keys is not None else "a secret",
        "application": without_secrets(application.name),
        "application_id": application.id,
        "owner": str(application.owner),
        "plan": application.plan,
        "scopes": None if client.scopes is None else list(client.scopes),
        "is_test": client.is_test,
        "expires": _moment(client.expires_at),
    }


def _until(held: HeldClient) -> str | None:
    return None if held.client.former is None else _moment(held.client.former.until)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
