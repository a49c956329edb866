"""What the edge's own Lua decides over a compiled snapshot, for every kind of caller.

The gate of each chain is the one that stands in the compiled listener, run by the LuaJIT that Envoy
has. It is given what Envoy would give it (the route by longest prefix, the fields that Envoy writes
about a verified certificate or token), and asks the resolver's own functions who calls.
"""

from __future__ import annotations

import atexit
import hashlib
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import count
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, TypeVar

from forecourt.actions.api_key import key_digest
from forecourt.actions.credential import Application, HeldKey, Owner, OwnerKind
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.oauth.access import entitlement_of_access_token
from forecourt.actions.oauth.client import Client, HeldClient
from forecourt.actions.oauth.resources import Resources
from forecourt.actions.presented import (
    AnyPresented,
    PresentedAccessToken,
    PresentedCertificate,
    PresentedIdentity,
    PresentedInternalToken,
    PresentedKey,
    PresentedToken,
)
from forecourt.actions.resolve_credential import resolve_credential
from forecourt.compiler.envoy import files
from forecourt.compiler.envoy.filters import MARK_KEY, MARK_NAMESPACE, MARK_PREFIX
from forecourt.compiler.ir.callers import Callers, Partner
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.reach import ANYONE, STRANGER, Reach
from forecourt.compiler.snapshot import Snapshot
from forecourt.edge.buckets import prepare_buckets
from forecourt.edge.code import LUA_FOLDER
from forecourt.server.entitlement_lines import entitlement_lines
from forecourt.server.presentation import presented
from tests.actions.builders import a_held_key
from tests.edge.luajit import Lua
from tests.security.compiled import Chain, chains, policy, routes, served_by

T = TypeVar("T")

# A day before, between and after all that generated estates name.
_DATES = ("2000-01-01", "2024-06-30", "2099-01-01")
_NOBODY = "f" * 64
# What issuers grant to whoever asks.
_GRANTED = "things:write"
_URL = "https://api.acme.example"
# A method, and nothing that follows a prefix.
_THE_PREFIX = (("GET", ""),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody at the door. `by` is how `reach` names the credential; `who` whom it stands for.

    `brings` is what the credential is; None: none that this door knows.
    """

    who: str
    by: str
    brings: AnyPresented | None
    headers: Mapping[str, str]
    verified: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def admitted(
    edge: Edge,
    made: Snapshot,
    today: date,
    *,
    below: Iterable[tuple[str, str]] = _THE_PREFIX,
    who: str | None = None,
) -> frozenset[Reach]:
    """Everything that the Lua lets through, whoever calls and whatever is asked for, as `reach`
    would say it. `who` None: all callers that there are."""
    return frozenset(
        found
        for chain in chains(made)
        for found in _through(asked_of(chain, edge, made, today, below=below, who=who), chain)
    )


def _through(all_asked: Iterable[Asked], chain: Chain) -> Iterator[Reach]:
    for asked in all_asked:
        if asked.said.is_admitted:
            assert asked.said.api is not None, f"{asked.caller} was let through to nothing"
            version = asked.said.version
            what = f"{asked.said.api} version {version}" if version else asked.said.api
            if asked.caller.who == STRANGER:
                what = f"may call {asked.said.operation} of {what}"
            yield Reach(
                who=asked.caller.who, listener=chain.listener, what=what, by=asked.caller.by
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the Lua says: `api` stands at the path; the version, or the word for a refusal; and the
    operation that it found."""

    api: str | None
    version: str | None = None
    refusal: str | None = None
    operation: str | None = None

    @property
    def is_admitted(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: who calls, the path, the version that the field names; and what was said.

    `stands_for` is what the resolver makes of the credential.
    """

    caller: Caller
    stands_for: Entitlement | Unknown | None
    path: str
    wanted: str | None
    said: Said
    method: str = "GET"


def asked_of(
    chain: Chain,
    edge: Edge,
    made: Snapshot,
    today: date,
    *,
    below: Iterable[tuple[str, str]] = _THE_PREFIX,
    unnamed: Iterable[str] = (*_DATES, "no-such", ""),
    who: str | None = None,
) -> Iterator[Asked]:
    """Whatever can be asked of the gate of a chain, and what it says.

    `below` are methods, and paths below each prefix; `unnamed` are versions that no API names.
    """
    store = _Keys()
    gate = _Gate(chain, edge.callers, store, today)
    by_prefix = routes(made, chain.listener)
    named = {version.name for api in edge.apis for version in api.versions}
    versions = (None, *sorted(named - {""}), *unnamed)
    callers = (c for c in _callers(chain, edge, store) if who in (None, c.who))
    for caller in callers:
        stands_for = gate.stands_for(caller)
        for path in (*by_prefix, "/nothing-stands-here/"):
            route = served_by(by_prefix, path)
            for wanted in versions:
                for method, rest in below:
                    target = f"{path}{rest}"
                    yield Asked(
                        caller=caller,
                        stands_for=stands_for,
                        path=target,
                        wanted=wanted,
                        said=gate.asks(caller, route, wanted, method=method, path=target),
                        method=method,
                    )


# --- who stands at the door -----------------------------------------------------------------------


def _callers(chain: Chain, edge: Edge, store: _Keys) -> Iterator[Caller]:
    """Every kind of caller there is, each on every chain: most have no business there."""
    yield Caller(who=STRANGER, by="", brings=None, headers={})
    developer = Owner(kind=OwnerKind.DEVELOPER, name="ada")
    for by, name in (("api_key", "x-api-key"), ("api_key", "authorization")):
        key = store.key(developer)
        text = key if name == "x-api-key" else f"Bearer {key}"
        yield Caller(who=ANYONE, by=by, brings=PresentedKey(key), headers={name: text})
    for scope in ("things:read", "things:own"):
        key = store.key(developer, scopes=(scope,))
        yield Caller(who=ANYONE, by="api_key", brings=PresentedKey(key), headers={"x-api-key": key})
    for partner in edge.callers.partners:
        owner = Owner(kind=OwnerKind.PARTNER, name=partner.id)
        key = store.key(owner)
        yield Caller(
            who=f"partner {partner.name}",
            by="api_key",
            brings=PresentedKey(key),
            headers={"x-api-key": key},
        )
    yield from _tokens(chain, edge)
    yield from _access_tokens(chain, edge, store)
    yield from _certificates(chain, edge)
    if chain.server_name is None:  # on a partner's own, Envoy ends a handshake with another's
        yield from _services(edge)


def _tokens(chain: Chain, edge: Edge) -> Iterator[Caller]:
    """Envoy verifies a token on the chains where its issuer is configured, and only there."""
    for issuer in edge.callers.issuers:
        clients = {"app": ANYONE} | {p.id: f"partner {p.name}" for p in edge.callers.partners}
        for client, who in clients.items():
            claims = {issuer.consumer_claim: client, "sub": "somebody", "scope": _GRANTED}
            verified = {issuer.name: claims} if issuer.name in chain.issuers else {}
            speaks_for = who if issuer.callers.value == "partner" else ANYONE
            yield Caller(
                who=speaks_for,
                by="jwt",
                brings=PresentedToken(
                    issuer=issuer.name, client=client, subject="somebody", scopes=(_GRANTED,)
                ),
                headers={"authorization": f"Bearer {issuer.name}.{client}.signature"},
                verified=verified,
            )


def _access_tokens(chain: Chain, edge: Edge, store: _Keys) -> Iterator[Caller]:
    """Envoy verifies our own on the chains of the external listener, and only there."""
    developer = Owner(kind=OwnerKind.DEVELOPER, name="ada")
    owners = {ANYONE: developer} | {
        f"partner {p.name}": Owner(kind=OwnerKind.PARTNER, name=p.id) for p in edge.callers.partners
    }
    for who, owner in owners.items():
        client = store.client(owner)
        claims = {"jti": "tok", "client_id": client, "aud": _URL}
        is_verified = chain.listener == "external"
        yield Caller(
            who=who,
            by="oauth2",
            brings=PresentedAccessToken(id="tok", client=client, audience=(_URL,), scopes=None),
            headers={"authorization": f"Bearer {client}.access.token"},
            verified={"forecourt.oauth": claims} if is_verified else {},
        )


def _certificates(chain: Chain, edge: Edge) -> Iterator[Caller]:
    """Envoy demands a partner's certificate on that partner's chain, and writes its hash."""
    for partner in edge.callers.partners:
        if chain.server_name is not None and chain.server_name == partner.host:
            yield Caller(
                who=f"partner {partner.name}",
                by="certificate",
                brings=PresentedCertificate(host=partner.host, sha256=_fingerprint(partner)),
                headers={"x-forwarded-client-cert": f"Hash={_fingerprint(partner)};URI="},
            )
    # What no chain lets in, said all the same: early removal is Envoy's, the gate must not need it.
    if chain.server_name is None and chain.listener == "external":
        for partner in edge.callers.partners:
            said = f"Hash={_fingerprint(partner)};URI="
            yield Caller(
                who="a forger",
                by="forged",
                brings=None,
                headers={"x-forwarded-client-cert": said},
            )


def _fingerprint(partner: Partner) -> str:
    return partner.sha256[0] if partner.sha256 else hashlib.sha256(partner.id.encode()).hexdigest()


def _services(edge: Edge) -> Iterator[Caller]:
    for service in edge.callers.services:
        who = f"service {service.name}"
        identity = f"Hash={_NOBODY};URI={service.identity}"
        yield Caller(
            who=who,
            by="mtls",
            brings=PresentedIdentity(service.identity),
            headers={"x-forwarded-client-cert": identity},
        )
        yield Caller(
            who=who,
            by="internal_token",
            brings=PresentedInternalToken(service.name),
            headers={"x-internal-service-token": f"token-of-{service.name}"},
            verified={"internal": {"sub": service.name}},
        )


def _application_of(owner: Owner) -> Application:
    return Application(
        id=f"app-{owner.name}",
        name="shop",
        owner=owner,
        plan=None,
        created_at=datetime(2020, 1, 1, tzinfo=UTC),
    )


class _Keys:
    """A store of keys, in memory."""

    def __init__(self) -> None:
        self._held: dict[str, HeldKey] = {}
        self._seeds = count()
        self.clients: dict[str, HeldClient] = {}

    def client(self, owner: Owner) -> str:
        application = _application_of(owner)
        client = Client(
            id=f"client-{owner.name}", application=application.id, created_at=application.created_at
        )
        self.clients[client.id] = HeldClient(client=client, application=application)
        return client.id

    def key(self, owner: Owner, *, scopes: tuple[str, ...] | None = None) -> str:
        application = _application_of(owner)
        key, held = a_held_key(f"{owner}/{next(self._seeds)}", application, scopes=scopes)
        self._held[key_digest(key)] = held
        return key

    async def held_key(self, sha256: str) -> HeldKey | None:
        return self._held.get(sha256)


# All gates here share their buckets, so they share the clock of those.
_HOURS = count()


@cache
def _no_blocks() -> Path:
    """A file that says that no address is blocked."""
    path = Path(mkdtemp(prefix="fc-blocks-")) / "blocks"
    atexit.register(rmtree, path.parent, ignore_errors=True)
    path.write_text("blocks 0 0\n")
    return path


@cache
def _buckets() -> Path:
    """A file of buckets for all gates here; it goes with the process."""
    folder = Path(mkdtemp(prefix="fc-buckets-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    prepare_buckets(folder / "buckets")
    return folder / "buckets"


# --- the gate -------------------------------------------------------------------------------------


class _Gate:
    """The gate of one chain as it was compiled, in a Lua state of its own."""

    def __init__(self, chain: Chain, callers: Callers, store: _Keys, today: date) -> None:
        self._callers = callers
        self._store = store
        self._now = datetime.combine(today, time(12), UTC)
        self._lua = Lua()
        self._lua.handle()  # its code is loaded before the gate closes the door to files
        seconds = self._now.timestamp()
        # Which day it is is an argument here; all else is as Envoy loads it.
        self._lua.run("package.loaded['forecourt.clock'] = ...", self._clock(seconds))
        source = chain.gate.replace('"lua/?.lua"', "package.path")
        assert source != chain.gate, f"the code stands in {LUA_FOLDER}"
        assert source.count(f'"{files.BUCKETS}"') == 1
        source = source.replace(f'"{files.BUCKETS}"', f'"{_buckets()}"')
        source = source.replace(f'"{files.BLOCKS}"', f'"{_no_blocks()}"')
        self._request = self._lua.run(f"{source}\nreturn envoy_on_request")
        self._policies: dict[str, Any] = {}

    def _clock(self, seconds: float) -> Any:
        """A day that stands still, and an hour between two requests: no limit is what is asked."""
        return self._lua.run(
            "local day, hours = ... "
            "return {now = function() return day end, monotonic = function() return hours() end}",
            seconds,
            lambda: 3600.0 * next(_HOURS),
        )

    def stands_for(self, caller: Caller) -> Entitlement | Unknown | None:
        """What the resolver makes of the caller's credential; None: it brings none."""
        return None if caller.brings is None else self._found(caller.brings)

    def asks(
        self,
        caller: Caller,
        route: Mapping[str, Any] | None,
        version: str | None,
        *,
        method: str,
        path: str,
    ) -> Said:
        """What the gate says to the caller."""
        headers = {**caller.headers, ":method": method, ":path": path, "x-request-id": "r"}
        if version is not None:
            headers["api-version"] = version
        told: dict[str, Any] = {}
        if route is not None:
            told = {"route": route["name"], "policy": self._policy(route)}
        handle = self._lua.handle(
            headers=headers, verified=caller.verified, resolve=self._resolve, **told
        )
        self._request(handle)
        api = None if route is None else policy(route)["api"]
        sent = handle["sent"]
        operation = sent["get"](sent, "forecourt-operation")
        mark = self._lua.plain(handle["said"]).get(MARK_NAMESPACE, {}).get(MARK_KEY)
        if mark is None:
            refusal = sent["get"](sent, "forecourt-reason")
            assert refusal, "neither let through nor refused"
            return Said(api=api, refusal=refusal, operation=operation)
        assert mark.startswith(MARK_PREFIX)
        assert handle["answer"] is None, "refused and let through"
        version = sent["get"](sent, "forecourt-version") or ""
        return Said(api=api, version=version, operation=operation)

    def _policy(self, route: Mapping[str, Any]) -> Any:
        """A route's, as a table that is made once."""
        name = route["name"]
        if name not in self._policies:
            self._policies[name] = self._lua.value(policy(route))
        return self._policies[name]

    def _resolve(self, fields: Mapping[str, str], _: object) -> tuple[dict[str, str], str]:
        given = {
            name.encode(): value.encode("latin-1")
            for name, value in fields.items()
            if not name.startswith(":")
        }
        credential = presented(given)
        if credential is None:
            return {":status": "404"}, "unknown\n"
        found = self._found(credential)
        if isinstance(found, Unknown):
            return {":status": "404"}, "unknown\n"
        return {":status": "200"}, entitlement_lines(found, news=0, bucket_key=b"a key")

    def _found(self, credential: AnyPresented) -> Entitlement | Unknown:
        if isinstance(credential, PresentedAccessToken):
            return entitlement_of_access_token(
                credential,
                self._store.clients.get(credential.client),
                is_revoked=False,
                callers=self._callers,
                resources=Resources(url=_URL),
                now=self._now,
            )
        return _result(
            resolve_credential(credential, callers=self._callers, store=self._store, now=self._now)
        )


def _result(work: Coroutine[Any, Any, T]) -> T:
    """What it returns; nothing here ever waits."""
    try:
        work.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    raise AssertionError("it waits")
