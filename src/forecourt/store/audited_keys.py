"""What the audit log says of keys: whose they are and what they may, never what they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from forecourt.actions.audit import AuditedAct, Deed, Facts
from forecourt.actions.credential import Credential, HeldKey, Revocation
from forecourt.actions.record import Record
from forecourt.edge.redaction import without_secrets


def key_issued(held: HeldKey, record: Record) -> AuditedAct:
    """A key was given to an application."""
    return AuditedAct(
        deed=Deed.KEY_ISSUE, subject=held.credential.id, record=record, after=_facts(held)
    )


def keys_imported(keys: Sequence[Credential], record: Record) -> AuditedAct:
    """Many keys were added at once: how many, and a digest that only the same ones give."""
    ids = "\n".join(sorted(key.id for key in keys))
    after: Facts = {"keys": len(keys), "ids_sha256": sha256(ids.encode()).hexdigest()}
    return AuditedAct(deed=Deed.KEY_IMPORT, subject="keys", record=record, after=after)


def key_rotated(old: HeldKey, new: HeldKey, ends_at: datetime, record: Record) -> AuditedAct:
    """Another key takes the place of one, which ends then."""
    facts = _facts(old)
    return AuditedAct(
        deed=Deed.KEY_ROTATE,
        subject=old.credential.id,
        record=record,
        before={**facts, "replaced_by": None},
        after={
            **facts,
            "expires": ends_at.isoformat(),
            "replaced_by": new.credential.id,
            "new_key": new.credential.shown,
            "new_expires": _moment(new.credential.expires_at),
        },
    )


def key_revoked(held: HeldKey, revocation: Revocation) -> AuditedAct:
    """A key counts no more."""
    record = Record(
        at=revocation.at, who=revocation.who or "nobody known", because=revocation.because
    )
    facts = _facts(held)
    return AuditedAct(
        deed=Deed.KEY_REVOKE,
        subject=held.credential.id,
        record=record,
        before={**facts, "revoked": None},
        after={**facts, "revoked": revocation.at.isoformat()},
    )


def _facts(held: HeldKey) -> Facts:
    key, application = held.credential, held.application
    return {
        "key": key.shown,
        "application": without_secrets(application.name),
        "application_id": application.id,
        "owner": str(application.owner),
        "plan": application.plan,
        "scopes": None if key.scopes is None else list(key.scopes),
        "name": without_secrets(key.name),
        "apis": None if key.apis is None else list(key.apis),
        "addresses": list(key.addresses),
        "is_test": key.is_test,
        "expires": _moment(key.expires_at),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
