"""Clients, and what of their tokens counts no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from forecourt.actions.announce import NewsKind
from forecourt.actions.oauth.access_token import new_access_token
from forecourt.actions.oauth.attempts import NETWORKS_OF_CLIENT, Proof
from forecourt.actions.oauth.client import FormerSecret
from forecourt.actions.oauth.client_assertion import Assertion
from forecourt.actions.oauth.rotate_secret import Which
from forecourt.store.opening import Store, opened_store
from forecourt.store.url import database_url
from tests.actions.builders import a_record, a_revocation, chance
from tests.actions.oauth.builders import NOW, URL, a_client
from tests.store.conftest import IN_POSTGRES, _new_postgres_database

HELD = a_client(
    secret_sha256="ab" * 32,
    scopes=("read",),
    is_test=True,
    expires_at=NOW + timedelta(days=1),
)


@pytest.fixture(params=["sqlite", IN_POSTGRES])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite:///{tmp_path}/store.db"
    if request.param == "postgres":
        url = await _new_postgres_database(request.getfixturevalue("postgres"))
    async with opened_store(database_url(url)) as opened:
        yield opened


def an_assertion(digest: str = "one", seconds: int = 60) -> Assertion:
    return Assertion(
        client="client_one", digest=digest, expires_at=NOW + timedelta(seconds=seconds)
    )


async def news(store: Store) -> list[tuple[NewsKind, str]]:
    head = await store.news.latest_news()
    return [(n.kind, n.subject) for n in await store.news.news_since(0, up_to=head.latest)]


async def deeds(store: Store) -> list[str]:
    return [entry.what for entry in await store.audit.newest(most=10)]


async def test_remembers_a_client_with_its_application(store: Store) -> None:
    assert await store.clients.client("client_one") is None
    assert await store.clients.add_client(HELD, a_record()) == HELD
    assert await store.clients.client("client_one") == HELD
    assert await store.clients.clients() == (HELD,)
    application = HELD.application
    assert await store.clients.application(application.owner, application.name) == application
    assert await deeds(store) == ["client.add"]


async def test_a_second_client_is_held_by_the_same_application(store: Store) -> None:
    await store.clients.add_client(HELD, a_record())
    other = replace(HELD.application, id="app_other")
    second = replace(HELD, client=replace(HELD.client, id="client_two"), application=other)
    added = await store.clients.add_client(second, a_record())
    assert added.application == HELD.application


async def test_withdraws_a_client_once_and_says_so(store: Store) -> None:
    await store.clients.add_client(HELD, a_record())
    revocation = a_revocation()
    revoked = await store.clients.revoke_client("client_one", revocation)
    assert revoked is not None
    assert revoked.client.revoked == revocation
    assert await store.clients.revoke_client("client_one", a_revocation()) is None
    assert await store.clients.revoke_client("client_nobody", a_revocation()) is None
    assert await news(store) == [(NewsKind.APPLICATION, HELD.application.id)]
    assert await deeds(store) == ["client.revoke", "client.add"]


async def test_gives_a_client_another_secret_where_nobody_was_faster(store: Store) -> None:
    clients = store.clients
    await clients.add_client(HELD, a_record())
    former = FormerSecret(sha256="ab" * 32, until=NOW + timedelta(hours=1))
    rotated = await clients.rotate_secret(HELD.client, "cd" * 32, former, a_record())
    assert rotated is not None
    assert rotated == await clients.client("client_one")
    assert (rotated.client.secret_sha256, rotated.client.former) == ("cd" * 32, former)
    assert await clients.rotate_secret(HELD.client, "ef" * 32, former, a_record()) is None
    assert await clients.client("client_one") == rotated
    assert await deeds(store) == ["client.rotate", "client.add"]
    assert await news(store) == [], "no edge knows a secret"


@pytest.mark.parametrize("which", list(Which))
async def test_withdraws_either_secret_once(store: Store, which: Which) -> None:
    former = FormerSecret(sha256="cd" * 32, until=NOW + timedelta(hours=1))
    both = replace(HELD, client=replace(HELD.client, former=former))
    await store.clients.add_client(both, a_record())
    revocation = a_revocation(NOW)
    left = await store.clients.withdraw_secret(both.client, which, revocation)
    assert left is not None
    assert left == await store.clients.client("client_one")
    new, old = left.client.secret_sha256, left.client.former
    assert (new, old) == ((None, former) if which is Which.NEW else ("ab" * 32, None))
    assert await store.clients.withdraw_secret(left.client, which, revocation) is None
    assert await store.clients.withdraw_secret(both.client, which, revocation) is None
    assert await deeds(store) == ["client.revoke", "client.add"]


async def test_a_client_that_was_withdrawn_gets_no_other_secret(store: Store) -> None:
    await store.clients.add_client(HELD, a_record())
    await store.clients.revoke_client("client_one", a_revocation())
    assert await store.clients.rotate_secret(HELD.client, "cd" * 32, None, a_record()) is None


async def test_an_assertion_counts_once_until_it_ends(store: Store) -> None:
    clients = store.clients
    assert await clients.use_assertion(an_assertion(), NOW)
    assert not await clients.use_assertion(an_assertion(), NOW)
    assert await clients.use_assertion(an_assertion("two"), NOW)
    later = NOW + timedelta(hours=3)
    assert await clients.use_assertion(an_assertion("three", 20_000), later), "others are forgotten"
    assert await clients.use_assertion(an_assertion(), later), "it would be refused as expired"


async def test_a_clock_that_is_set_right_does_not_have_an_assertion_count_again(
    store: Store,
) -> None:
    clients, ahead = store.clients, NOW + timedelta(hours=1)
    assert await clients.use_assertion(an_assertion(), NOW)
    assert await clients.use_assertion(an_assertion("another", 4_000), ahead)
    assert not await clients.use_assertion(an_assertion(), NOW)


def a_proof(network: str, *, days: int = 0, client: str = "client_one") -> Proof:
    return Proof(client=client, network=network, at=NOW + timedelta(days=days))


async def test_remembers_where_clients_proved_themselves_for_a_while(store: Store) -> None:
    clients = store.clients
    for proof in (a_proof("192.0.2.1"), a_proof("192.0.2.2", days=1)):
        await clients.keep_proof(proof)
    await clients.keep_proof(a_proof("192.0.2.1", days=2))
    now = NOW + timedelta(days=2)
    kept = (a_proof("192.0.2.2", days=1), a_proof("192.0.2.1", days=2))
    assert await clients.proofs(now) == kept
    assert await clients.proofs(NOW + timedelta(days=91)) == kept[1:]


async def test_remembers_of_one_that_moves_about_the_latest_places(store: Store) -> None:
    await store.clients.keep_proof(a_proof("192.0.2.1", client="client_two"))
    for day in range(NETWORKS_OF_CLIENT + 5):
        await store.clients.keep_proof(a_proof(f"198.51.100.{day}", days=day))
    kept = await store.clients.proofs(NOW + timedelta(days=30))
    assert [p.network for p in kept if p.client == "client_one"] == [
        f"198.51.100.{day}" for day in range(5, NETWORKS_OF_CLIENT + 5)
    ]
    assert [p.network for p in kept if p.client == "client_two"] == ["192.0.2.1"]


async def test_forgets_where_a_client_called_that_is_withdrawn(store: Store) -> None:
    await store.clients.add_client(HELD, a_record())
    await store.clients.keep_proof(a_proof("192.0.2.1"))
    await store.clients.revoke_client("client_one", a_revocation())
    assert await store.clients.proofs(NOW) == ()


async def test_withdraws_a_token_once_and_says_so(store: Store) -> None:
    token = new_access_token(
        issuer=URL, client="client_one", audience=(URL,), scopes=None, now=NOW, entropy=chance()
    )
    assert not await store.clients.is_token_revoked(token.id)
    await store.clients.record_grant(token, a_record(NOW))
    await store.clients.revoke_token(token, a_record(NOW))
    await store.clients.revoke_token(token, a_record(NOW))
    assert await store.clients.is_token_revoked(token.id)
    assert await news(store) == [(NewsKind.CREDENTIAL, token.client)]
    assert await deeds(store) == ["token.revoke", "token.issue"]


async def test_a_clock_that_is_set_right_does_not_bring_a_token_back(store: Store) -> None:
    ahead = NOW + timedelta(hours=1)
    token, other = (
        new_access_token(
            issuer=URL,
            client="client_one",
            audience=(URL,),
            scopes=None,
            now=now,
            entropy=chance(n),
        )
        for n, now in (("one", NOW), ("two", ahead))
    )
    await store.clients.revoke_token(token, a_record(NOW))
    await store.clients.revoke_token(other, a_record(ahead))
    assert await store.clients.is_token_revoked(token.id)
    assert await store.clients.is_token_revoked(other.id)


async def test_no_entry_holds_a_digest_of_a_secret(store: Store) -> None:
    await store.clients.add_client(HELD, a_record())
    (entry,) = await store.audit.newest(most=10)
    assert "abab" not in entry.text
