"""Give an application a key, and show it once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from forecourt.actions.api_key import SHOWN, key_digest, new_key
from forecourt.actions.credential import Application, Credential, HeldKey, Owner, OwnerKind
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.networks import network
from forecourt.actions.record import Record
from forecourt.compiler.ir.callers import Callers

# A developer's name is half of the consumer's id, which log lines and headers carry.
_DEVELOPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}")
_LONGEST_NAME = 100
# The edge looks through them with each request of the key.
MOST_NETWORKS = 50
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,200}")  # RFC 6749, 3.3: scope-token


class KeyRequestRefusal(Enum):
    """Why no key was issued."""

    BAD_DEVELOPER_NAME = "bad developer name"
    BAD_APPLICATION_NAME = "bad application name"
    BAD_KEY_NAME = "bad key name"
    BAD_SCOPE = "bad scope"
    UNKNOWN_API = "unknown api"
    NOT_A_NETWORK = "not a network"
    TOO_MANY_NETWORKS = "too many networks"
    UNKNOWN_PARTNER = "unknown partner"
    UNKNOWN_PLAN = "unknown plan"
    PLAN_OF_A_PARTNER = "plan of a partner"
    OTHER_PLAN = "other plan"
    EXPIRED_ALREADY = "expired already"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRequest:
    """What somebody asks for. A partner may be named by its file or by its id.

    `name` is what the key is called. `apis` None: all that its owner has; else those only.
    `addresses` are the networks that it may come from; none: from anywhere.
    """

    owner: Owner
    application: str
    plan: str | None = None
    scopes: tuple[str, ...] | None = None
    is_test: bool = False
    expires_at: datetime | None = None
    name: str = ""
    apis: tuple[str, ...] | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIssued:
    """The key itself, which nobody can read again, and what is remembered of it."""

    key: str
    held: HeldKey


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRefused:
    """`given` is what was asked for, `known` what could have been."""

    reason: KeyRequestRefusal
    given: str
    known: tuple[str, ...] = ()


class KeyIssuance(Protocol):
    """What issuing needs of the store."""

    async def application(self, owner: Owner, name: str) -> Application | None:
        """The owner's application of that name."""
        ...

    async def add_key(self, held: HeldKey, sha256: str, record: Record) -> HeldKey:
        """Remember a key. The application is added unless its owner has one of that name, which
        then holds the key; the answer says which."""
        ...


async def issue_key(
    request: KeyRequest,
    *,
    callers: Callers,
    store: KeyIssuance,
    record: Record,
    entropy: Entropy,
    external_apis: tuple[str, ...] = (),
) -> KeyIssued | KeyRefused:
    """Issue a key, on the record, making the application if its owner has none of that name.

    `external_apis` are those that a key can be limited to.
    """
    now = record.at
    owner = application_of(request, callers)
    if isinstance(owner, KeyRefused):
        return owner
    if refused := refusal(request, now) or _unlimitable(request, owner, callers, external_apis):
        return refused
    application = await store.application(owner, request.application)
    if application is None:
        application = Application(
            id=new_id("app", entropy),
            name=request.application,
            owner=owner,
            plan=request.plan,
            created_at=now,
        )
    elif request.plan not in (None, application.plan):
        known = () if application.plan is None else (application.plan,)
        return KeyRefused(
            reason=KeyRequestRefusal.OTHER_PLAN, given=request.application, known=known
        )
    key = new_key(entropy, is_test=request.is_test)
    credential = Credential(
        id=new_id("key", entropy),
        prefix=key[:SHOWN],
        last_four=key[-4:],
        application=application.id,
        scopes=None if request.scopes is None else tuple(sorted(set(request.scopes))),
        is_test=request.is_test,
        created_at=now,
        expires_at=request.expires_at,
        revoked=None,
        name=request.name,
        apis=None if request.apis is None else tuple(sorted(set(request.apis))),
        addresses=_networks(request.addresses),
    )
    held = HeldKey(credential=credential, application=application)
    return KeyIssued(key=key, held=await store.add_key(held, key_digest(key), record))


def application_of(request: KeyRequest, callers: Callers) -> Owner | KeyRefused:
    """Whose the application is that is asked for, and whether it can be one."""
    owner = _declared_owner(request, callers)
    return owner if isinstance(owner, KeyRefused) else _no_application(request, callers) or owner


def _declared_owner(request: KeyRequest, callers: Callers) -> Owner | KeyRefused:
    name = request.owner.name
    match request.owner.kind:
        case OwnerKind.PARTNER:
            for partner in callers.partners:
                if name in (partner.name, partner.id):
                    return Owner(kind=OwnerKind.PARTNER, name=partner.id)
            known = tuple(p.name for p in callers.partners)
            return KeyRefused(reason=KeyRequestRefusal.UNKNOWN_PARTNER, given=name, known=known)
        case OwnerKind.DEVELOPER:
            if _DEVELOPER.fullmatch(name):
                return request.owner
            return KeyRefused(reason=KeyRequestRefusal.BAD_DEVELOPER_NAME, given=name)


def is_name(text: str) -> bool:
    """Whether people can call an application or a key so."""
    return bool(text.strip()) and text.isprintable() and len(text) <= _LONGEST_NAME


def _unlimitable(
    request: KeyRequest, owner: Owner, callers: Callers, external_apis: tuple[str, ...]
) -> KeyRefused | None:
    """Why a key cannot be limited as it is asked for."""
    known = external_apis
    if owner.kind is OwnerKind.PARTNER:
        contract = next(p for p in callers.partners if p.id == owner.name)
        known = tuple(grant.api for grant in contract.grants)
    for api in request.apis or ():
        if api not in known:
            return KeyRefused(reason=KeyRequestRefusal.UNKNOWN_API, given=api, known=known)
    for written in request.addresses:
        if network(written) is None:
            return KeyRefused(reason=KeyRequestRefusal.NOT_A_NETWORK, given=written)
    if len(request.addresses) > MOST_NETWORKS:
        given = str(len(request.addresses))
        return KeyRefused(reason=KeyRequestRefusal.TOO_MANY_NETWORKS, given=given)
    return None


def _networks(addresses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({found for a in addresses if (found := network(a)) is not None}))


def _no_application(request: KeyRequest, callers: Callers) -> KeyRefused | None:
    name = request.application
    if not is_name(name):
        return KeyRefused(reason=KeyRequestRefusal.BAD_APPLICATION_NAME, given=name)
    if request.plan is not None:
        plans = tuple(p.name for p in callers.plans)
        if request.owner.kind is OwnerKind.PARTNER:
            return KeyRefused(reason=KeyRequestRefusal.PLAN_OF_A_PARTNER, given=request.plan)
        if request.plan not in plans:
            return KeyRefused(
                reason=KeyRequestRefusal.UNKNOWN_PLAN, given=request.plan, known=plans
            )
    return None


def refusal(request: KeyRequest, now: datetime) -> KeyRefused | None:
    """Why no credential of an application can be given as it is asked for."""
    if request.name and not is_name(request.name):
        return KeyRefused(reason=KeyRequestRefusal.BAD_KEY_NAME, given=request.name)
    for scope in request.scopes or ():
        if not _SCOPE.fullmatch(scope):
            return KeyRefused(reason=KeyRequestRefusal.BAD_SCOPE, given=scope)
    if request.expires_at is not None and request.expires_at <= now:
        given = request.expires_at.isoformat()
        return KeyRefused(reason=KeyRequestRefusal.EXPIRED_ALREADY, given=given)
    return None
