"""Find out which application or owner a name stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, unquote

from forecourt.actions.credential import Application, Owner, OwnerKind
from forecourt.actions.suspension import Caller
from forecourt.compiler.ir.callers import Callers

_SERVICE = "service"
_CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Whom a name stands for. `owner` is whose it is, where that is a developer or a partner;
    `application` the one that is meant, if it is one that was added."""

    caller: Caller
    owner: Owner | None = None
    application: Application | None = None


class ApplicationLookup(Protocol):
    """What finding needs of the store."""

    async def application(self, owner: Owner, name: str) -> Application | None:
        """The owner's application of that name."""
        ...

    async def application_by_id(self, id: str) -> Application | None:
        """The application with that id."""
        ...

    async def applications(self, owner: Owner | None) -> tuple[Application, ...]:
        """Every application, or those of one owner."""
        ...


async def caller_called(
    reference: str, *, callers: Callers, store: ApplicationLookup
) -> Called | None:
    """The owner or the application with that name; None: nobody has it.

    Owners: `developer:ada`, `partner:acme-corp` by its file or its id, `service:orders`. A service
    is the one application of itself, and may be named without the word. Applications:
    `developer:ada/shop`, `partner:acme-corp/sync`, an id, or as the access log names them that have
    no key: `ISSUER/CLIENT`, `PARTNER_ID/certificate`.
    """
    if not reference.isprintable():
        return None
    word, colon, rest = reference.partition(":")
    if colon and word in (_SERVICE, *(kind.value for kind in OwnerKind)):
        if word == _SERVICE:
            return _service(rest, callers)
        return await _owned(OwnerKind(word), rest, callers, store)
    application = await store.application_by_id(reference)
    if application is not None:
        return _of(application)
    return _service(reference, callers) or _without_a_key(reference, callers)


def _service(name: str, callers: Callers) -> Called | None:
    if any(s.name == name for s in callers.services):
        return Called(caller=Caller(id=f"{_SERVICE}:{name}", is_owner=True))
    return None


async def _owned(
    kind: OwnerKind, rest: str, callers: Callers, store: ApplicationLookup
) -> Called | None:
    """An owner, or what follows its name: an application, whose name may hold anything."""
    name, slash, application = rest.partition("/")
    owner = Owner(kind=kind, name=name)
    if kind is OwnerKind.PARTNER:
        ids = {p.name: p.id for p in callers.partners}
        owner = Owner(kind=kind, name=ids.get(name, name))
    if slash and (found := await store.application(owner, application)) is not None:
        return _of(found)
    if slash:
        # Clients of an issuer are developers, called by what the issuer and the client are.
        client = _client(rest, callers) if kind is OwnerKind.DEVELOPER else None
        return (
            None
            if client is None
            else Called(caller=Caller(id=f"{kind.value}:{client}", is_owner=True))
        )
    is_declared = kind is OwnerKind.PARTNER and owner.name in {p.id for p in callers.partners}
    if is_declared or await store.applications(owner):
        return Called(caller=Caller(id=str(owner), is_owner=True), owner=owner)
    return None


def _of(application: Application) -> Called:
    caller = Caller(id=application.id, is_owner=False)
    return Called(caller=caller, owner=application.owner, application=application)


def _without_a_key(reference: str, callers: Callers) -> Called | None:
    """An application that nobody added: a client of an issuer, or a partner by certificate."""
    name, slash, rest = reference.partition("/")
    if slash and rest == _CERTIFICATE and name in {p.id for p in callers.partners}:
        owner = Owner(kind=OwnerKind.PARTNER, name=name)
        return Called(caller=Caller(id=reference, is_owner=False), owner=owner)
    client = _client(reference, callers)
    return None if client is None else Called(caller=Caller(id=client, is_owner=False))


def _client(reference: str, callers: Callers) -> str | None:
    """As the access log spells it, however much of it is escaped already."""
    issuer, slash, client = reference.partition("/")
    if not slash or not client or unquote(issuer) not in {i.name for i in callers.issuers}:
        return None
    return f"{quote(unquote(issuer), safe='')}/{quote(unquote(client), safe='')}"
