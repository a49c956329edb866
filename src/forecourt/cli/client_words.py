"""What is said of a client, in words and in columns of a table."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from forecourt.actions.oauth.client import Client, HeldClient
from forecourt.actions.oauth.rotate_secret import NoNewSecret, NotRotated
from forecourt.actions.rotate_key import LONGEST_OVERLAP

NO_SUCH_CLIENT = "no client is called so; see `forecourt client list`"

HEAD = ("ID", "MODE", "PROOF", "APPLICATION", "OWNER", "SCOPES", "ADDED", "STATUS")


def columns(held: HeldClient, now: datetime) -> tuple[str, ...]:
    """A client's row below `HEAD`."""
    client, application = held.client, held.application
    return (
        client.id,
        "test" if client.is_test else "live",
        _proof(client, now),
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
        "old_secret_until": None if (old := client.old_secret(now)) is None else old.until,
        "application": application.id,
        "called": application.called,
        "plan": application.plan,
        "scopes": client.scopes,
        "test": client.is_test,
        "added": client.created_at,
        "expires": client.expires_at,
        "revoked": None if client.revoked is None else client.revoked.at,
        "counts": client.counts(now),
    }


def old_secret(client: Client, now: datetime) -> str | None:
    """Until when the secret before goes on; None where it does not."""
    old = client.old_secret(now)
    return None if old is None else f"the old one goes on until {old.until:%Y-%m-%d %H:%M} UTC"


def proof_left(client: Client, now: datetime) -> str:
    """What still proves it, where a secret was withdrawn."""
    if client.secret_sha256 is not None:
        return "the new one goes on"
    return (
        old_secret(client, now) or f"nothing proves it before `forecourt client rotate {client.id}`"
    )


def why_no_new_secret(id: str, refused: NotRotated) -> str:
    """Why a client goes on with what it has, and the way out."""
    match refused.reason:
        case NoNewSecret.UNKNOWN:
            return NO_SUCH_CLIENT
        case NoNewSecret.HAS_KEYS:
            return f"{id} has keys of its own and no secret; add another client with `--keys`"
        case NoNewSecret.REVOKED:
            return f"{id} was revoked; add another with `forecourt client add`"
        case NoNewSecret.EXPIRED:
            return f"{id} has expired; add another with `forecourt client add`"
        case NoNewSecret.ROTATED_ALREADY:
            return (
                f"{id} has an old secret that goes on;"
                f" `forecourt client revoke {id} --secret old` ends it"
            )
        case NoNewSecret.OVERLAP:
            return f"`--overlap` is at most {LONGEST_OVERLAP.days}d"
        case _:
            assert_never(refused.reason)


def _proof(client: Client, now: datetime) -> str:
    """What proves it: of secrets the new, the old while it goes on, or both."""
    if client.keys is not None:
        return "keys"
    has_old = client.old_secret(now) is not None
    if client.secret_sha256 is None:
        return "old secret" if has_old else "none"
    return "two secrets" if has_old else "secret"


def _status(client: Client, now: datetime) -> str:
    """Whether it counts, and until when."""
    if (revoked := client.revoked) is not None:
        who = "" if revoked.who is None else f" by {revoked.who}"
        because = f" ({revoked.because})" if revoked.because else ""
        return f"revoked {revoked.at:%Y-%m-%d}{who}{because}"
    if client.expires_at is None:
        return "active"
    return f"{'until' if client.counts(now) else 'expired'} {client.expires_at:%Y-%m-%d}"
