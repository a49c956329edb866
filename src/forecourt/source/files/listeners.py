"""`listeners:` in `forecourt.yaml`: where calls come in."""

from __future__ import annotations

from forecourt.estate.organization import CertificateFiles, ExternalListener, InternalListener
from forecourt.source.vocabulary.addresses import ADDRESS, HOST, NETWORK, SPIFFE_ID, TRUST_DOMAIN
from forecourt.source.vocabulary.collection import Listed
from forecourt.source.vocabulary.paths import FILE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required

_CERTIFICATE = required("certificate", FILE, "the certificate chain, a PEM file")
_KEY = required("key", FILE, "its private key, a PEM file")


def _tls(row: Row, at: At) -> CertificateFiles:
    return CertificateFiles(certificate=row[_CERTIFICATE], key=row[_KEY])


_TLS = optional(
    "tls",
    Record(
        expects="a mapping with `certificate` and `key`", fields=(_CERTIFICATE, _KEY), build=_tls
    ),
    "what the listener shows; left out: a local authority signs one",
)
_ADDRESS = required("address", ADDRESS, "the IP address and port to listen on")
_HOSTS = required(
    "hosts",
    Listed(of=HOST, expects="a list of host names", at_least=1),
    "the names that callers use",
)
_INTERNAL_HOSTS = optional(
    "hosts",
    Listed(of=HOST, expects="a list of host names"),
    "the names that callers use",
    default=(),
)
_TRUST_DOMAIN = required(
    "trust_domain", TRUST_DOMAIN, "the SPIFFE trust domain of the organisation's services"
)
_CLIENT_CA = optional(
    "client_ca", FILE, "the authority of client certificates; left out: a local one"
)
_MESH_PROXIES = optional(
    "mesh_proxies",
    Listed(of=SPIFFE_ID, expects="a list of SPIFFE identities"),
    "who may speak for others in `x-forwarded-client-cert`",
    default=(),
)

_NEVER_BLOCK = optional(
    "never_block",
    Listed(of=NETWORK, expects="a list of IP addresses and networks"),
    "addresses that no block holds off: of a balancer in front, of monitoring",
    default=(),
)


def _external(row: Row, at: At) -> ExternalListener:
    hosts = at.attempt(lambda: _first_before_others(row[_HOSTS]))
    return ExternalListener(
        address=row[_ADDRESS],
        hosts=hosts,
        tls=row[_TLS],
        never_block=at.attempt(lambda: tuple(sorted(row[_NEVER_BLOCK]))),
    )


def _first_before_others(hosts: tuple[str, ...]) -> tuple[str, ...]:
    first, *others = hosts  # partners' own hosts stand below the first: it stays so
    return first, *sorted(others)


def _internal(row: Row, at: At) -> InternalListener:
    return InternalListener(
        address=row[_ADDRESS],
        trust_domain=row[_TRUST_DOMAIN],
        hosts=at.attempt(lambda: tuple(sorted(row[_INTERNAL_HOSTS]))),
        tls=row[_TLS],
        client_ca=row[_CLIENT_CA],
        mesh_proxies=at.attempt(lambda: tuple(sorted(row[_MESH_PROXIES]))),
    )


_EXTERNAL = required(
    "external",
    Record(
        expects="a mapping with `address` and `hosts`",
        fields=(_ADDRESS, _HOSTS, _TLS, _NEVER_BLOCK),
        build=_external,
    ),
    "where partners and the public call",
)
_INTERNAL = required(
    "internal",
    Record(
        expects="a mapping with `address` and `trust_domain`",
        fields=(_ADDRESS, _TRUST_DOMAIN, _INTERNAL_HOSTS, _TLS, _CLIENT_CA, _MESH_PROXIES),
        build=_internal,
    ),
    "where the organisation's own services call",
)


def _listeners(row: Row, at: At) -> tuple[ExternalListener, InternalListener]:
    return row[_EXTERNAL], row[_INTERNAL]


LISTENERS = Record(
    expects="a mapping with `external` and `internal`",
    fields=(_EXTERNAL, _INTERNAL),
    build=_listeners,
)
