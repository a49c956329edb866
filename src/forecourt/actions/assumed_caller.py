"""Find out whom a name stands for, without anybody's secret: a key by its prefix, a service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import unquote

from forecourt.actions.api_key import SHOWN
from forecourt.actions.assumed_client import ClientLookup, client_as_it_stood
from forecourt.actions.block import Block
from forecourt.actions.credential import Application, HeldKey, Owner, OwnerKind
from forecourt.actions.entitlement import Entitlement, Unknown, UnknownReason
from forecourt.actions.entitlement_of_application import entitlement_of_partner
from forecourt.actions.keys_called import HeldKeyLookup, keys_called
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.presented import PresentedCertificate, PresentedIdentity, PresentedToken
from forecourt.actions.quota import QuotaState
from forecourt.actions.resolve_credential import entitlement_of_key, resolve_credential
from forecourt.actions.suspension import Suspension
from forecourt.compiler.deciding import Caller, Kind
from forecourt.compiler.ir.callers import Callers, Partner
from forecourt.compiler.refusals import Refusal

_CLIENT = "client_"
# The application of a key that was not named: nobody has one of that name.
ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody the edge knows, by that kind of credential. `held` is the key, if it is one, and
    `client` the client; `block` what refuses it for a while, `throttle` what slows it down;
    `quotas` is how its quotas stand. `brings_certificate`: besides what it is known by."""

    kind: Kind
    entitlement: Entitlement
    held: HeldKey | None = None
    client: HeldClient | None = None
    block: Block | None = None
    throttle: Block | None = None
    quotas: tuple[QuotaState, ...] = ()
    brings_certificate: bool = False

    @property
    def application(self) -> Application | None:
        """What holds it, where it is a key or a client of ours."""
        held = self.held or self.client
        return None if held is None else held.application

    @property
    def caller(self) -> Caller:
        """As the edge decides about it."""
        known = self.entitlement
        return Caller(
            kind=self.kind,
            application=known.application,
            audience=known.audience,
            scopes=known.scopes,
            grants=known.grants,
            sunsets=known.sunsets,
            needs_certificate=known.must_bring_certificate and not self.brings_certificate,
            features=known.features,
            pins=known.pins,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """Nobody the edge knows. `kind` None: no credential at all. `because` is why one that was
    brought stands for nobody, where that can be said; `held` is the key, if it is one, and
    `client` the client; `suspension` is what stops its holder, where that is why."""

    kind: Kind | None = None
    because: UnknownReason | None = None
    held: HeldKey | None = None
    client: HeldClient | None = None
    suspension: Suspension | None = None

    @property
    def refusal(self) -> Refusal:
        """What the gate says to it."""
        if self.kind is None:
            return Refusal.MISSING
        return Refusal.MALFORMED if self.because == "malformed" else Refusal.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchCaller:
    """The name stands for nothing. `known` are those that would have been understood."""

    what: str
    name: str
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralKeys:
    """Several keys are called so."""

    candidates: tuple[HeldKey, ...]


class KeyLookup(HeldKeyLookup, Protocol):
    """What is needed of the store of keys."""

    async def keys(self, owner: Owner | None) -> tuple[HeldKey, ...]:
        """Every key, or those of one owner; oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Where callers are looked up."""

    keys: KeyLookup
    clients: ClientLookup


Assumed = Known | Nobody | NoSuchCaller | SeveralKeys


async def assumed_caller(
    reference: str, *, callers: Callers, lookup: Lookup, now: datetime
) -> Assumed:
    """Whom a reference stands for at that moment.

    A key's shown part, its id, or itself; a client's id; `service:NAME`, `internal_token:NAME`;
    `partner:NAME`, `developer:NAME`, both with `/APPLICATION` or without, by the key or else the
    client; `token:ISSUER/CLIENT/SUBJECT`, with what the access log calls `credential`.
    """
    store = lookup.keys
    word, _, name = reference.partition(":")
    match word:
        case "service" | "spiffe":
            return await _service(name, "spiffe", callers, store, now)
        case "internal_token":
            return await _service(name, "internal_token", callers, store, now)
        case "partner" | "developer" if "/" in name:
            return await _application(OwnerKind(word), name, callers, lookup, now)
        case "partner":
            return await _partner(name, callers, store, now)
        case "developer":
            owner = Owner(kind=OwnerKind.DEVELOPER, name=name)
            keys = await store.keys(owner)
            return await _of_owner(keys, "developer", owner, name, callers, lookup, now)
        case "token":
            return await _token(name, callers, store, now)
        case _ if reference.startswith(_CLIENT):
            held = await lookup.clients.client(reference)
            missing = NoSuchCaller(what="client", name=reference)
            return missing if held is None else _client(held, callers, now)
        case _:
            found = await keys_called(reference, store)
            return _one_of(found, "key", reference[:SHOWN], callers, now)


async def caller_in_log(
    credential: str, consumer: str, *, callers: Callers, lookup: Lookup, now: datetime
) -> Assumed:
    """Whom a line of the access log is about."""
    if not credential.startswith("certificate:"):
        return await assumed_caller(credential, callers=callers, lookup=lookup, now=now)
    id = consumer.partition(":")[2]
    partner = next((p for p in callers.partners if p.id == id), None)
    if partner is None:
        return Nobody(kind="certificate", because="undeclared")
    known = entitlement_of_partner(partner, credential, f"{partner.id}/certificate")
    return Known(kind="certificate", entitlement=known)


def _one_of(
    found: tuple[HeldKey, ...], what: str, name: str, callers: Callers, now: datetime
) -> Assumed:
    standing = tuple(h for h in found if h.credential.revoked is None)
    if not found:
        return NoSuchCaller(what=what, name=name)
    if len(found) > 1 and len(standing) != 1:
        return SeveralKeys(candidates=standing or found)
    held = (standing or found)[0]
    return _as_it_stood(held, callers, now)


def _as_it_stood(held: HeldKey, callers: Callers, now: datetime) -> Known | Nobody:
    """A key at a moment: what was revoked later, or is issued later, is another matter."""
    credential = held.credential
    if credential.created_at > now:
        return Nobody(kind="api_key", because="unknown", held=held)
    if credential.revoked is not None and credential.revoked.at > now:
        asked = replace(held, credential=replace(credential, revoked=None))
    else:
        asked = held
    found = entitlement_of_key(asked, callers, now)
    if isinstance(found, Unknown):
        return Nobody(kind="api_key", because=found.reason, held=held)
    return Known(kind="api_key", entitlement=found, held=held)


async def _application(
    kind: OwnerKind, name: str, callers: Callers, lookup: Lookup, now: datetime
) -> Assumed:
    """The key of `OWNER/APPLICATION`, or its client."""
    owner_name, _, application = name.partition("/")
    if kind is OwnerKind.PARTNER:
        ids = {p.name: p.id for p in callers.partners}
        owner_name = ids.get(owner_name, owner_name)
    owner = Owner(kind=kind, name=owner_name)
    its = tuple(h for h in await lookup.keys.keys(owner) if h.application.name == application)
    what = f"{kind.value}'s application"
    return await _of_owner(its, what, owner, name, callers, lookup, now)


async def _of_owner(
    keys: tuple[HeldKey, ...],
    what: str,
    owner: Owner,
    name: str,
    callers: Callers,
    lookup: Lookup,
    now: datetime,
) -> Assumed:
    """One of these keys; where there are none, the client of the owner or of its application."""
    if keys:
        return _one_of(keys, what, name, callers, now)
    application = name.partition("/")[2]
    its = [
        held
        for held in await lookup.clients.clients()
        if held.application.owner == owner and application in ("", held.application.name)
    ]
    standing = [held for held in its if held.client.counts(now)]
    if len(standing) == 1:
        return _client(standing[0], callers, now)
    known = tuple(held.client.id for held in standing)
    return NoSuchCaller(what=f"{what} with a key", name=name, known=known)


def _client(held: HeldClient, callers: Callers, now: datetime) -> Known | Nobody:
    found = client_as_it_stood(held, callers, now)
    if isinstance(found, Unknown):
        return Nobody(kind="access_token", because=found.reason, client=held)
    return Known(kind="access_token", entitlement=found, client=held)


async def _service(
    name: str, kind: Kind, callers: Callers, store: KeyLookup, now: datetime
) -> Assumed:
    service = next((s for s in callers.services if s.name == name), None)
    if service is None:
        known = tuple(s.name for s in callers.services)
        return NoSuchCaller(what="service", name=name, known=known)
    identity = PresentedIdentity(service.identity)
    found = await resolve_credential(identity, callers=callers, store=store, now=now)
    if isinstance(found, Unknown):
        return Nobody(kind=kind, because=found.reason)
    return Known(kind=kind, entitlement=replace(found, credential=f"{kind}:{name}"))


async def _partner(name: str, callers: Callers, store: KeyLookup, now: datetime) -> Assumed:
    partner = next((p for p in callers.partners if name in (p.name, p.id)), None)
    if partner is None:
        known = tuple(p.name for p in callers.partners)
        return NoSuchCaller(what="partner", name=name, known=known)
    if partner.host is None:
        known_by_key = entitlement_of_partner(partner, "any key of it", ANY)
        return Known(kind="api_key", entitlement=known_by_key)
    certificate = PresentedCertificate(host=partner.host, sha256=_fingerprint(partner))
    found = await resolve_credential(certificate, callers=callers, store=store, now=now)
    if isinstance(found, Unknown):
        return Nobody(kind="certificate", because=found.reason)
    return Known(kind="certificate", entitlement=found)


def _fingerprint(partner: Partner) -> str:
    return partner.sha256[0] if partner.sha256 else "0" * 64


async def _token(words: str, callers: Callers, store: KeyLookup, now: datetime) -> Assumed:
    issuer, _, rest = words.partition("/")
    client, _, subject = rest.partition("/")
    known = tuple(i.name for i in callers.issuers)
    if unquote(issuer) not in known:
        return NoSuchCaller(what="issuer", name=unquote(issuer), known=known)
    token = PresentedToken(issuer=unquote(issuer), client=unquote(client), subject=unquote(subject))
    found = await resolve_credential(token, callers=callers, store=store, now=now)
    if isinstance(found, Unknown):
        return Nobody(kind="token", because=found.reason)
    return Known(kind="token", entitlement=found)
