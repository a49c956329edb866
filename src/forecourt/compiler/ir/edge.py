"""The whole edge: listeners, APIs, callers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forecourt.compiler.ir.apis import Api
from forecourt.compiler.ir.callers import Callers
from forecourt.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFiles:
    """A certificate chain and its private key: files of the estate."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """An address and the hosts it answers for.

    `certificate` names the TLS secret it shows. That is made from `own`; None: a local authority
    signs it.
    """

    name: str
    host: str
    port: int
    hosts: tuple[str, ...]
    certificate: str
    own: KeyFiles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """What belongs to the organisation as a whole.

    `trust_domain` is the SPIFFE trust domain of its services; `client_ca` is the file of the
    authority that signs their certificates (None: a local one), with the content of that digest,
    which holds certificates of these;
    `mesh_proxies` are the identities that may speak for others. `never_blocked` are networks that
    no block holds off; the companion keeps that, and Envoy is told nothing of it. `url` is where
    callers outside find the gateway, without a slash at its end; "": it was published before that
    was known.
    """

    organization: str
    external: Listener
    internal: Listener
    trust_domain: str
    client_ca: str | None = None
    client_ca_sha256: str | None = None
    client_ca_holds: tuple[str, ...] = ()
    mesh_proxies: tuple[str, ...]
    never_blocked: tuple[str, ...] = ()
    url: str = ""
    origin: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """What a snapshot is made from. `apis` are sorted by name."""

    gateway: Gateway
    apis: tuple[Api, ...]
    callers: Callers


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What signatures are checked against: JWKS documents (RFC 7517) as JSON text.

    `internal` holds the keys of our own service tokens; `issuers` those of each foreign issuer
    whose keys are known. Tokens of an issuer that is absent are refused. `own` holds the keys of
    our own authorization server; "": it has no client yet, and is not there.
    """

    internal: str
    issuers: Mapping[str, str]
    own: str = ""
