"""Hears from the edge what upstreams sent beyond their contracts: `POST /leaks`, lines of counts.

On the same Unix socket as the resolver: nobody outside can make anything up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import get_args
from urllib.parse import unquote

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.actions.leak import Check, LeakCount, LeakKind, LeakPlace, Leaks
from forecourt.actions.store_unavailable import StoreUnavailable

_LOG = structlog.get_logger()

PATH = "/leaks"

# An edge tells of 2,000 places at most, each a line of some hundred bytes.
_MOST_BYTES = 4 * 1024 * 1024
_MOST_TIMES = 1_000_000_000
_MOST_CHARACTERS = 4096

_CHECKS = frozenset(get_args(Check))
_KINDS = frozenset(kind.value for kind in LeakKind)


class Misspoken(ValueError):
    """What no edge of ours says."""


def leak_reports(store: Leaks, clock: Callable[[], datetime]) -> ASGIApp:
    """The application: 204 where all was taken, 400 for what cannot be a report, 503 while the
    store does not answer.
    """

    async def take(request: Request) -> Response:
        if request.method != "POST":
            return PlainTextResponse("only POST\n", 405, {"allow": "POST"})
        try:
            counts = tuple(read_report(await _body(request)))
            await store.add(counts, clock())
        except Misspoken as error:
            return PlainTextResponse(f"malformed {error}\n", 400)
        except StoreUnavailable as error:
            _LOG.warning("cannot keep what leaked", because=error.because)
            return PlainTextResponse("unavailable\n", 503)
        return Response(status_code=204)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = await take(Request(scope, receive))
            await answer(scope, receive, send)

    return application


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise Misspoken("report: too long")
    return bytes(body)


def read_report(body: bytes) -> Iterator[LeakCount]:
    """The counts of a report: a line each, words separated by spaces and percent-encoded.

    `CHECK API VERSION OPERATION STATUS KIND PLACE TIMES`, as `leak_counts.lua` writes them; the
    version and the place may be empty. Raises `Misspoken`.
    """
    for line in body.decode("ascii", "replace").splitlines():
        words = [unquote(word) for word in line.split(" ")]
        if len(words) != 8 or any(len(word) > _MOST_CHARACTERS for word in words):
            raise Misspoken("line")
        check, api, version, operation, status, kind, place, times = words
        if check not in _CHECKS or kind not in _KINDS or not api or not operation:
            raise Misspoken("word")
        if not (times.isascii() and times.isdigit() and 0 < int(times) <= _MOST_TIMES):
            raise Misspoken("count")
        yield LeakCount(
            at=LeakPlace(
                api=api,
                version=version,
                operation=operation,
                status=status,
                kind=kind,
                place=place.replace("\0", "*"),
                check="filter" if check == "filter" else "observe",
            ),
            times=int(times),
        )
