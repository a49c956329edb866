"""Pin an application to a version, where it may have that version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Protocol
from urllib.parse import unquote

from forecourt.actions.assumed_caller import Known
from forecourt.actions.caller_called import ApplicationLookup, caller_called
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.entitlement_of_application import (
    entitlement_of_application,
    entitlement_of_partner,
)
from forecourt.actions.pin import PinRecord, Pins
from forecourt.actions.presented import PresentedIdentity, PresentedToken
from forecourt.actions.resolve_credential import KnownKeys, resolve_credential
from forecourt.compiler.deciding import Kind, allows, choices, granted, routes, sunset_of
from forecourt.compiler.ir.callers import Callers
from forecourt.compiler.ir.edge import Edge


class KnownApplications(KnownKeys, ApplicationLookup, Protocol):
    """What is needed of the store to say whose an application is."""


class PinRefusal(Enum):
    """Why an application cannot be pinned."""

    NO_APPLICATION = "no-application"
    NO_API = "no-api"
    NOT_BY_HEADER = "not-by-header"
    NO_VERSION = "no-version"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRefused:
    """Why not; `choices` are what could be named instead."""

    because: PinRefusal
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """It is set, and news to the edges."""

    record: PinRecord


async def pin_application(
    record: PinRecord, *, edge: Edge, keys: KnownApplications, pins: Pins
) -> Pinned | PinRefused:
    """Set a pin, by what is published: only to a version that the application may use now."""
    id = await application_id(record.application, edge.callers, keys)
    record = replace(record, application=id)
    found = await _caller(id, edge.callers, keys, record.at)
    if found is None:
        return PinRefused(because=PinRefusal.NO_APPLICATION)
    refused = _refused(record, found, edge)
    if refused is not None:
        return refused
    await pins.pin(record)
    return Pinned(record=record)


def _refused(record: PinRecord, known: Known, edge: Edge) -> PinRefused | None:
    caller, now = known.caller, record.at
    listener = edge.gateway.external if caller.audience.is_external else edge.gateway.internal
    there = [r for r in routes(edge.apis, listener.name).values() if r.policy(caller.audience)]
    its = {
        r.api.name: r
        for r in there
        if allows(r.api, caller) and (caller.grants is None or granted(caller, r.api.name))
    }
    if record.api not in its:
        names = tuple(sorted(name for name, r in its.items() if r.api.by_header))
        return PinRefused(because=PinRefusal.NO_API, choices=names)
    route = its[record.api]
    if not route.api.by_header:
        return PinRefused(because=PinRefusal.NOT_BY_HEADER)
    may = choices(route, caller, now)
    if record.version in may:
        return None
    version = next((v for v in route.versions if v.name == record.version), None)
    on = None if version is None else sunset_of(route.api, version, caller)
    has_ended = on is not None and on <= now.date()
    because = PinRefusal.RETIRED if has_ended else PinRefusal.NO_VERSION
    return PinRefused(because=because, choices=may)


async def _caller(
    application: str, callers: Callers, keys: KnownApplications, now: datetime
) -> Known | None:
    """Who calls as that application: a service, an issuer's client, a partner or a developer."""
    service = next((s for s in callers.services if s.name == application), None)
    if service is not None:
        identity = PresentedIdentity(service.identity)
        return _known(
            "spiffe", await resolve_credential(identity, callers=callers, store=keys, now=now)
        )
    partner = next((p for p in callers.partners if f"{p.id}/certificate" == application), None)
    if partner is not None:
        known = entitlement_of_partner(partner, "certificate", application)
        return Known(kind="certificate", entitlement=known)
    issuer, slash, client = application.partition("/")
    if slash and unquote(issuer) in {i.name for i in callers.issuers}:
        token = PresentedToken(issuer=unquote(issuer), client=unquote(client), subject="")
        return _known(
            "token", await resolve_credential(token, callers=callers, store=keys, now=now)
        )
    added = await keys.application_by_id(application)
    if added is None:
        return None
    return _known("api_key", entitlement_of_application(added, added.id, callers))


def _known(kind: Kind, found: Entitlement | Unknown) -> Known | None:
    return None if isinstance(found, Unknown) else Known(kind=kind, entitlement=found)


async def application_id(reference: str, callers: Callers, store: ApplicationLookup) -> str:
    """As the access log calls the application that people call so (`developer:ada/shop`); the
    reference itself, where nobody is called so."""
    called = await caller_called(reference, callers=callers, store=store)
    if called is None or called.caller.is_owner:
        return reference
    return called.caller.id
