"""Clients of the authorization server, and what of their tokens counts no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.announce import NewsKind
from forecourt.actions.audit import Deed
from forecourt.actions.clocks import SET_BACK
from forecourt.actions.credential import Application, Owner, OwnerKind, Revocation
from forecourt.actions.oauth.access_token import AccessToken
from forecourt.actions.oauth.client import Client, FormerSecret, HeldClient
from forecourt.actions.oauth.client_assertion import Assertion
from forecourt.actions.oauth.rotate_secret import Which, without_secret
from forecourt.actions.record import Record
from forecourt.store.applications import SqlApplications, add_application
from forecourt.store.audit import AuditLog
from forecourt.store.audited_clients import (
    about_token,
    client_added,
    client_revoked,
    secret_rotated,
    secret_withdrawn,
)
from forecourt.store.client_proofs import ClientProofs, forget_proofs
from forecourt.store.database import Database
from forecourt.store.news import add_news
from forecourt.store.schema import applications, oauth_clients, revoked_tokens, used_assertions

_A, _C, _T, _U = applications.c, oauth_clients.c, revoked_tokens.c, used_assertions.c
_HELD = select(
    oauth_clients,
    _A.name.label("application_name"),
    _A.owner_kind,
    _A.owner_name,
    _A.plan,
    _A.created_at.label("application_created_at"),
).join(applications)
_BY_ID = _HELD.where(_C.id == bindparam("id"))
_ALL = _HELD.order_by(_C.created_at, _C.id)
_REVOKED = select(_T.id).where(_T.id == bindparam("id"))


class SqlClients(ClientProofs):
    """Clients, kept in a database."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        super().__init__(database)
        self._audit = audit
        self._applications = SqlApplications(database, audit)

    async def application(self, owner: Owner, name: str) -> Application | None:
        """The owner's application of that name."""
        return await self._applications.application(owner, name)

    async def client(self, id: str) -> HeldClient | None:
        """As `KnownClients` says."""
        row = await self._database.row(_BY_ID, {"id": id})
        return None if row is None else _held(row)

    async def clients(self) -> tuple[HeldClient, ...]:
        """Every client, oldest first."""
        return tuple(map(_held, await self._database.rows(_ALL)))

    async def is_token_revoked(self, id: str) -> bool:
        """As `KnownClients` says."""
        return await self._database.row(_REVOKED, {"id": id}) is not None

    async def add_client(self, held: HeldClient, record: Record) -> HeldClient:
        """As `ClientAddition` says."""
        async with self._audit.acting() as act:
            application = await add_application(act.connection, held.application)
            row = _row(held.client, application.id)
            await act.connection.execute(insert(oauth_clients), row)
            added = _held((await act.connection.execute(_BY_ID, {"id": held.client.id})).one())
            await act.record(client_added(added, record))
            return added

    async def revoke_client(self, id: str, revocation: Revocation) -> HeldClient | None:
        """Withdraw a client that stands, with news of its application. None: it did not stand."""
        standing = update(oauth_clients).where(_C.id == id, _C.revoked_at.is_(None))
        async with self._audit.acting() as act:
            found = await act.connection.execute(standing.values(_revoked_row(revocation)))
            if found.rowcount == 0:
                return None
            held = _held((await act.connection.execute(_BY_ID, {"id": id})).one())
            news = NewsKind.APPLICATION, held.application.id
            await add_news(act.connection, *news, revocation.at)
            await forget_proofs(act.connection, id)
            await act.record(client_revoked(held, revocation))
            return held

    async def rotate_secret(
        self, before: Client, secret_sha256: str, former: FormerSecret | None, record: Record
    ) -> HeldClient | None:
        """As `SecretRotation` says."""
        after = replace(before, secret_sha256=secret_sha256, former=former)
        async with self._audit.acting() as act:
            old = await _with_secrets(act.connection, before, after)
            if old is None:
                return None
            held = replace(old, client=replace(old.client, **_secrets_of(after)))
            await act.record(secret_rotated(old, held, record))
            return held

    async def withdraw_secret(
        self, before: Client, which: Which, revocation: Revocation
    ) -> HeldClient | None:
        """Lets one of a client's secrets prove it no more. None: it has none such, or its secrets
        are not those of `before` any more."""
        after = without_secret(before, which, revocation.at)
        if after is None:
            return None
        async with self._audit.acting() as act:
            old = await _with_secrets(act.connection, before, after)
            if old is None:
                return None
            held = replace(old, client=replace(old.client, **_secrets_of(after)))
            await act.record(secret_withdrawn(held, which.value, revocation))
            return held

    async def use_assertion(self, assertion: Assertion, now: datetime) -> bool:
        """As `Tokens` says. What is used up and ended long ago is forgotten."""
        row = {"digest": assertion.digest, "expires_at": assertion.expires_at}
        async with self._database.writing() as connection:
            await connection.execute(delete(used_assertions).where(_U.expires_at < now - SET_BACK))
            try:
                async with connection.begin_nested():
                    await connection.execute(insert(used_assertions), row)
            except IntegrityError:
                return False
        return True

    async def record_grant(self, token: AccessToken, record: Record) -> None:
        """As `Tokens` says."""
        await self._audit.record(about_token(Deed.TOKEN_ISSUE, token, record))

    async def revoke_token(self, token: AccessToken, record: Record) -> None:
        """As `Tokens` says. Those that ended long ago are forgotten. Edges know a token by its
        client, and ask again about all of it."""
        row = {"id": token.id, "expires_at": token.expires_at}
        async with self._audit.acting() as act:
            past = delete(revoked_tokens).where(_T.expires_at < record.at - SET_BACK)
            await act.connection.execute(past)
            try:
                async with act.connection.begin_nested():
                    await act.connection.execute(insert(revoked_tokens), row)
            except IntegrityError:
                return
            await add_news(act.connection, NewsKind.CREDENTIAL, token.client, record.at)
            await act.record(about_token(Deed.TOKEN_REVOKE, token, record))


async def _with_secrets(
    connection: AsyncConnection, before: Client, after: Client
) -> HeldClient | None:
    """Gives a client that stands other secrets; the client before. None: it does not stand, or
    somebody was faster."""
    ours, theirs = _secret_row(after), _secret_row(before)
    same = [_C.id == before.id, _C.revoked_at.is_(None)]
    same += [_C[name].is_not_distinct_from(value) for name, value in theirs.items()]
    row = (await connection.execute(_BY_ID, {"id": before.id})).one_or_none()
    changed = await connection.execute(update(oauth_clients).where(*same).values(**ours))
    return None if row is None or changed.rowcount == 0 else _held(row)


def _secrets_of(client: Client) -> dict[str, Any]:
    return {"secret_sha256": client.secret_sha256, "former": client.former}


def _secret_row(client: Client) -> dict[str, Any]:
    former = client.former
    return {
        "secret_sha256": client.secret_sha256,
        "former_sha256": None if former is None else former.sha256,
        "former_until": None if former is None else former.until,
    }


def _row(client: Client, application: str) -> dict[str, object]:
    return {
        "id": client.id,
        "application": application,
        **_secret_row(client),
        "keys": client.keys,
        "scopes": None if client.scopes is None else " ".join(client.scopes),
        "is_test": client.is_test,
        "created_at": client.created_at,
        "expires_at": client.expires_at,
        **(_revoked_row(client.revoked) if client.revoked else {}),
    }


def _revoked_row(revocation: Revocation) -> dict[str, object]:
    return {
        "revoked_at": revocation.at,
        "revoked_by": revocation.who,
        "revoked_because": revocation.because,
    }


def _former(row: Row[Any]) -> FormerSecret:
    return FormerSecret(sha256=row.former_sha256, until=row.former_until)


def _held(row: Row[Any]) -> HeldClient:
    revoked = None
    if row.revoked_at is not None:
        because = row.revoked_because or ""
        revoked = Revocation(at=row.revoked_at, who=row.revoked_by, because=because)
    return HeldClient(
        client=Client(
            id=row.id,
            application=row.application,
            secret_sha256=row.secret_sha256,
            former=None if row.former_sha256 is None else _former(row),
            keys=row.keys,
            scopes=None if row.scopes is None else tuple(row.scopes.split()),
            is_test=row.is_test,
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked=revoked,
        ),
        application=Application(
            id=row.application,
            name=row.application_name,
            owner=Owner(kind=OwnerKind(row.owner_kind), name=row.owner_name),
            plan=row.plan,
            created_at=row.application_created_at,
        ),
    )
