"""Remember an application before it has anything that could call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from forecourt.actions.credential import Application, Owner
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.issue_key import KeyRefused, KeyRequest, application_of
from forecourt.actions.record import Record
from forecourt.compiler.ir.callers import Callers


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationAdded:
    """It is there now."""

    application: Application


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyThere:
    """Its owner has one of that name; nothing changed."""

    application: Application


class ApplicationAddition(Protocol):
    """What adding needs of the store."""

    async def add_application(self, application: Application, record: Record) -> Application:
        """Remembers it; answers the one that is there, where its owner has one of that name."""
        ...


async def add_application(
    owner: Owner,
    name: str,
    plan: str | None,
    *,
    callers: Callers,
    store: ApplicationAddition,
    record: Record,
    entropy: Entropy,
) -> ApplicationAdded | AlreadyThere | KeyRefused:
    """Add an application to its owner's, on the record. A partner may be named by its file."""
    request = KeyRequest(owner=owner, application=name, plan=plan)
    declared = application_of(request, callers)
    if isinstance(declared, KeyRefused):
        return declared
    new = Application(
        id=new_id("app", entropy), name=name, owner=declared, plan=plan, created_at=record.at
    )
    added = await store.add_application(new, record)
    if added.id == new.id:
        return ApplicationAdded(application=added)
    return AlreadyThere(application=added)
