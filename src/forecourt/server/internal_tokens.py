"""Gives a service that calls with a client certificate a token, for hops where the mesh ends.

The edge has decided by then who calls, and lets nobody through who has no certificate
(`compiler/envoy/own_routes.py`); nothing else reaches the socket.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.actions.entropy import Entropy
from forecourt.actions.issue_token import TokenIssued, issue_token
from forecourt.actions.signing_key import SigningKey
from forecourt.compiler.ir.callers import Callers

_NO_STORE = {"cache-control": "no-store"}


def internal_tokens(
    *,
    callers: Callable[[], Callers],
    key: Callable[[], SigningKey],
    clock: Callable[[], datetime],
    entropy: Entropy,
) -> ASGIApp:
    """The application, `POST /internal/token`: an answer as RFC 8693, section 2.2.1, has it."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _answer(Request(scope))(scope, receive, send)

    def _answer(request: Request) -> Response:
        if request.method != "POST":
            return Response(status_code=405, headers={"allow": "POST"})
        service = _certified(request)
        if service is None:
            return JSONResponse({"error": "access_denied"}, 403, _NO_STORE)
        now = clock()
        issued = issue_token(service, callers=callers(), key=key(), now=now, entropy=entropy)
        if not isinstance(issued, TokenIssued):  # it was taken out a moment ago
            return JSONResponse({"error": "access_denied"}, 403, _NO_STORE)
        said = {
            "access_token": issued.token,
            "issued_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_type": "N_A",  # it goes into X-Internal-Service-Token, not after `Bearer`
            "expires_in": int((issued.expires_at - now).total_seconds()),
        }
        return JSONResponse(said, 200, _NO_STORE)

    return application


def _certified(request: Request) -> str | None:
    """The service, where it is a certificate that says so."""
    service = request.headers.get("forecourt-application", "")
    is_certified = request.headers.get("forecourt-credential") == f"spiffe:{service}"
    return service if service and is_certified else None
