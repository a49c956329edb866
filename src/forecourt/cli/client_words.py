"""What is said of a client, in words and in columns of a table."""

from __future__ import annotations

from datetime import datetime

from forecourt.actions.oauth.client import Client, HeldClient

HEAD = ("ID", "PROOF", "APPLICATION", "OWNER", "SCOPES", "ADDED", "STATUS")


def columns(held: HeldClient, now: datetime) -> tuple[str, ...]:
    """A client's row below `HEAD`."""
    client, application = held.client, held.application
    return (
        client.id,
        "secret" if client.keys is None else "keys",
        application.name,
        str(application.owner),
        "-" if client.scopes is None else " ".join(client.scopes),
        f"{client.created_at:%Y-%m-%d}",
        _status(client, now),
    )


def plain_client(held: HeldClient, now: datetime) -> dict[str, object]:
    """All of it, for a program."""
    client, application = held.client, held.application
    return {
        "id": client.id,
        "proof": "secret" if client.keys is None else "keys",
        "application": application.id,
        "called": application.called,
        "plan": application.plan,
        "scopes": client.scopes,
        "added": client.created_at,
        "expires": client.expires_at,
        "revoked": None if client.revoked is None else client.revoked.at,
        "counts": client.counts(now),
    }


def _status(client: Client, now: datetime) -> str:
    """Whether it counts, and until when."""
    if (revoked := client.revoked) is not None:
        who = "" if revoked.who is None else f" by {revoked.who}"
        because = f" ({revoked.because})" if revoked.because else ""
        return f"revoked {revoked.at:%Y-%m-%d}{who}{because}"
    if client.expires_at is None:
        return "active"
    return f"{'until' if client.counts(now) else 'expired'} {client.expires_at:%Y-%m-%d}"
