"""Compiled contracts in a store: every kind of store behaves alike."""

from __future__ import annotations

from forecourt.store.opening import Store
from tests.store.in_memory import InMemoryStore


async def test_keeps_what_is_given_once(store: Store | InMemoryStore) -> None:
    kept = store.compiled_contracts
    await kept.keep({})
    await kept.keep({"a": b"\x00one", "b": b"two"})
    await kept.keep({"a": b"another", "c": b"three"})
    assert await kept.of(frozenset({"a", "c", "x"})) == {"a": b"\x00one", "c": b"three"}


async def test_has_no_bound(store: Store | InMemoryStore) -> None:
    many = {f"{number:032x}": b"x" for number in range(1_300)}
    await store.compiled_contracts.keep(many)
    assert await store.compiled_contracts.of(frozenset(many)) == many
