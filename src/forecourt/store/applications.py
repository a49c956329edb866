"""Applications, and whose they are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from forecourt.actions.audit import AuditedAct, Deed
from forecourt.actions.credential import Application, Owner, OwnerKind
from forecourt.actions.record import Record
from forecourt.edge.redaction import without_secrets
from forecourt.store.audit import AuditLog
from forecourt.store.database import Database
from forecourt.store.schema import applications

_A = applications.c
_ALL = select(applications).order_by(_A.owner_kind, _A.owner_name, _A.name)
_BY_ID = select(applications).where(_A.id == bindparam("id"))
_NAMED = select(applications).where(
    _A.owner_kind == bindparam("kind"),
    _A.owner_name == bindparam("owner"),
    _A.name == bindparam("name"),
)


class SqlApplications:
    """Applications, kept in a database."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._database = database
        self._audit = audit

    async def application(self, owner: Owner, name: str) -> Application | None:
        """The owner's application of that name."""
        row = await self._database.row(_NAMED, _named(owner, name))
        return None if row is None else application_of(row)

    async def application_by_id(self, id: str) -> Application | None:
        """The application with that id."""
        row = await self._database.row(_BY_ID, {"id": id})
        return None if row is None else application_of(row)

    async def applications(self, owner: Owner | None) -> tuple[Application, ...]:
        """Every application, or those of one owner; by owner and name."""
        statement = _ALL
        if owner is not None:
            statement = _ALL.where(_A.owner_kind == owner.kind.value, _A.owner_name == owner.name)
        return tuple(map(application_of, await self._database.rows(statement)))

    async def add_application(self, application: Application, record: Record) -> Application:
        """Remember an application; the one that is there, where its owner has one of that name."""
        async with self._audit.acting() as act:
            added = await add_application(act.connection, application)
            if added.id == application.id:
                await act.record(_added(application, record))
            return added


async def add_application(connection: AsyncConnection, application: Application) -> Application:
    """In the transaction of what needs it; the one that is there, where there is one."""
    named = _named(application.owner, application.name)
    if row := (await connection.execute(_NAMED, named)).one_or_none():
        return application_of(row)
    try:
        async with connection.begin_nested():
            await connection.execute(insert(applications), application_row(application))
    except IntegrityError:  # somebody else has just made it
        return application_of((await connection.execute(_NAMED, named)).one())
    return application


def application_row(application: Application) -> dict[str, object]:
    """As the table has it."""
    return {
        "id": application.id,
        "name": application.name,
        "owner_kind": application.owner.kind.value,
        "owner_name": application.owner.name,
        "plan": application.plan,
        "created_at": application.created_at,
    }


def application_of(row: Row[Any]) -> Application:
    """The application of a row."""
    return Application(
        id=row.id,
        name=row.name,
        owner=Owner(kind=OwnerKind(row.owner_kind), name=row.owner_name),
        plan=row.plan,
        created_at=row.created_at,
    )


def _named(owner: Owner, name: str) -> dict[str, object]:
    return {"kind": owner.kind.value, "owner": owner.name, "name": name}


def _added(application: Application, record: Record) -> AuditedAct:
    return AuditedAct(
        deed=Deed.APPLICATION_ADD,
        subject=application.id,
        record=record,
        after={
            "application": without_secrets(application.name),
            "owner": str(application.owner),
            "plan": application.plan,
        },
    )
