"""Whom somebody means by what they typed."""

from __future__ import annotations

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.block import Target, TargetKind
from forecourt.actions.block_target import NoTarget, block_target
from forecourt.actions.credential import Credential
from tests.actions.builders import a_held_key

KEY, HELD = a_held_key()


class OneKey:
    async def key_by_id(self, id: str) -> Credential | None:
        return HELD.credential if id == HELD.credential.id else None

    async def key_by_digest(self, sha256: str) -> Credential | None:
        return HELD.credential if sha256 == key_digest(KEY) else None


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
        ("acme-id/one", TargetKind.APPLICATION, "acme-id/one"),
        ("orders", TargetKind.APPLICATION, "orders"),
    ],
)
async def test_takes(text: str, kind: TargetKind, id: str) -> None:
    assert await block_target(text, OneKey()) == Target(kind=kind, id=id)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (f"{KEY}x", "nobody was given that key"),
        ("203.0.113.7/24", "no network"),
        ("key_nobody", "no key has the id"),
        ("two words", "without spaces"),
        ("", "without spaces"),
    ],
)
async def test_refuses(text: str, because: str) -> None:
    found = await block_target(text, OneKey())
    assert isinstance(found, NoTarget)
    assert because in found.because
    assert KEY not in found.because
