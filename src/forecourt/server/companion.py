"""What runs beside Envoy: answers it, tells it news, keeps it running, publishes what is saved."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from prometheus_client import CollectorRegistry, Gauge
from starlette.types import ASGIApp

from forecourt.actions.block import Blocks, unless_blocked
from forecourt.actions.block_target import KnownCredentials
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.entitlement_of_application import entitlement_of_application
from forecourt.actions.entropy import Entropy
from forecourt.actions.leak import Leaks
from forecourt.actions.oauth.attempts import Attempts
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.oauth.store import Tokens
from forecourt.actions.oauth.token_keys import TokenKey
from forecourt.actions.pin import Pins
from forecourt.actions.publish import Published
from forecourt.actions.quota import KnownSpending
from forecourt.actions.quota_limits import KnownApplications, quota_limits
from forecourt.actions.resolve_credential import KnownKeys
from forecourt.actions.signing_key import SigningKey
from forecourt.actions.suspension import KnownSuspensions, unless_suspended
from forecourt.actions.usage import UsageStore
from forecourt.compiler.envoy import files
from forecourt.compiler.ir.callers import Limit
from forecourt.contract.projection import project
from forecourt.edge.buckets import bucket_key, make_buckets
from forecourt.edge.compiled_contracts import CompiledContractFolder
from forecourt.edge.supervisor import AddressTaken, EnvoyOptions, Supervisor
from forecourt.estate.organization import Address
from forecourt.server import function, judge, key_wishes, leak_reports
from forecourt.server.abuse_postures import AbusePostures
from forecourt.server.access_tokens import PublishedResources, resolving_tokens
from forecourt.server.blocked import StandingBlocks
from forecourt.server.bucket_metrics import BucketMetrics
from forecourt.server.certificate_watch import CertificateMetrics, CertificateWatch
from forecourt.server.control import control
from forecourt.server.detecting import Detecting
from forecourt.server.exposure_metrics import ExposureMetrics
from forecourt.server.freeing import Freeing
from forecourt.server.functions import Functions
from forecourt.server.header_versions import HeaderVersions, ReadableRevisions
from forecourt.server.internal_tokens import internal_tokens
from forecourt.server.judges import Judges
from forecourt.server.key_wishes import KeyWishes
from forecourt.server.mock import mock
from forecourt.server.never_blocked import NeverBlocked
from forecourt.server.news import NewsFile, NewsStore
from forecourt.server.oauth.application import AuthorizationServer, oauth
from forecourt.server.oauth.client_authentication import ClientAuthentication
from forecourt.server.oauth.key_keeping import ServedKeys
from forecourt.server.operations import Readiness, operations
from forecourt.server.published import PublishedCallers, PublishedRevisions
from forecourt.server.publisher import Publisher, Report
from forecourt.server.resolver import Kept, resolver
from forecourt.server.saves import saves
from forecourt.server.serving import serving, tcp_listener, unix_listener
from forecourt.server.shedding_watch import SheddingWatch
from forecourt.server.suspended import StandingSuspensions
from forecourt.server.usage_counting import UsageCounting
from forecourt.usage.spending import Holder

# How often to look whether anything is due without a save.
_LOOK_AGAIN_MS = 1_000


class Keys(KnownKeys, KnownCredentials, Protocol):
    """What is needed of where keys are."""


class Revisions(PublishedRevisions, ReadableRevisions, Protocol):
    """What is needed of where revisions are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Everything that one machine's gateway is made of, besides Envoy itself.

    `addresses` are the hosts and ports on which Envoy will listen; `concurrency` and `memory` are
    `EnvoyOptions`'. `sheds`: callers are turned away while the machine is full.
    """

    state: Path
    operations: Address
    concurrency: int
    memory: int
    sheds: bool
    publisher: Publisher
    keys: Keys
    news: NewsStore
    revisions: Revisions
    leaks: Leaks
    pins: Pins
    suspensions: KnownSuspensions
    blocks: Blocks
    entropy: Entropy
    usage: UsageStore
    spending: KnownSpending
    applications: KnownApplications
    header_versions: HeaderVersions
    key_wishes: KeyWishes
    internal_key: Callable[[], SigningKey]
    clients: Tokens
    token_keys: Callable[[], Sequence[TokenKey]]
    clock: Callable[[], datetime]
    addresses: tuple[tuple[str, int], ...]


@asynccontextmanager
async def serving_gateway(companion: Companion) -> AsyncIterator[Supervisor]:
    """Serves what is published for as long as the block runs; ends Envoy last.

    Raises `EnvoyDidNotStart`, `BucketsUnusable`, and `OSError` where an address is taken.
    """
    registry = CollectorRegistry()
    callers = PublishedCallers(companion.revisions)
    suspended = StandingSuspensions(companion.suspensions)
    blocked = StandingBlocks(
        companion.blocks,
        companion.state / files.BLOCKS,
        clock=companion.clock,
        never=NeverBlocked(companion.revisions),
    )
    resources = PublishedResources(companion.revisions)

    async def catch_up() -> None:
        for known in (callers, suspended, blocked, resources):
            await known.refresh()

    await catch_up()
    news = NewsFile(companion.state / files.NEWS, companion.news, before_telling=catch_up)
    await news.refresh()
    buckets = companion.state / files.BUCKETS
    make_buckets(buckets)
    _register(registry, companion)
    supervisor = Supervisor(
        EnvoyOptions(
            state=companion.state, concurrency=companion.concurrency, memory=companion.memory
        )
    )
    resolve = resolver(
        callers=callers,
        measures=lambda found, now: unless_blocked(
            unless_suspended(found, suspended()), blocked(), now
        ),
        kept=Kept(keys=companion.keys, pins=companion.pins, spending=companion.spending),
        clock=companion.clock,
        news=lambda: news.latest,
        bucket_key=bucket_key(buckets),
        registry=registry,
        access_tokens=resolving_tokens(
            clients=companion.clients,
            callers=callers,
            resources=resources,
            clock=companion.clock,
        ),
    )
    compiled = CompiledContractFolder(companion.state)
    judges = Judges(compiled.exact)
    judging = judge.judge(judges=judges, registry=registry)
    functions = Functions(compiled.functions)
    changing = function.function(functions=functions, registry=registry)
    counting = leak_reports.leak_reports(companion.leaks, companion.clock)
    watched = operations(
        registry=registry,
        readiness=_readiness(supervisor, companion),
        further=supervisor.admin.prometheus,
    )

    usage = _usage_counting(companion, callers, registry)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(judges.close)
        stack.push_async_callback(functions.close)
        asked = {
            judge.PATH: judging,
            function.PATH: changing,
            leak_reports.PATH: counting,
            key_wishes.PATH: key_wishes.key_wishes(companion.key_wishes),
        }
        authorizing = _authorization_server(companion, callers, resources, suspended)
        sockets: tuple[tuple[ASGIApp, str], ...] = (
            (control(asked, otherwise=resolve), files.CONTROL_SOCKET),
            (mock(companion.publisher.contract, project), files.MOCK_SOCKET),
            (_internal_tokens(companion, callers), files.TOKEN_SOCKET),
            (oauth(authorizing), files.OAUTH_SOCKET),
        )
        for application, path in sockets:
            listener = unix_listener(companion.state / path)
            await stack.enter_async_context(serving(application, listener))
        listener = _listening_for_operators(companion.operations)
        await stack.enter_async_context(serving(watched, listener))
        await stack.enter_async_context(_background(news.keep()))
        await stack.enter_async_context(_background(usage.keep()))
        watch = CertificateWatch(companion.state, companion.clock)
        await stack.enter_async_context(_background(watch.keep()))
        if compiled.has_exact():
            await stack.enter_async_context(_background(judges.begin()))
        if compiled.has_functions():
            await stack.enter_async_context(_background(functions.begin()))
        stack.push_async_callback(supervisor.stop)  # also where the start is interrupted
        await supervisor.start(companion.addresses)
        await stack.enter_async_context(_background(supervisor.keep()))
        shedding = SheddingWatch(buckets, lambda: supervisor.pid, registry)
        if companion.sheds:
            await stack.enter_async_context(_background(shedding.keep()))
        yield supervisor


def _usage_counting(
    companion: Companion, callers: PublishedCallers, registry: CollectorRegistry
) -> UsageCounting:
    """What reads the access log: it counts, and lets detectors look."""

    async def limits(holders: Iterable[Holder]) -> Mapping[Holder, Limit]:
        return await quota_limits(holders, callers(), companion.applications)

    return UsageCounting(
        companion.state / files.ACCESS_LOG,
        usage=companion.usage,
        pins=companion.pins,
        pinnable=companion.header_versions,
        news=companion.news,
        limits=limits,
        clock=companion.clock,
        detecting=Freeing(
            companion.state / files.BUCKETS,
            Detecting(
                blocks=companion.blocks,
                keys=companion.keys,
                calls=companion.usage,
                abuse=AbusePostures(companion.revisions),
                never=NeverBlocked(companion.revisions),
                clock=companion.clock,
                entropy=companion.entropy,
                registry=registry,
            ),
        ),
    )


def _internal_tokens(companion: Companion, callers: PublishedCallers) -> ASGIApp:
    return internal_tokens(
        callers=callers,
        key=companion.internal_key,
        clock=companion.clock,
        entropy=companion.entropy,
    )


def _authorization_server(
    companion: Companion,
    callers: PublishedCallers,
    resources: PublishedResources,
    suspended: StandingSuspensions,
) -> AuthorizationServer:
    def entitled(held: HeldClient) -> Entitlement | Unknown:
        return entitlement_of_application(held.application, held.client.id, callers())

    def is_suspended(held: HeldClient) -> bool:
        application = held.application
        return suspended().stops(application=application.id, consumer=str(application.owner))

    # Before the first client, nobody can have used anything up.
    begun = time.monotonic() if companion.token_keys() else None
    return AuthorizationServer(
        store=companion.clients,
        authentication=ClientAuthentication(
            store=companion.clients,
            attempts=Attempts(begun=begun),
            is_suspended=is_suspended,
            monotonic=time.monotonic,
        ),
        resources=resources,
        entitled=entitled,
        keys=companion.token_keys,
        is_served=ServedKeys(companion.state, companion.clock),
        clock=companion.clock,
        entropy=companion.entropy,
    )


def _register(registry: CollectorRegistry, companion: Companion) -> None:
    """What is measured whenever somebody asks."""
    registry.register(BucketMetrics(companion.state / files.BUCKETS))
    registry.register(ExposureMetrics(companion.state, companion.clock))
    registry.register(CertificateMetrics(companion.state, companion.clock))
    most = Gauge("forecourt_memory_bound_bytes", "What Envoy may hold at once.", registry=registry)
    most.set(companion.memory)


def _listening_for_operators(where: Address) -> socket.socket:
    try:
        return tcp_listener(where.host, where.port)
    except OSError as error:
        said_by = "`FORECOURT_OPERATIONS` (where metrics and health are)"
        raise AddressTaken(where.host, where.port, error, said_by=said_by) from None


async def publish_what_is_saved(
    publisher: Publisher,
    estate: Path,
    *,
    last: Report,
    who: str,
    told: Callable[[Report], None],
    failed: Callable[[Exception], None],
) -> None:
    """Publishes after each save, for ever. `told` hears what came of it, `failed` what failed.

    `last` is what was told before. What was saved before the watch began, what fails, what was
    recorded and not served, and what a new day brings is due at the next look.
    """
    today = publisher.today()
    is_due, last_failure = True, ""
    async for saved in saves(estate, look_again_ms=_LOOK_AGAIN_MS):
        day = publisher.today()
        try:
            is_due = is_due or bool(saved) or day != today or await publisher.is_behind()
            if not is_due:
                continue
            report = await publisher.publish(who=who, because="saved")
        except Exception as error:  # the edge serves on
            if str(error) != last_failure:
                failed(error)
            last_failure = str(error)
            continue
        if saved or day != today or last_failure or _is_news(report, last):
            told(report)
        last, today, is_due, last_failure = report, day, False, ""


def _is_news(report: Report, last: Report) -> bool:
    """Whether it says something that the last one did not."""
    now, then = report.outcome, last.outcome
    return (
        isinstance(now, Published)
        or (now.held, now.refused) != (then.held, then.refused)
        or report.examined.diagnostics != last.examined.diagnostics
    )


def _readiness(supervisor: Supervisor, companion: Companion) -> dict[str, Readiness]:
    async def envoy() -> str | None:
        return None if await supervisor.admin.is_ready() else "envoy does not serve"

    async def database() -> str | None:
        await companion.news.latest_news()
        return None

    return {"envoy": envoy, "database": database}


@asynccontextmanager
async def _background(work: Awaitable[None]) -> AsyncIterator[None]:
    """Runs until the block ends."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
