"""Withdraw a key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forecourt.actions.api_key import key_digest
from forecourt.actions.revoke_key import (
    AlreadyRevoked,
    AmbiguousKey,
    KeyRevoked,
    NoSuchKey,
    revoke_key,
)
from tests.actions.builders import NOW, a_held_key, a_record, a_revocation
from tests.store.in_memory import InMemoryStore


async def a_store(*seeds: str, **fields: object) -> tuple[InMemoryStore, list[str], list[str]]:
    """A store with keys; the keys, and their ids."""
    store, keys, ids = InMemoryStore(), [], []
    for seed in seeds:
        key, held = a_held_key(seed, **fields)  # type: ignore[arg-type]
        await store.credentials.add_key(held, key_digest(key), a_record())
        keys.append(key)
        ids.append(held.credential.id)
    return store, keys, ids


@pytest.mark.parametrize("by", ["id", "prefix", "key"])
async def test_revokes_a_key_by_its(by: str) -> None:
    store, (key, _), (id, _) = await a_store("a", "b")
    reference = {"id": id, "prefix": key[:12], "key": key}[by]
    outcome = await revoke_key(reference, store=store.credentials, revocation=a_revocation())
    assert isinstance(outcome, KeyRevoked)
    assert (outcome.credential.id, outcome.credential.revoked) == (id, a_revocation())
    assert (await store.news.latest_news()).latest == 1


async def test_says_that_it_was_revoked_before() -> None:
    store, (key,), _ = await a_store("a")
    first = await revoke_key(key, store=store.credentials, revocation=a_revocation())
    assert isinstance(first, KeyRevoked)
    later = NOW + timedelta(days=1)
    second = await revoke_key(key, store=store.credentials, revocation=a_revocation(later))
    assert second == AlreadyRevoked(credential=first.credential)
    assert (await store.news.latest_news()).latest == 1


async def test_revokes_nothing_where_several_keys_begin_so() -> None:
    store, _, ids = await a_store("a", "b", prefix="fc_live_same")
    outcome = await revoke_key("fc_live_same", store=store.credentials, revocation=a_revocation())
    assert isinstance(outcome, AmbiguousKey)
    assert {c.id for c in outcome.candidates} == set(ids)
    assert (await store.news.latest_news()).latest == 0


async def test_passes_over_revoked_keys_that_begin_so() -> None:
    store, _, (first, second) = await a_store("a", "b", prefix="fc_live_same")
    await revoke_key(first, store=store.credentials, revocation=a_revocation())
    outcome = await revoke_key("fc_live_same", store=store.credentials, revocation=a_revocation())
    assert isinstance(outcome, KeyRevoked)
    assert outcome.credential.id == second


@pytest.mark.parametrize(
    "reference", ["", "key_x", "fc_live_", "fc_live_zzzz", "%", "é", "\0", "\udcff", "a" * 10_000]
)
async def test_finds_no_key_by(reference: str) -> None:
    store, _, _ = await a_store("a")
    outcome = await revoke_key(reference, store=store.credentials, revocation=a_revocation())
    assert outcome == NoSuchKey()


async def test_finds_no_key_that_was_mistyped() -> None:
    store, (key,), _ = await a_store("a")
    mistyped = key[:-1] + ("0" if key[-1] != "0" else "1")
    assert (
        await revoke_key(mistyped, store=store.credentials, revocation=a_revocation())
        == NoSuchKey()
    )
