"""Which client asks, proved by a secret or by what it signed (RFC 6749, 2.3; RFC 7523, 2.2)."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote_plus

import structlog
from starlette.requests import Request

from forecourt.actions.api_key import key_digest
from forecourt.actions.oauth.attempts import Attempts
from forecourt.actions.oauth.client import HeldClient, is_secret
from forecourt.actions.oauth.client_assertion import NoAssertion, client_named, read_assertion
from forecourt.actions.oauth.store import Tokens
from forecourt.compiler.envoy.own_routes import ADDRESS_HEADER, AUTHORIZATION_HEADER
from forecourt.server.oauth.form import Form
from forecourt.server.oauth.refusal import Refused

_LOG = structlog.get_logger()

METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

# What is hashed in place of a digest that nobody has: an unknown client takes as long as a known.
_NO_DIGEST = key_digest("")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Presented:
    """What a request brings: whose it says it is, and a secret or an assertion."""

    client: str | None
    secret: str | None = None
    assertion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAuthentication:
    """Who asks, and how often somebody may be wrong about it.

    `audiences` are those of an assertion that is for us; `is_suspended` says who is stopped.
    """

    store: Tokens
    attempts: Attempts
    is_suspended: Callable[[HeldClient], bool]
    monotonic: Callable[[], float]

    async def client(
        self, request: Request, form: Form, *, audiences: frozenset[str], now: datetime
    ) -> HeldClient:
        """The client that asks. Raises `Refused`, and `StoreUnavailable`."""
        presented = _presented(request, form)
        if not self.attempts.has_recalled:
            self.attempts.recall(await self.store.proofs(now))
        address = address_of(request)
        self._refuse_who_waits(address, presented.client)
        held = await self.store.client(presented.client) if presented.client else None
        is_proved = await self._is_proved(held, presented, audiences, now)
        # Again: while the store was asked, others that came at once have failed.
        self._refuse_who_waits(address, presented.client)
        if not is_proved:
            self.attempts.failed(address, presented.client, now=self.monotonic())
            # One answer for an unknown client and a wrong secret: nobody learns which exist.
            raise Refused("invalid_client", "this proves no client that counts")
        assert held is not None, "nothing proves a client that is not there"
        if proof := self.attempts.proved(address, held.client.id, now):
            await self.store.keep_proof(proof)
        return held

    def _refuse_who_waits(self, address: str, client: str | None) -> None:
        wait = self.attempts.wait(address, client, now=self.monotonic())
        if wait > 0:
            because = "too many have failed to prove that they are this client, or from here"
            # As to one that fails: that is what it is to those who count who guesses.
            raise Refused("invalid_client", because, wait=wait)

    async def _is_proved(
        self,
        held: HeldClient | None,
        presented: _Presented,
        audiences: frozenset[str],
        now: datetime,
    ) -> bool:
        if presented.assertion is None:
            secret = presented.secret or ""
            is_it = _is_one_of(secret, held.client.secret_digests(now) if held else (None, None))
            return is_it and held is not None and self._counts(held, now)
        if held is None or held.client.keys is None or not self._counts(held, now):
            return False
        read = read_assertion(
            presented.assertion,
            client=held.client.id,
            keys=held.client.keys,
            audiences=audiences,
            now=now,
        )
        if isinstance(read, NoAssertion):
            _LOG.info("a client proves nothing", client=held.client.id, because=read.because)
            return False
        return await self.store.use_assertion(read, now)

    def _counts(self, held: HeldClient, now: datetime) -> bool:
        return held.client.counts(now) and not self.is_suspended(held)


def _is_one_of(secret: str, known: tuple[str | None, str | None]) -> bool:
    """Compares with both, whichever it is and however many there are."""
    digest = key_digest(secret)
    met = [hmac.compare_digest(digest, each or _NO_DIGEST) for each in known]
    return any(met) and is_secret(secret)


def address_of(request: Request) -> str:
    """Where the request comes from, as the edge says it."""
    return request.headers.get(ADDRESS_HEADER, "")


def _presented(request: Request, form: Form) -> _Presented:
    basic = request.headers.get(AUTHORIZATION_HEADER)
    secret, assertion = form.get("client_secret"), form.get("client_assertion")
    if sum(part is not None for part in (basic, secret, assertion)) != 1:
        error = "invalid_request" if basic or secret or assertion else "invalid_client"
        raise Refused(error, f"prove who asks in one way: {', '.join(METHODS)}")
    named = form.get("client_id")
    if basic is not None:
        client, secret = _basic(basic)
        found = _Presented(client=client, secret=secret)
    elif assertion is not None:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise Refused("invalid_client", f"`client_assertion_type` is not `{ASSERTION_TYPE}`")
        found = _Presented(client=client_named(assertion), assertion=assertion)
    else:
        found = _Presented(client=named, secret=secret)
    if named is not None and named != found.client:
        raise Refused("invalid_request", "`client_id` is not the client that is proved")
    return found


def _basic(field: str) -> tuple[str, str]:
    """Name and secret, each encoded as in a form (RFC 6749, section 2.3.1)."""
    scheme, _, credentials = field.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        name, colon, secret = b64decode(credentials.strip(), validate=True).decode().partition(":")
        if not colon:
            raise ValueError(name)
    except ValueError:
        raise Refused("invalid_client", "`Authorization` is not `Basic` with a client") from None
    return unquote_plus(name), unquote_plus(secret)
