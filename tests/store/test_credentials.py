"""Applications and the keys they hold, in every store."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest

from forecourt.actions.announce import NewsKind
from forecourt.actions.api_key import key_digest
from forecourt.store.opening import Store
from tests.actions.builders import (
    ACME,
    ADA,
    NOW,
    a_held_key,
    a_record,
    a_revocation,
    an_application,
)


async def test_gives_back_what_was_remembered(store: Store) -> None:
    key, held = a_held_key(
        scopes=("payments:read", "payments:write"), is_test=True, expires_at=NOW + timedelta(days=9)
    )
    assert await store.credentials.add_key(held, key_digest(key), a_record()) == held
    assert await store.credentials.held_key(key_digest(key)) == held
    assert await store.credentials.key_by_digest(key_digest(key)) == held.credential
    assert await store.credentials.key_by_id(held.credential.id) == held.credential
    assert await store.credentials.held_key_by_id(held.credential.id) == held
    assert await store.credentials.application(ADA, "shop") == held.application


@pytest.mark.parametrize("scopes", [None, (), ("a",)], ids=["the usual", "none", "one"])
async def test_tells_no_scopes_from_the_usual_ones(
    store: Store, scopes: tuple[str, ...] | None
) -> None:
    key, held = a_held_key(scopes=scopes)
    await store.credentials.add_key(held, key_digest(key), a_record())
    found = await store.credentials.key_by_id(held.credential.id)
    assert found is not None
    assert found.scopes == scopes


async def test_keeps_moments_to_the_microsecond_and_with_their_zone(store: Store) -> None:
    elsewhere = datetime(2026, 7, 1, 2, 0, 0, 7, timezone(timedelta(hours=5, minutes=30)))
    key, held = a_held_key(expires_at=elsewhere)
    await store.credentials.add_key(held, key_digest(key), a_record())
    found = await store.credentials.key_by_id(held.credential.id)
    assert found is not None
    assert found.expires_at is not None
    assert found.expires_at == elsewhere
    assert found.expires_at.tzinfo is not None
    assert found.created_at.utcoffset() == timedelta(0)


async def test_knows_nothing_of_a_key_that_was_never_issued(store: Store) -> None:
    key, _ = a_held_key()
    assert await store.credentials.held_key(key_digest(key)) is None
    assert await store.credentials.key_by_digest(key_digest(key)) is None
    assert await store.credentials.key_by_id("key_x") is None
    assert await store.credentials.held_key_by_id("key_x") is None
    assert await store.credentials.application(ADA, "shop") is None
    assert await store.credentials.keys_by_prefix("fc_live_0000") == ()


async def test_gives_a_second_key_to_the_application_that_has_the_name(store: Store) -> None:
    (first, one), (second, two) = (
        a_held_key("1", an_application(id="app_1")),
        a_held_key("2", an_application(id="app_2")),
    )
    await store.credentials.add_key(one, key_digest(first), a_record())
    held = await store.credentials.add_key(two, key_digest(second), a_record())
    assert held.application == one.application
    assert held.credential.application == "app_1"
    assert await store.credentials.held_key(key_digest(second)) == held


async def test_makes_one_application_of_keys_issued_at_once(store: Store) -> None:
    async def issue(number: int) -> str:
        key, held = a_held_key(str(number), an_application(id=f"app_{number}"))
        return (await store.credentials.add_key(held, key_digest(key), a_record())).application.id

    assert len(set(await asyncio.gather(*map(issue, range(6))))) == 1


async def test_lists_keys_oldest_first_and_by_owner(store: Store) -> None:
    for number, owner in enumerate((ADA, ACME, ADA)):
        application = an_application(owner, name=f"shop {number}", id=f"app_{number}")
        at = NOW - timedelta(days=number)
        key, held = a_held_key(str(number), application, created_at=at)
        await store.credentials.add_key(held, key_digest(key), a_record())
    names = [h.application.name for h in await store.credentials.keys(None)]
    assert names == ["shop 2", "shop 1", "shop 0"]
    assert [h.application.name for h in await store.credentials.keys(ACME)] == ["shop 1"]


async def test_finds_keys_by_the_part_that_is_shown(store: Store) -> None:
    for seed in "ab":
        application = an_application(id=f"app_{seed}", name=seed)
        key, held = a_held_key(seed, application, prefix="fc_live_same")
        await store.credentials.add_key(held, key_digest(key), a_record())
    assert len(await store.credentials.keys_by_prefix("fc_live_same")) == 2
    held_by = await store.credentials.held_keys_by_prefix("fc_live_same")
    assert {h.application.id for h in held_by} == {"app_a", "app_b"}
    assert await store.credentials.keys_by_prefix("fc_live_sam") == ()


async def test_revokes_and_says_so_in_the_news(store: Store) -> None:
    key, held = a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())
    revoked = await store.credentials.revoke(held.credential.id, a_revocation())
    assert revoked is not None
    assert revoked.revoked == a_revocation()
    assert await store.credentials.key_by_id(held.credential.id) == revoked
    (news,) = await store.news.news_since(0, up_to=10)
    assert (news.kind, news.subject, news.at) == (NewsKind.CREDENTIAL, held.credential.id, NOW)


async def test_revokes_once(store: Store) -> None:
    key, held = a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())
    first = await store.credentials.revoke(held.credential.id, a_revocation())
    again = a_revocation(NOW + timedelta(days=1), who="lin")
    assert await store.credentials.revoke(held.credential.id, again) is None
    assert await store.credentials.key_by_id(held.credential.id) == first
    assert (await store.news.latest_news()).latest == 1


async def test_revokes_nothing_that_is_not_there(store: Store) -> None:
    assert await store.credentials.revoke("key_x", a_revocation()) is None
    assert (await store.news.latest_news()).latest == 0


async def test_remembers_many_keys_at_once(store: Store) -> None:
    keys = [a_held_key(str(n), an_application(id=f"a{n}", name=f"n{n}")) for n in range(50)]
    await store.credentials.add_keys([(held, key_digest(key)) for key, held in keys], a_record())
    assert len(await store.credentials.keys(None)) == 50
    key, held = keys[33]
    assert await store.credentials.held_key(key_digest(key)) == held


async def test_gives_back_what_a_key_is_limited_to(store: Store) -> None:
    key, held = a_held_key(
        name="till 7", apis=("payments", "users"), addresses=("203.0.113.0/24", "2001:db8::/32")
    )
    assert await store.credentials.add_key(held, key_digest(key), a_record()) == held
    assert await store.credentials.held_key(key_digest(key)) == held


@pytest.mark.parametrize("apis", [None, (), ("payments",)], ids=["all", "none", "one"])
async def test_tells_no_apis_from_all(store: Store, apis: tuple[str, ...] | None) -> None:
    key, held = a_held_key(apis=apis)
    await store.credentials.add_key(held, key_digest(key), a_record())
    found = await store.credentials.key_by_id(held.credential.id)
    assert found is not None
    assert found.apis == apis


async def test_rotates_and_says_so_in_the_news(store: Store) -> None:
    key, held = a_held_key()
    new_key, new = a_held_key("new")
    await store.credentials.add_key(held, key_digest(key), a_record())
    ends = NOW + timedelta(hours=24)
    id = held.credential.id
    assert await store.credentials.rotate(id, ends, new, key_digest(new_key), a_record()) == new
    old = await store.credentials.key_by_id(id)
    assert old is not None
    assert (old.expires_at, old.replaced_by) == (ends, new.credential.id)
    assert await store.credentials.held_key(key_digest(new_key)) == new
    (news,) = await store.news.news_since(0, up_to=9)
    assert (news.kind, news.subject) == (NewsKind.CREDENTIAL, id)


@pytest.mark.parametrize("is_revoked", [True, False], ids=["revoked", "rotated before"])
async def test_rotates_nothing_that_does_not_stand(store: Store, is_revoked: bool) -> None:
    key, held = a_held_key()
    id = held.credential.id
    await store.credentials.add_key(held, key_digest(key), a_record())
    if is_revoked:
        await store.credentials.revoke(id, a_revocation())
    else:
        first_key, first = a_held_key("first")
        await store.credentials.rotate(id, NOW, first, key_digest(first_key), a_record())
    second_key, second = a_held_key("second")
    digest = key_digest(second_key)
    assert await store.credentials.rotate(id, NOW, second, digest, a_record()) is None
    assert await store.credentials.held_key(digest) is None
