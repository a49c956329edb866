"""What operators watch: `/metrics`, `/health/live`, `/health/ready`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_LOG = structlog.get_logger()

# None: ready. Otherwise why not, in a few words without secrets.
Readiness = Callable[[], Awaitable[str | None]]

# A probe gives up after a second or so; an answer that comes later helps nobody.
_SECONDS_TO_ANSWER = 1.0


async def _nothing() -> str:
    """No metrics but our own."""
    return ""


def operations(
    *,
    registry: CollectorRegistry,
    readiness: Mapping[str, Readiness],
    further: Callable[[], Awaitable[str]] = _nothing,
    seconds_to_answer: float = _SECONDS_TO_ANSWER,
) -> Starlette:
    """The application. `readiness` has a question for each part that must be ready.

    `further` gives metrics of somebody else, in Prometheus' text format.
    """

    async def metrics(_request: Request) -> Response:
        own = await asyncio.to_thread(generate_latest, registry)
        return Response(own + (await further()).encode(), media_type=CONTENT_TYPE_LATEST)

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_request: Request) -> Response:
        answers = await asyncio.gather(
            *(_ask(name, ask, seconds_to_answer) for name, ask in readiness.items())
        )
        missing = {n: why for n, why in zip(readiness, answers, strict=True) if why is not None}
        if missing:
            return JSONResponse({"status": "not ready", "not_ready": missing}, 503)
        return JSONResponse({"status": "ready", "not_ready": {}})

    return Starlette(
        routes=[
            Route("/metrics", metrics),
            Route("/health/live", live),
            Route("/health/ready", ready),
        ]
    )


async def _ask(name: str, ask: Readiness, seconds: float) -> str | None:
    try:
        return await asyncio.wait_for(ask(), seconds)
    except TimeoutError:
        return f"did not answer within {seconds:g} s"
    except Exception as error:  # whatever it is, the part is not ready, and the others still are
        _LOG.warning("readiness cannot be told", part=name, error=repr(error))
        return "failed; see the log"
