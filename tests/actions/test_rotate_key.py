"""Put a new key in the place of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from forecourt.actions.api_key import is_well_formed, key_digest
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.presented import PresentedKey
from forecourt.actions.resolve_credential import resolve_credential
from forecourt.actions.rotate_key import (
    LONGEST_OVERLAP,
    KeyRotated,
    NotRotated,
    RotationRefusal,
    rotate_key,
)
from tests.actions.builders import (
    NOW,
    a_held_key,
    a_record,
    a_revocation,
    chance,
    some_callers,
)
from tests.store.in_memory import InMemoryStore

DAY = timedelta(hours=24)


class House:
    """A store with one key."""

    def __init__(self, **fields: Any) -> None:
        self.store = InMemoryStore()
        self.key, self.held = a_held_key(**fields)

    async def open(self) -> House:
        await self.store.credentials.add_key(self.held, key_digest(self.key), a_record())
        return self

    async def rotate(
        self, reference: str | None = None, overlap: timedelta = DAY, at: datetime = NOW
    ) -> KeyRotated | NotRotated:
        return await rotate_key(
            reference or self.held.credential.id,
            overlap,
            store=self.store.credentials,
            record=a_record(at),
            entropy=chance(f"rotated at {at}"),
        )

    async def stands_for(self, key: str, at: datetime) -> Entitlement | Unknown:
        return await resolve_credential(
            PresentedKey(key), callers=some_callers(), store=self.store.credentials, now=at
        )


async def test_the_new_key_is_for_the_same_and_may_the_same() -> None:
    limited = {
        "name": "till 7",
        "scopes": ("read",),
        "apis": ("payments",),
        "addresses": ("203.0.113.0/24",),
        "is_test": True,
    }
    house = await House(**limited).open()
    outcome = await house.rotate()
    assert isinstance(outcome, KeyRotated)
    assert is_well_formed(outcome.key)
    assert outcome.key.startswith("fc_test_")
    assert outcome.new.application == house.held.application
    new = outcome.new.credential
    assert {name: getattr(new, name) for name in limited} == limited
    assert (new.expires_at, new.replaced_by, new.last_used_at) == (None, None, None)
    one, other = [await house.stands_for(key, NOW) for key in (house.key, outcome.key)]
    assert isinstance(one, Entitlement)
    assert isinstance(other, Entitlement)
    assert replace(one, credential=other.credential, expires_at=None) == other


async def test_the_old_key_counts_until_the_overlap_ends_and_not_a_moment_longer() -> None:
    house = await House().open()
    outcome = await house.rotate()
    assert isinstance(outcome, KeyRotated)
    assert outcome.old.expires_at == NOW + DAY
    known = await house.stands_for(house.key, NOW + DAY - timedelta(microseconds=1))
    assert isinstance(known, Entitlement)
    # The edge ends it by itself then, whoever answers it.
    assert known.expires_at == NOW + DAY
    assert await house.stands_for(house.key, NOW + DAY) == Unknown("expired")
    assert isinstance(await house.stands_for(outcome.key, NOW + DAY), Entitlement)


async def test_without_an_overlap_the_old_key_ends_at_once() -> None:
    house = await House().open()
    await house.rotate(overlap=timedelta())
    assert await house.stands_for(house.key, NOW) == Unknown("expired")


async def test_an_overlap_makes_no_life_longer_and_the_new_one_lives_as_long() -> None:
    house = await House(expires_at=NOW + timedelta(days=30)).open()
    later = NOW + timedelta(days=29, hours=12)
    outcome = await house.rotate(at=later)
    assert isinstance(outcome, KeyRotated)
    assert outcome.old.expires_at == NOW + timedelta(days=30)
    assert outcome.new.credential.expires_at == later + timedelta(days=30)


async def test_a_key_is_rotated_once() -> None:
    house = await House().open()
    await house.rotate()
    again = await house.rotate()
    assert isinstance(again, NotRotated)
    assert again.reason is RotationRefusal.ROTATED_ALREADY
    assert again.found[0].replaced_by is not None
    assert len(await house.store.credentials.keys(None)) == 2


@pytest.mark.parametrize(
    ("fields", "reference", "overlap", "reason"),
    [
        ({"revoked": a_revocation()}, None, DAY, RotationRefusal.REVOKED),
        ({"expires_at": NOW}, None, DAY, RotationRefusal.EXPIRED),
        ({}, "key_none", DAY, RotationRefusal.UNKNOWN),
        ({}, None, LONGEST_OVERLAP + timedelta(minutes=1), RotationRefusal.OVERLAP),
        ({}, None, timedelta(minutes=-1), RotationRefusal.OVERLAP),
    ],
    ids=["one that was revoked", "one that expired", "none", "too long", "into the past"],
)
async def test_does_not_rotate(
    fields: dict[str, Any], reference: str | None, overlap: timedelta, reason: RotationRefusal
) -> None:
    house = await House(**fields).open()
    outcome = await house.rotate(reference, overlap)
    assert isinstance(outcome, NotRotated)
    assert outcome.reason is reason
    assert len(await house.store.credentials.keys(None)) == 1


async def test_rotates_none_of_several_that_begin_so() -> None:
    house = await House(prefix="fc_live_same").open()
    key, other = a_held_key("other", prefix="fc_live_same")
    await house.store.credentials.add_key(other, key_digest(key), a_record())
    outcome = await house.rotate("fc_live_same")
    assert isinstance(outcome, NotRotated)
    assert (outcome.reason, len(outcome.found)) == (RotationRefusal.SEVERAL, 2)
