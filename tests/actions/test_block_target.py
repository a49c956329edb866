"""Whom somebody means by what they typed."""

from __future__ import annotations

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.block import Target, TargetKind
from forecourt.actions.block_target import NoTarget, block_target
from tests.actions.builders import ACME, a_held_key, a_record, an_application, some_callers
from tests.store.in_memory import InMemoryStore

KEY, HELD = a_held_key()


async def target(text: str) -> Target | NoTarget:
    """With one key, and with applications of ada's and of a partner's."""
    store = InMemoryStore()
    await store.credentials.add_key(HELD, key_digest(KEY), a_record())
    for application in (an_application(), an_application(ACME, id="app_acme")):
        await store.credentials.add_application(application, a_record())
    return await block_target(text, callers=some_callers(), store=store.credentials)


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
        ("client_0V4c", TargetKind.CREDENTIAL, "client_0V4c"),
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
