"""Whom somebody means by what they typed."""

from __future__ import annotations

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.block import Target, TargetKind
from forecourt.actions.block_target import NoTarget, block_target
from forecourt.actions.oauth.client import HeldClient
from forecourt.estate.audience import Audience
from tests.actions.builders import (
    ACME,
    a_held_key,
    a_partner,
    a_record,
    an_application,
    an_issuer,
    some_callers,
)
from tests.actions.oauth.builders import a_client
from tests.store.in_memory import InMemoryStore

KEY, HELD = a_held_key()


async def target(text: str) -> Target | NoTarget:
    """With one key, and with applications of ada's and of a partner's."""
    store = InMemoryStore()
    await store.credentials.add_key(HELD, key_digest(KEY), a_record())
    for application in (an_application(), an_application(ACME, id="app_acme")):
        await store.credentials.add_application(application, a_record())
    callers = some_callers(
        partners=(a_partner(sha256=("AB:" * 31 + "AB",)),),
        issuers=(an_issuer(), an_issuer("partners-id", callers=Audience.PARTNER)),
    )
    return await block_target(text, callers=callers, store=store.credentials, clients=Clients())


class Clients:
    """With one client."""

    async def client(self, id: str) -> HeldClient | None:
        return a_client() if id == "client_one" else None


@pytest.mark.parametrize(
    ("text", "kind", "id"),
    [
        ("203.0.113.7", TargetKind.ADDRESS, "203.0.113.7/32"),
        ("203.0.113.0/24", TargetKind.ADDRESS, "203.0.113.0/24"),
        ("::ffff:203.0.113.7", TargetKind.ADDRESS, "203.0.113.7/32"),
        ("2001:DB8::1", TargetKind.ADDRESS, "2001:db8::1/128"),
        (KEY, TargetKind.CREDENTIAL, HELD.credential.id),
        (HELD.credential.id, TargetKind.CREDENTIAL, HELD.credential.id),
        ("token:acme-id/one/eve", TargetKind.CREDENTIAL, "token:acme-id/one/eve"),
        ("token:acme-id/a%2Fb/", TargetKind.CREDENTIAL, "token:acme-id/a%2Fb/"),
        ("token:acme-id/one/eve@x", TargetKind.CREDENTIAL, "token:acme-id/one/eve%40x"),
        (
            "token:partners-id/partner_acme_corp/x",
            TargetKind.CREDENTIAL,
            "token:partners-id/partner_acme_corp/x",
        ),
        (f"certificate:{'ab' * 8}", TargetKind.CREDENTIAL, f"certificate:{'ab' * 8}"),
        ("spiffe:orders", TargetKind.CREDENTIAL, "spiffe:orders"),
        ("internal_token:orders", TargetKind.CREDENTIAL, "internal_token:orders"),
        ("client_one", TargetKind.CREDENTIAL, "client_one"),
        ("developer:ada", TargetKind.OWNER, "developer:ada"),
        ("developer:ada/shop", TargetKind.APPLICATION, "app_ada"),
        ("app_ada", TargetKind.APPLICATION, "app_ada"),
        ("partner:acme-corp", TargetKind.OWNER, "partner:partner_acme_corp"),
        ("acme-id/one", TargetKind.APPLICATION, "acme-id/one"),
        ("orders", TargetKind.OWNER, "service:orders"),
    ],
)
async def test_takes(text: str, kind: TargetKind, id: str) -> None:
    assert await target(text) == Target(kind=kind, id=id)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (f"{KEY}x", "nobody was given that key"),
        ("203.0.113.7/24", "no network"),
        ("key_nobody", "no key has the id"),
        ("client_0V4c", "no client has the id `client_0V4c`; see `forecourt client list`"),
        ("token:nobody/one/eve", "of no issuer; declared are acme-id, partners-id"),
        ("token:acme-id/one", "write `token:ISSUER/CLIENT/SUBJECT`"),
        ("token:acme-id//eve", "of no client of `acme-id`"),
        ("token:partners-id/one/eve", "declared are partner_acme_corp"),
        (f"certificate:{'cd' * 8}", "no partner has the certificate"),
        ("certificate:ab", "no partner has the certificate"),
        ("spiffe:nobody", "names no service; declared are orders"),
        ("internal_token:", "names no service"),
        ("banana", "nobody is called `banana`"),
        ("developer:adda", "nobody is called"),
        ("partner:acme", "nobody is called"),
        ("service:other", "nobody is called"),
        ("two words", "nobody is called"),
        ("", "nobody is called"),
    ],
)
async def test_refuses(text: str, because: str) -> None:
    found = await target(text)
    assert isinstance(found, NoTarget)
    assert because in found.because
    assert KEY not in found.because
