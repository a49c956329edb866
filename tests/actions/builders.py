"""Callers, keys and chance for tests: sound unless a test says otherwise."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from forecourt.actions.api_key import SHOWN, new_key
from forecourt.actions.block import Block, Measure, Target, TargetKind
from forecourt.actions.credential import (
    Application,
    Credential,
    HeldKey,
    Owner,
    OwnerKind,
    Revocation,
)
from forecourt.actions.entropy import Entropy, new_id
from forecourt.actions.record import Record
from forecourt.actions.suspension import Caller, Suspension
from forecourt.compiler.ir.callers import (
    Callers,
    Grant,
    Issuer,
    Limit,
    Partner,
    Plan,
    Service,
)
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience

NOW = datetime(2026, 3, 1, 12, 30, 15, 250_000, tzinfo=UTC)
SOMEWHERE = Span("partners/acme-corp.yaml", 3, 1)
ADA = Owner(kind=OwnerKind.DEVELOPER, name="ada")
ACME = Owner(kind=OwnerKind.PARTNER, name="partner_acme_corp")


def chance(seed: str = "") -> Entropy:
    """Bytes that are the same in every run and never repeat within one."""
    calls = count()
    return lambda size: hashlib.shake_256(f"{seed}/{next(calls)}".encode()).digest(size)


def a_limit(per_minute: int = 100, capacity: float = 25.0) -> Limit:
    return Limit(per_minute=per_minute, capacity=capacity)


def a_service(name: str = "orders", **fields: Any) -> Service:
    return Service(
        name=name,
        identity=fields.pop("identity", f"spiffe://acme.example/ns/shop/sa/{name}"),
        limit=fields.pop("limit", a_limit(10_000, 2_500.0)),
        origin=SOMEWHERE,
    )


def a_partner(name: str = "acme-corp", **fields: Any) -> Partner:
    given = {
        "name": name,
        "id": f"partner_{name.replace('-', '_')}",
        "limit": a_limit(10_000, 5_000.0),
        "grants": (Grant(api="payments", versions=("1", "2")),),
        "features": ("bulk-operations",),
        "host": None,
        "sha256": (),
        "ca": None,
        "sunsets": (),
        "origin": SOMEWHERE,
    }
    return Partner(**(given | fields))


def a_plan(name: str = "free", per_minute: int = 20) -> Plan:
    return Plan(name=name, limit=a_limit(per_minute, 10.0), origin=SOMEWHERE)


def an_issuer(name: str = "acme-id", **fields: Any) -> Issuer:
    given = {
        "name": name,
        "issuer": "https://id.acme.example/",
        "jwks": "https://id.acme.example/jwks.json",
        "token_audience": "https://api.acme.example",
        "callers": Audience.PUBLIC,
        "consumer_claim": "azp",
        "origin": SOMEWHERE,
    }
    return Issuer(**(given | fields))


def some_callers(**fields: Any) -> Callers:
    given = {
        "services": (a_service(),),
        "partners": (a_partner(),),
        "plans": (a_plan(),),
        "issuers": (an_issuer(),),
        "standard": a_limit(),
    }
    return Callers(**(given | fields))


def an_application(owner: Owner = ADA, **fields: Any) -> Application:
    given = {
        "id": f"app_{owner.name}",
        "name": "shop",
        "owner": owner,
        "plan": None,
        "created_at": NOW,
    }
    return Application(**(given | fields))


def a_held_key(
    seed: str = "", application: Application | None = None, **fields: Any
) -> tuple[str, HeldKey]:
    """A key, and what is remembered of it."""
    application = application or an_application()
    entropy = chance(seed)
    key = new_key(entropy, is_test=fields.get("is_test", False))
    given = {
        "id": new_id("key", entropy),
        "prefix": key[:SHOWN],
        "last_four": key[-4:],
        "application": application.id,
        "scopes": None,
        "is_test": False,
        "created_at": NOW,
        "expires_at": None,
        "revoked": None,
    }
    credential = Credential(**(given | fields))
    return key, HeldKey(credential=credential, application=application)


def a_revocation(at: datetime = NOW, **fields: Any) -> Revocation:
    given = {"at": at, "who": "grace", "because": "it leaked"}
    return Revocation(**(given | fields))


def a_record(at: datetime = NOW, **fields: Any) -> Record:
    given = {"at": at, "who": "grace", "because": "they asked"}
    return Record(**(given | fields))


def a_suspension(id: str = "app_ada", *, is_owner: bool = False, **fields: Any) -> Suspension:
    return Suspension(caller=Caller(id=id, is_owner=is_owner), record=a_record(**fields))


def a_block(
    id: str = "203.0.113.7/32", *, kind: TargetKind = TargetKind.ADDRESS, **fields: Any
) -> Block:
    given = {
        "id": f"blk_{id}",
        "target": Target(kind=kind, id=id),
        "measure": Measure.BLOCK,
        "record": a_record(),
        "until": NOW + timedelta(hours=1),
    }
    return Block(**(given | fields))
