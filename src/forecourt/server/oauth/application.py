"""The authorization server as an application: tokens, their withdrawal, and what is known of them.

Only the edge reaches its socket; it says where a request comes from (`compiler/envoy/own_routes`).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.actions.clocks import SET_BACK
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.entropy import Entropy
from forecourt.actions.oauth.access_token import MODE, TEST, AccessToken, access_token, signed
from forecourt.actions.oauth.attempts import Asked
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.oauth.grant_token import NotGranted, grant_token
from forecourt.actions.oauth.resources import Resources
from forecourt.actions.oauth.store import Tokens
from forecourt.actions.oauth.token_keys import IsServed, TokenKey, key_set_of, signing_key
from forecourt.actions.record import Record
from forecourt.actions.signing_key import epoch
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.server.oauth.client_authentication import ClientAuthentication, address_of
from forecourt.server.oauth.form import Form, read_form
from forecourt.server.oauth.metadata import metadata
from forecourt.server.oauth.refusal import NO_STORE, Refused, refusal

_LOG = structlog.get_logger()
# Nobody has to ask more often than keys change; a new one is there long before it signs.
_PUBLIC = {"cache-control": "public, max-age=300"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationServer:
    """What it is made of. `entitled` says what a client's application may do, `is_served` which
    keys the edge verifies by."""

    store: Tokens
    authentication: ClientAuthentication
    resources: Callable[[], Resources]
    entitled: Callable[[HeldClient], Entitlement | Unknown]
    keys: Callable[[], Sequence[TokenKey]]
    is_served: IsServed
    clock: Callable[[], datetime]
    entropy: Entropy

    async def token(self, held: HeldClient, form: Form, address: str) -> Response:
        """RFC 6749, section 4.4."""
        if (grant := form.get("grant_type")) != "client_credentials":
            error = "invalid_request" if grant is None else "unsupported_grant_type"
            raise Refused(error, "`grant_type` is `client_credentials` here")
        now = self.clock()
        granted = grant_token(
            held.client,
            scope=form.get("scope"),
            wanted=form.resources,
            resources=self.resources().seen_by(self.entitled(held)),
            now=now,
            entropy=self.entropy,
        )
        if isinstance(granted, NotGranted):
            raise Refused(granted.error, granted.because)
        key = signing_key(self.keys(), now=now, is_served=self.is_served)
        if key is None:
            raise Refused("temporarily_unavailable", "no key signs yet", wait=1)
        self._take("token", held, "keep a token for as long as it counts")
        text = signed(granted, key)
        await self.store.record_grant(granted, _record(held, address, now))
        said: dict[str, object] = {
            "access_token": text,
            "token_type": "Bearer",
            "expires_in": epoch(granted.expires_at) - epoch(granted.issued_at),
        }
        if granted.scopes is not None:
            said["scope"] = " ".join(granted.scopes)
        return JSONResponse(said, 200, NO_STORE)

    async def revoke(self, held: HeldClient, form: Form, address: str) -> Response:
        """RFC 7009: what is no token that counts is as good as withdrawn; not so what ended a while
        ago, and counts again where the clock was ahead."""
        self._take("revoke", held, "it does not get so many tokens")
        now = self.clock()
        found = self._token_of(form, now - SET_BACK)
        if found is not None:
            if found.client != held.client.id:
                raise Refused("invalid_grant", "the token is another client's")
            await self.store.revoke_token(found, _record(held, address, now))
        return Response(status_code=200, headers=NO_STORE)

    async def introspect(self, held: HeldClient, form: Form, address: str) -> Response:
        """RFC 7662. A client is told of its own tokens; of others, what of no token."""
        self._take("introspect", held, "keep what you were told of a token")
        found = self._token_of(form, self.clock())
        is_active = (
            found is not None
            and found.client == held.client.id
            and not await self.store.is_token_revoked(found.id)
        )
        said = _facts(found) if found is not None and is_active else {"active": False}
        return JSONResponse(said, 200, NO_STORE)

    def _take(self, asked: Asked, held: HeldClient, advice: str) -> None:
        """One of what the client may ask for. Raises `Refused`."""
        proving = self.authentication
        wait = proving.attempts.take(asked, held.client.id, now=proving.monotonic())
        if wait > 0:
            because = f"this client asks too often; {advice}"
            raise Refused("temporarily_unavailable", because, status=429, wait=wait)

    def _token_of(self, form: Form, now: datetime) -> AccessToken | None:
        text = form.get("token")
        if text is None:
            raise Refused("invalid_request", "`token` is missing")
        url = self.resources().url
        return access_token(text, keys=self.keys(), issuer=url, now=now)


Endpoint = Callable[[HeldClient, Form, str], Awaitable[Response]]


def oauth(server: AuthorizationServer) -> ASGIApp:
    """The application."""
    endpoints: dict[str, Endpoint] = {
        "/oauth/token": server.token,
        "/oauth/revoke": server.revoke,
        "/oauth/introspect": server.introspect,
    }

    async def told(request: Request) -> Response:
        path = request.url.path
        url = server.resources().url
        documents: dict[str, Callable[[], object]] = {
            "/.well-known/oauth-authorization-server": lambda: metadata(url),
            "/oauth/jwks": lambda: json.loads(key_set_of(server.keys()) or '{"keys":[]}'),
        }
        if path in documents:
            if request.method != "GET":
                return Response(status_code=405, headers={"allow": "GET"})
            return JSONResponse(documents[path](), 200, _PUBLIC)
        if path not in endpoints:
            return Response(status_code=404)
        if request.method != "POST":
            return Response(status_code=405, headers={"allow": "POST"})
        try:
            form = await read_form(request)
            held = await server.authentication.client(
                request,
                form,
                audiences=frozenset({url, f"{url}/oauth/token"}),
                now=server.clock(),
            )
            return await endpoints[path](held, form, address_of(request))
        except Refused as refused:
            return refusal(refused, realm=url)
        except StoreUnavailable as error:
            _LOG.warning("the authorization server has no store", because=error.because)
            away = Refused("temporarily_unavailable", "try again in a moment", wait=5)
            return refusal(away, realm=url)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                answer = await told(Request(scope, receive))
            except ClientDisconnect:
                return  # whoever asked is gone, and nobody hears an answer
            await answer(scope, receive, send)

    return application


def _record(held: HeldClient, address: str, now: datetime) -> Record:
    return Record(at=now, who=f"client {held.client.id}", because=f"asked from {address}")


def _facts(token: AccessToken) -> dict[str, object]:
    said: dict[str, object] = {
        "active": True,
        "client_id": token.client,
        "sub": token.client,
        "iss": token.issuer,
        "aud": list(token.audience),
        "iat": epoch(token.issued_at),
        "exp": epoch(token.expires_at),
        "jti": token.id,
        "token_type": "Bearer",
        MODE: TEST if token.is_test else "live",
    }
    if token.scopes is not None:
        said["scope"] = " ".join(token.scopes)
    return said
