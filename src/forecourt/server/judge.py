"""Judges a body that the edge cannot judge exactly: `POST /judge`, on the control socket only."""

from __future__ import annotations

import re
from time import perf_counter
from typing import assert_never
from urllib.parse import unquote

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.server.fault_lines import fault_lines
from forecourt.server.judges import Judges
from forecourt.server.plain_text import send_text
from forecourt.server.processes import Busy, NoAnswer
from forecourt.server.whole_body import whole_body

_LOG = structlog.get_logger()

PATH = "/judge"

# A digest (forecourt.compiler.contracts.compile).
_DIGEST = re.compile(r"[0-9a-f]{32}")

_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)

# status, body, outcome as the metrics name it
_Answer = tuple[int, str, str]


def judge(*, judges: Judges, registry: CollectorRegistry) -> ASGIApp:
    """The application.

    `forecourt-contract` names the way in of a contract by its digest, `forecourt-root` a schema in
    it, percent-encoded, `forecourt-caller` who takes turns with whom; the body is the JSON to be
    judged. 204 where it keeps the schema; 422 with `fault_lines`; 404 where nobody has that schema;
    503 while too many are judged, or where this one takes too long; 400 for what no edge of ours
    asks.
    """
    answered = Counter(
        "forecourt_judgements",
        "Bodies that an edge could not judge itself, by outcome",
        ["outcome"],
        registry=registry,
    )
    seconds = Histogram(
        "forecourt_judgement_seconds",
        "Time to judge a body for an edge",
        buckets=_SECONDS,
        registry=registry,
    )

    async def verdict(scope: Scope, receive: Receive) -> _Answer:
        headers = dict(scope["headers"])
        contract = headers.get(b"forecourt-contract", b"").decode("latin-1")
        root = unquote(headers.get(b"forecourt-root", b"").decode("latin-1"))
        caller = headers.get(b"forecourt-caller", b"").decode("latin-1")
        if not root or not _DIGEST.fullmatch(contract):
            return 400, "malformed\n", "misspoken"
        try:
            found = await judges.judge(contract, root, lambda: whole_body(receive), caller)
        except Busy:
            return 503, "busy\n", "busy"
        except NoAnswer:
            _LOG.warning("a body took too long to judge", contract=contract, root=root)
            return 503, "too long\n", "too_long"
        if found is None:
            return 400, "malformed\n", "misspoken"
        match found.verdict:
            case "kept":
                return 204, "", "kept"
            case "broken":
                return 422, fault_lines(found.faults), "broken"
            case "no-json":
                return 400, "no JSON\n", "no_json"
            case "lost" | "forgotten":
                return 404, "unknown\n", "unknown"
            case _:
                assert_never(found.verdict)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            await send_text(send, 405, "only POST\n", (b"allow", b"POST"))
            return
        start = perf_counter()
        status, body, outcome = await verdict(scope, receive)
        await send_text(send, status, body)
        answered.labels(outcome).inc()
        seconds.observe(perf_counter() - start)

    return application
