"""The edge asks over a real Unix socket."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date
from math import ceil
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry

from forecourt.actions.api_key import key_digest
from forecourt.actions.block import Block, Measure, TargetKind, blocked_by, unless_blocked
from forecourt.actions.credential import HeldKey
from forecourt.actions.pin import KnownPins
from forecourt.actions.quota import KnownSpending, Spent
from forecourt.actions.resolve_credential import KnownKeys
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.actions.suspension import Suspension, suspended_by, unless_suspended
from forecourt.compiler.ir.callers import Callers, Pin
from forecourt.server.resolver import Kept, resolver
from forecourt.server.serving import serving, unix_listener
from forecourt.store.opening import Store, opened_store
from forecourt.store.url import database_url
from tests.actions.builders import (
    NOW,
    a_block,
    a_held_key,
    a_limit,
    a_record,
    a_revocation,
    a_service,
    a_suspension,
    some_callers,
)

ORDERS = "spiffe://acme.example/ns/shop/sa/orders"


class Edge:
    """An edge's connection to a resolver, and what the resolver counted."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.registry = CollectorRegistry()
        transport = httpx.AsyncHTTPTransport(uds=str(socket), verify=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://control")

    async def ask(self, kind: str, credential: str, listener: str = "external") -> httpx.Response:
        return await self.client.post(
            "/resolve",
            headers={
                "forecourt-kind": kind,
                "forecourt-credential": credential,
                "forecourt-listener": listener,
            },
        )

    def counted(self, outcome: str) -> float | None:
        return self.registry.get_sample_value("forecourt_resolutions_total", {"outcome": outcome})


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


class SomePins:
    """One application has a pin."""

    async def pins_of(self, application: str) -> tuple[Pin, ...]:
        return (Pin(api="prices", version="2023-06-01"),) if application == "orders" else ()


class NoPins:
    """The store is away."""

    async def pins_of(self, application: str) -> tuple[Pin, ...]:
        raise StoreUnavailable("it is away")


class SomeSpending:
    """Everybody spent so much."""

    def __init__(self, day: int = 1000) -> None:
        self.day = day

    async def spent(self, holder: str, day: date) -> Spent:
        return Spent(day=self.day, month=self.day)


class NoSpending:
    """The store is away."""

    async def spent(self, holder: str, day: date) -> Spent:
        raise StoreUnavailable("it is away")


async def an_edge(
    stack: AsyncExitStack,
    folder: Path,
    store: KnownKeys,
    pins: KnownPins | None = None,
    stopped: tuple[Suspension, ...] = (),
    blocks: tuple[Block, ...] = (),
    callers: Callers | None = None,
    spending: KnownSpending | None = None,
) -> Edge:
    edge = Edge(folder / "resolve.sock")
    application = resolver(
        callers=some_callers if callers is None else lambda: callers,
        measures=lambda found, now: unless_blocked(
            unless_suspended(found, suspended_by(stopped)), blocked_by(blocks), now
        ),
        kept=Kept(
            keys=store,
            pins=SomePins() if pins is None else pins,
            spending=SomeSpending() if spending is None else spending,
        ),
        clock=lambda: NOW,
        news=lambda: 7,
        bucket_key=b"a key",
        registry=edge.registry,
    )
    await stack.enter_async_context(serving(application, unix_listener(edge.socket)))
    stack.push_async_callback(edge.client.aclose)
    return edge


@pytest.fixture
async def store(stack: AsyncExitStack, tmp_path: Path) -> Store:
    url = database_url(f"sqlite:///{tmp_path}/store.db")
    return await stack.enter_async_context(opened_store(url))


@pytest.fixture
async def edge(stack: AsyncExitStack, tmp_path: Path, store: Store) -> Edge:
    return await an_edge(stack, tmp_path, store.credentials)


async def test_says_what_a_key_stands_for(edge: Edge, store: Store) -> None:
    key, held = a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())
    response = await edge.ask("api_key", key)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert lines[:4] == [
        f"credential {held.credential.id}",
        "application app_ada",
        "consumer developer:ada",
        "audience public",
    ]
    assert lines[-1] == "news 7"
    assert edge.counted("entitled") == 1
    assert edge.registry.get_sample_value("forecourt_resolution_seconds_count") == 1


async def test_knows_at_once_that_a_key_was_revoked(edge: Edge, store: Store) -> None:
    key, held = a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())
    assert (await edge.ask("api_key", key)).status_code == 200
    await store.credentials.revoke(held.credential.id, a_revocation())
    response = await edge.ask("api_key", key)
    assert (response.status_code, response.text) == (404, "unknown revoked\n")
    assert edge.counted("revoked") == 1


async def test_says_nothing_of_who_is_suspended(
    stack: AsyncExitStack, tmp_path: Path, store: Store
) -> None:
    key, held = a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())
    stopped = (
        a_suspension("developer:ada", is_owner=True),
        a_suspension("orders"),
        a_suspension("acme-id/shop-app"),
    )
    edge = await an_edge(stack, tmp_path, store.credentials, stopped=stopped)
    for kind, credential, listener in (
        ("api_key", key, "external"),
        ("token", "acme-id user-1  shop-app", "external"),
        ("spiffe", ORDERS, "internal"),
        ("internal_token", "orders", "internal"),
    ):
        response = await edge.ask(kind, credential, listener)
        assert (response.status_code, response.text) == (404, "unknown suspended\n")
    assert edge.counted("suspended") == 4
    other = await edge.ask("token", "acme-id user-1  other-app", "external")
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("kind", "credential", "listener", "status", "text"),
    [
        ("api_key", a_held_key("never issued")[0], "external", 404, "unknown unknown\n"),
        ("api_key", "fc_live_mistyped", "external", 404, "unknown malformed\n"),
        ("api_key", a_held_key()[0], "internal", 404, "unknown not_accepted\n"),
        ("token", "acme-id user-1  shop-app", "internal", 404, "unknown not_accepted\n"),
        (
            "spiffe",
            "spiffe://acme.example/ns/shop/sa/orders",
            "external",
            404,
            "unknown not_accepted\n",
        ),
        ("internal_token", "orders", "external", 404, "unknown not_accepted\n"),
        ("internal_token", "billing", "internal", 404, "unknown undeclared\n"),
        ("certificate", "acme.api.example 0a", "external", 404, "unknown undeclared\n"),
        ("password", "hunter2", "external", 400, "malformed `forecourt-kind` is not one of"),
    ],
)
async def test_lets_nobody_in_with(
    edge: Edge, kind: str, credential: str, listener: str, status: int, text: str
) -> None:
    response = await edge.ask(kind, credential, listener)
    assert response.status_code == status
    assert response.text.startswith(text)


async def test_knows_a_service_on_the_internal_listener(edge: Edge) -> None:
    response = await edge.ask("spiffe", ORDERS, "internal")
    assert response.status_code == 200
    assert "consumer service:orders\n" in response.text


class Failing:
    """A store that does not answer."""

    async def held_key(self, sha256: str) -> HeldKey | None:
        raise StoreUnavailable("the database says: disk I/O error on /var/secret")


async def test_says_nothing_while_the_store_is_away(stack: AsyncExitStack, tmp_path: Path) -> None:
    edge = await an_edge(stack, tmp_path, Failing())
    response = await edge.ask("api_key", a_held_key()[0])
    assert (response.status_code, response.text) == (503, "unavailable\n")
    assert edge.counted("unavailable") == 1
    service = await edge.ask("internal_token", "orders", "internal")
    assert service.status_code == 200, "who needs no store is still known"


async def test_says_no_more_when_its_database_breaks(edge: Edge, store: Store) -> None:
    key, _ = a_held_key()
    database = edge.socket.parent / "store.db"
    database.rename(database.with_name("elsewhere.db"))
    response = await edge.ask("api_key", key)
    assert (response.status_code, response.text) == (503, "unavailable\n")


async def test_answers_one_question_only(edge: Edge) -> None:
    assert (await edge.client.get("/resolve")).status_code == 405
    assert (await edge.client.get("/resolve")).headers["allow"] == "POST"
    assert (await edge.client.post("/")).status_code == 404


async def test_answers_many_over_one_connection(edge: Edge, store: Store) -> None:
    keys = [a_held_key(str(n)) for n in range(20)]
    for key, held in keys:
        await store.credentials.add_key(held, key_digest(key), a_record())
    responses = await asyncio.gather(*(edge.ask("api_key", key) for key, _ in keys))
    told = [r.text.splitlines()[0] for r in responses]
    assert told == [f"credential {held.credential.id}" for _, held in keys]


async def test_nobody_else_reaches_the_socket(edge: Edge) -> None:
    assert stat.S_IMODE(edge.socket.stat().st_mode) == 0o600


_ORDERS = "spiffe://acme.example/ns/shop/sa/orders"


async def test_says_what_an_application_is_pinned_to(edge: Edge) -> None:
    response = await edge.ask("spiffe", _ORDERS, "internal")
    assert "pin prices 2023-06-01" in response.text.splitlines()


async def test_where_nobody_knows_the_pins_a_caller_is_known_all_the_same(
    stack: AsyncExitStack, tmp_path: Path, store: Store
) -> None:
    edge = await an_edge(stack, tmp_path, store.credentials, NoPins())
    response = await edge.ask("spiffe", _ORDERS, "internal")
    assert response.status_code == 200
    assert {"pins unknown", "fresh 5"} <= set(response.text.splitlines())


DAILY = some_callers(services=(a_service(limit=replace(a_limit(), per_day=10)),))


async def test_says_until_when_a_quota_is_used_up(
    stack: AsyncExitStack, tmp_path: Path, store: Store
) -> None:
    spending = SomeSpending(10)
    edge = await an_edge(stack, tmp_path, store.credentials, callers=DAILY, spending=spending)
    lines = (await edge.ask("spiffe", ORDERS, "internal")).text.splitlines()
    assert "quota day 10" in lines
    assert "exhausted day 1772409600" in lines  # 2026-03-02
    spending.day = 9
    lines = (await edge.ask("spiffe", ORDERS, "internal")).text.splitlines()
    assert not any(line.startswith("exhausted") for line in lines)


async def test_who_is_slowed_down_gets_no_quota_anew(
    stack: AsyncExitStack, tmp_path: Path, store: Store
) -> None:
    class OfTheService:
        async def spent(self, holder: str, day: date) -> Spent:
            return Spent(day=10 if holder == "service:orders" else 0)

    its = a_block("orders", kind=TargetKind.APPLICATION, measure=Measure.THROTTLE)
    edge = await an_edge(
        stack,
        tmp_path,
        store.credentials,
        callers=DAILY,
        spending=OfTheService(),
        blocks=(its,),
    )
    lines = (await edge.ask("spiffe", ORDERS, "internal")).text.splitlines()
    tenth = f"limit {a_limit().per_minute // 10}"
    assert {tenth, "quota day 10", "exhausted day 1772409600"} <= set(lines)


async def test_without_the_numbers_nobody_with_a_quota_is_let_in_anew(
    stack: AsyncExitStack, tmp_path: Path, store: Store
) -> None:
    edge = await an_edge(stack, tmp_path, store.credentials, callers=DAILY, spending=NoSpending())
    assert (await edge.ask("spiffe", ORDERS, "internal")).status_code == 503


async def test_says_until_when_a_caller_is_refused(
    stack: AsyncExitStack, tmp_path: Path, store: Store
) -> None:
    key, held = a_held_key()
    await store.credentials.add_key(held, key_digest(key), a_record())
    its = a_block("developer:ada", kind=TargetKind.OWNER)
    edge = await an_edge(stack, tmp_path, store.credentials, blocks=(its,))
    response = await edge.ask("api_key", key)
    assert response.status_code == 200
    assert its.until is not None
    assert f"blocked {ceil(its.until.timestamp())}" in response.text.splitlines()
