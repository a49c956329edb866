"""Runs a function of the estate over a body: `POST /function`, on the control socket only."""

from __future__ import annotations

import re
from time import perf_counter
from typing import assert_never

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.server.functions import Functions
from forecourt.server.plain_text import send_text
from forecourt.server.processes import Busy, NoAnswer
from forecourt.server.whole_body import whole_body
from forecourt.source.functions import FUNCTION_NAME

_LOG = structlog.get_logger()

PATH = "/function"

_DIGEST = re.compile(r"[0-9a-f]{32}")

_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)

# status, body, outcome as the metrics name it
_Answer = tuple[int, bytes, str]


def function(*, functions: Functions, registry: CollectorRegistry) -> ASGIApp:
    """The application.

    `forecourt-file` names a file of functions by its digest, `forecourt-function` a function in it,
    `forecourt-caller` who takes turns with whom; the body is the JSON to be changed. 200 with the
    JSON that it made; 422 where the function refused, with its reason as text; 502 where it failed,
    took too long, or ended its process; 404 where nobody has that function; 503 while too many
    wait; 400 for what no edge of ours asks.
    """
    answered = Counter(
        "forecourt_functions",
        "Bodies that functions of the estate were asked to change, by outcome",
        ["outcome"],
        registry=registry,
    )
    seconds = Histogram(
        "forecourt_function_seconds",
        "Time of a function of the estate",
        buckets=_SECONDS,
        registry=registry,
    )

    async def made(scope: Scope, receive: Receive) -> _Answer:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        file, name = headers.get(b"forecourt-file", ""), headers.get(b"forecourt-function", "")
        if not _DIGEST.fullmatch(file) or not FUNCTION_NAME.fullmatch(name):
            return 400, b"malformed\n", "misspoken"
        caller = headers.get(b"forecourt-caller", "")
        try:
            found = await functions.run(file, name, lambda: whole_body(receive), caller)
        except Busy:
            return 503, b"busy\n", "busy"
        except NoAnswer:
            _LOG.warning("a function took too long, or ended its process", file=file, function=name)
            return 502, b"no answer\n", "no_answer"
        if found is None:
            return 400, b"malformed\n", "misspoken"
        match found.outcome:
            case "done":
                return 200, found.body, "done"
            case "refused":
                return 422, found.why.encode(errors="replace"), "refused"
            case "failed":
                _LOG.warning("a function failed", file=file, function=name, why=found.why)
                return 502, b"failed\n", "failed"
            case "lost" | "forgotten":
                return 404, b"unknown\n", "unknown"
            case _:
                assert_never(found.outcome)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            await send_text(send, 405, "only POST\n", (b"allow", b"POST"))
            return
        start = perf_counter()
        status, body, outcome = await made(scope, receive)
        await _send(send, status, body)
        answered.labels(outcome).inc()
        seconds.observe(perf_counter() - start)

    return application


async def _send(send: Send, status: int, body: bytes) -> None:
    fields = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
