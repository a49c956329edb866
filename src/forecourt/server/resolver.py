"""Tells the edge what a credential stands for: `POST /resolve`, on a Unix socket only.

A plain ASGI application: a hundred thousand keys after a restart ask here, each once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import perf_counter

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.pin import KnownPins
from forecourt.actions.presented import AnyPresented, PresentedAccessToken
from forecourt.actions.quota import KnownSpending
from forecourt.actions.resolve_credential import KnownKeys, resolve_credential
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.actions.within_quota import within_quota
from forecourt.compiler.ir.callers import Callers
from forecourt.server.access_tokens import ResolveToken, nobodys
from forecourt.server.entitlement_lines import entitlement_lines
from forecourt.server.plain_text import send_text
from forecourt.server.presentation import Misspoken, presented

_LOG = structlog.get_logger()

# Around the goal of 5 ms for the slowest of a hundred.
_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0)

# status, body, outcome as the metrics name it
_Answer = tuple[int, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the store is asked for: keys, what applications are pinned to, and what counts against
    quotas."""

    keys: KnownKeys
    pins: KnownPins
    spending: KnownSpending


def resolver(
    *,
    callers: Callable[[], Callers],
    measures: Callable[[Entitlement | Unknown, datetime], Entitlement | Unknown],
    kept: Kept,
    clock: Callable[[], datetime],
    news: Callable[[], int],
    bucket_key: bytes,
    registry: CollectorRegistry,
    access_tokens: ResolveToken = nobodys,
) -> ASGIApp:
    """The application. `callers` gives those who are published at the moment, `measures` what
    is done about some of them for a while, `kept` is what the store knows, `news` gives the number
    of the latest news that the edges were told; `bucket_key` makes the ids of buckets;
    `access_tokens` knows those that are ours.

    200 with the lines of `entitlement_lines`; 404 `unknown REASON`; 503 while the store does not
    answer; 400 for what no edge of ours asks.
    """
    answered = Counter(
        "forecourt_resolutions",
        "Credentials that an edge asked about, by outcome",
        ["outcome"],
        registry=registry,
    )
    seconds = Histogram(
        "forecourt_resolution_seconds",
        "Time to say what a credential stands for",
        buckets=_SECONDS,
        registry=registry,
    )

    async def resolve(scope: Scope) -> _Answer:
        try:
            credential = presented(dict(scope["headers"]))
        except Misspoken as error:
            return 400, f"malformed {error}\n", "misspoken"
        if credential is None:
            return 404, "unknown not_accepted\n", "not_accepted"
        # Before anything is read: what happens meanwhile must not look as if the answer knew it.
        known_news = news()
        try:
            now = clock()
            found = await _resolved(credential, now)
            if not isinstance(found, Unknown):
                # By its own bucket: whoever is slowed down has another, of which nothing is spent.
                found = await within_quota(found, kept.spending, now.astimezone(UTC).date())
            found = measures(found, now)
        except StoreUnavailable as error:
            _LOG.warning("cannot resolve a credential", because=error.because)
            return 503, "unavailable\n", "unavailable"
        if isinstance(found, Unknown):
            return 404, f"unknown {found.reason}\n", found.reason
        found = await _pinned(found, kept.pins)
        return 200, entitlement_lines(found, news=known_news, bucket_key=bucket_key), "entitled"

    async def _resolved(credential: AnyPresented, now: datetime) -> Entitlement | Unknown:
        if isinstance(credential, PresentedAccessToken):
            return await access_tokens(credential)
        return await resolve_credential(credential, callers=callers(), store=kept.keys, now=now)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] != "/resolve":
            await send_text(send, 404, "not found\n")
            return
        if scope["method"] != "POST":
            await send_text(send, 405, "only POST\n", (b"allow", b"POST"))
            return
        start = perf_counter()
        status, body, outcome = await resolve(scope)
        await send_text(send, status, body)
        answered.labels(outcome).inc()
        seconds.observe(perf_counter() - start)

    return application


async def _pinned(found: Entitlement, pins: KnownPins) -> Entitlement:
    """With what its application is pinned to. Where the store does not answer, nobody knows; that
    keeps nobody out but who leaves the version open."""
    try:
        return replace(found, pins=await pins.pins_of(found.application))
    except StoreUnavailable as error:
        _LOG.warning("cannot say what an application is pinned to", because=error.because)
        return replace(found, pins=None)
