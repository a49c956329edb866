"""What operators watch."""

from __future__ import annotations

import asyncio

import httpx
from prometheus_client import CollectorRegistry, Counter

from forecourt.server.operations import Readiness, operations


async def yes() -> str | None:
    return None


async def no() -> str | None:
    return "the database does not answer"


async def never() -> str | None:
    await asyncio.Event().wait()
    return None


async def broken() -> str | None:
    raise ZeroDivisionError("password=hunter2")


async def ask(path: str, **readiness: Readiness) -> httpx.Response:
    registry = CollectorRegistry()
    Counter("forecourt_things", "Things", registry=registry).inc(3)
    application = operations(registry=registry, readiness=readiness, seconds_to_answer=0.01)
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.get(path)


async def test_tells_figures_as_prometheus_reads_them() -> None:
    response = await ask("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    assert "forecourt_things_total 3.0" in response.text


async def test_lives_whether_or_not_it_is_ready() -> None:
    response = await ask("/health/live", database=no)
    assert (response.status_code, response.json()) == (200, {"status": "live"})


async def test_is_ready_when_every_part_is() -> None:
    response = await ask("/health/ready", database=yes, edge=yes)
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "not_ready": {}}


async def test_names_what_is_not_ready_and_why() -> None:
    response = await ask("/health/ready", database=no, edge=yes, news=never, issuer=broken)
    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "not_ready": {
            "database": "the database does not answer",
            "news": "did not answer within 0.01 s",
            "issuer": "failed; see the log",
        },
    }


async def test_offers_nothing_else() -> None:
    assert (await ask("/")).status_code == 404
    assert (await ask("/health")).status_code == 404
