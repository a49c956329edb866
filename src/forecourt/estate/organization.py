"""The organisation: its listeners, the issuers it trusts, its channels: `forecourt.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forecourt.diagnostics import Places, Span
from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFiles:
    """A certificate chain and its private key, as PEM files; paths from the estate's root."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalListener:
    """Where partners and strangers call, over TLS. `tls` None: a local authority signs one.

    The first of `hosts` is the main one; a partner that brings certificates has one below it.
    `never_block` are networks (CIDR) that no block holds off: a balancer in front, monitoring.
    """

    address: Address
    hosts: tuple[str, ...]
    tls: CertificateFiles | None = None
    never_block: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalListener:
    """Where the organisation's own services call, over mTLS.

    `client_ca` None: a local authority signs client certificates. `mesh_proxies` are the SPIFFE
    identities that may speak for others in `x-forwarded-client-cert`.
    """

    address: Address
    trust_domain: str
    hosts: tuple[str, ...] = ()
    tls: CertificateFiles | None = None
    client_ca: str | None = None
    mesh_proxies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Somebody else who signs tokens that are accepted here (JWT, RFC 7519).

    `jwks` is an https URL or a file of the estate. `token_audience` must be among the token's
    `aud`; `callers` is the audience of those who bring one; `consumer_claim` names the application.
    `plan` is what each of these applications is on; None: the standard.
    """

    name: str
    issuer: str
    jwks: str
    token_audience: str
    callers: Audience
    consumer_claim: str = "azp"
    plan: str | None = None
    origin: Span = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """`forecourt.yaml` with one environment merged over it.

    `deprecation_floors` are calendar months by audience. `channels` holds each channel's settings
    as text, with `${VARIABLE}` not yet replaced. `approvers` are those who may agree to a waiver,
    by name; None: nobody keeps a list.
    """

    name: str
    external: ExternalListener
    internal: InternalListener
    issuers: tuple[Issuer, ...] = ()
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    deprecation_floors: Mapping[Audience, int] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    approvers: Mapping[str, str] | None = None
    places: Places = field(compare=False, repr=False)
