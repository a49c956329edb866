"""The keys that applications hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Row

from forecourt.actions.announce import NewsKind
from forecourt.actions.credential import (
    Application,
    Credential,
    HeldKey,
    Owner,
    OwnerKind,
    Revocation,
)
from forecourt.actions.record import Record
from forecourt.store.applications import SqlApplications, add_application, application_row
from forecourt.store.audited_keys import (
    key_issued,
    key_revoked,
    key_rotated,
    keys_imported,
)
from forecourt.store.news import add_news
from forecourt.store.schema import applications, credentials

_A, _C = applications.c, credentials.c
_KEYS = select(credentials)
_HELD = select(
    credentials,
    _A.name.label("application_name"),
    _A.owner_kind,
    _A.owner_name,
    _A.plan,
    _A.created_at.label("application_created_at"),
).join(applications)
# Built once: a statement that is the same object each time is compiled only once.
_HELD_BY_DIGEST = _HELD.where(_C.sha256 == bindparam("sha256"))
_HELD_BY_ID = _HELD.where(_C.id == bindparam("id"))
_HELD_BY_PREFIX = _HELD.where(_C.prefix == bindparam("prefix")).order_by(_C.created_at, _C.id)
_BY_DIGEST = _KEYS.where(_C.sha256 == bindparam("sha256"))
_BY_ID = _KEYS.where(_C.id == bindparam("id"))
_BY_PREFIX = _KEYS.where(_C.prefix == bindparam("prefix")).order_by(_C.created_at, _C.id)


class SqlCredentials(SqlApplications):
    """Applications and their keys, kept in a database."""

    async def held_key(self, sha256: str) -> HeldKey | None:
        """The key with that digest, and the application that holds it."""
        row = await self._database.row(_HELD_BY_DIGEST, {"sha256": sha256})
        return None if row is None else _held(row)

    async def held_key_by_id(self, id: str) -> HeldKey | None:
        """The key with that id, and the application that holds it."""
        row = await self._database.row(_HELD_BY_ID, {"id": id})
        return None if row is None else _held(row)

    async def held_keys_by_prefix(self, prefix: str) -> tuple[HeldKey, ...]:
        """Every key whose shown part is `prefix`, oldest first, with its application."""
        return tuple(map(_held, await self._database.rows(_HELD_BY_PREFIX, {"prefix": prefix})))

    async def key_by_digest(self, sha256: str) -> Credential | None:
        """The key with that digest."""
        row = await self._database.row(_BY_DIGEST, {"sha256": sha256})
        return None if row is None else _credential(row)

    async def key_by_id(self, id: str) -> Credential | None:
        """The key with that id."""
        row = await self._database.row(_BY_ID, {"id": id})
        return None if row is None else _credential(row)

    async def keys_by_prefix(self, prefix: str) -> tuple[Credential, ...]:
        """Every key whose shown part is `prefix`, oldest first."""
        return tuple(map(_credential, await self._database.rows(_BY_PREFIX, {"prefix": prefix})))

    async def keys(self, owner: Owner | None) -> tuple[HeldKey, ...]:
        """Every key, or those of one owner; oldest first."""
        statement = _HELD.order_by(_C.created_at, _C.id)
        if owner is not None:
            statement = statement.where(
                _A.owner_kind == owner.kind.value, _A.owner_name == owner.name
            )
        return tuple(map(_held, await self._database.rows(statement)))

    async def add_key(self, held: HeldKey, sha256: str, record: Record) -> HeldKey:
        """Remember a key, with its application unless the owner has one of that name."""
        async with self._audit.acting() as act:
            application = await add_application(act.connection, held.application)
            key = _key_row(held.credential, application.id, sha256)
            await act.connection.execute(insert(credentials), key)
            row = (await act.connection.execute(_HELD_BY_DIGEST, {"sha256": sha256})).one()
            added = _held(row)
            await act.record(key_issued(added, record))
            return added

    async def add_keys(self, keys: Iterable[tuple[HeldKey, str]], record: Record) -> None:
        """Remember many keys of new applications at once, each with its digest."""
        held = list(keys)
        owned = {h.application.id: application_row(h.application) for h, _ in held}
        rows = [_key_row(h.credential, h.application.id, sha256) for h, sha256 in held]
        async with self._audit.acting() as act:
            await act.connection.execute(insert(applications), list(owned.values()))
            await act.connection.execute(insert(credentials), rows)
            await act.record(keys_imported([h.credential for h, _ in held], record))

    async def rotate(
        self, id: str, ends_at: datetime, new: HeldKey, sha256: str, record: Record
    ) -> HeldKey | None:
        """Remember the key that takes the place of one that stands, and let that end then, with
        news of it; None where it did not stand, or has a successor."""
        standing = update(credentials).where(
            _C.id == id, _C.revoked_at.is_(None), _C.replaced_by.is_(None)
        )
        ending = standing.values(expires_at=ends_at, replaced_by=new.credential.id)
        async with self._audit.acting() as act:
            before = (await act.connection.execute(_HELD_BY_ID, {"id": id})).one_or_none()
            if before is None or (await act.connection.execute(ending)).rowcount == 0:
                return None
            key = _key_row(new.credential, before.application, sha256)
            await act.connection.execute(insert(credentials), key)
            await add_news(act.connection, NewsKind.CREDENTIAL, id, record.at)
            added = _held(
                (await act.connection.execute(_HELD_BY_ID, {"id": new.credential.id})).one()
            )
            await act.record(key_rotated(_held(before), added, ends_at, record))
            return added

    async def revoke(self, id: str, revocation: Revocation) -> Credential | None:
        """Withdraw a key that stands, and say so in the news; None where it did not stand."""
        standing = update(credentials).where(_C.id == id, _C.revoked_at.is_(None))
        statement = standing.values(_revoked_row(revocation))
        async with self._audit.acting() as act:
            if (await act.connection.execute(statement)).rowcount == 0:
                return None
            await add_news(act.connection, NewsKind.CREDENTIAL, id, revocation.at)
            held = _held((await act.connection.execute(_HELD_BY_ID, {"id": id})).one())
            await act.record(key_revoked(held, revocation))
            return held.credential


def _key_row(credential: Credential, application: str, sha256: str) -> dict[str, object]:
    return {
        "id": credential.id,
        "sha256": sha256,
        "prefix": credential.prefix,
        "last_four": credential.last_four,
        "application": application,
        "scopes": None if credential.scopes is None else " ".join(credential.scopes),
        "is_test": credential.is_test,
        "created_at": credential.created_at,
        "expires_at": credential.expires_at,
        "name": credential.name or None,
        "apis": None if credential.apis is None else " ".join(credential.apis),
        "addresses": " ".join(credential.addresses) or None,
        **_revoked_row(credential.revoked),
    }


def _revoked_row(revocation: Revocation | None) -> dict[str, object]:
    return {
        "revoked_at": None if revocation is None else revocation.at,
        "revoked_by": None if revocation is None else revocation.who,
        "revoked_because": None if revocation is None else revocation.because,
    }


def _credential(row: Row[Any]) -> Credential:
    return Credential(
        id=row.id,
        prefix=row.prefix,
        last_four=row.last_four,
        application=row.application,
        scopes=None if row.scopes is None else tuple(row.scopes.split()),
        is_test=row.is_test,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked=None if row.revoked_at is None else _revocation(row),
        name=row.name or "",
        apis=None if row.apis is None else tuple(row.apis.split()),
        addresses=() if row.addresses is None else tuple(row.addresses.split()),
        last_used_at=row.last_used_at,
        replaced_by=row.replaced_by,
    )


def _revocation(row: Row[Any]) -> Revocation:
    return Revocation(at=row.revoked_at, who=row.revoked_by, because=row.revoked_because or "")


def _held(row: Row[Any]) -> HeldKey:
    application = Application(
        id=row.application,
        name=row.application_name,
        owner=Owner(kind=OwnerKind(row.owner_kind), name=row.owner_name),
        plan=row.plan,
        created_at=row.application_created_at,
    )
    return HeldKey(credential=_credential(row), application=application)
