"""`partners/NAME.yaml`: a contract with one organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from forecourt.estate.audience import Audience
from forecourt.estate.consumers import RETRY_POLICIES, Partner, PartnerCertificates
from forecourt.estate.posture import POSTURES
from forecourt.source.files.demanded import usual
from forecourt.source.files.rate_limits import OF_A_CONTRACT, refuse_larger_share
from forecourt.source.vocabulary.addresses import EMAIL, HTTPS_URL
from forecourt.source.vocabulary.collection import ByName, Listed
from forecourt.source.vocabulary.names import ID, NAME, SHA256, VERSION_NAME
from forecourt.source.vocabulary.paths import FILE
from forecourt.source.vocabulary.quantities import DATE, PERCENTAGE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required
from forecourt.source.vocabulary.words import TEXT, OneOf

# --- apis -----------------------------------------------------------------------------------------

_ALLOWED_VERSIONS = optional(
    "allowed_versions",
    Listed(of=VERSION_NAME, expects="a list of versions"),
    "the versions this partner may use; left out: every one it sees",
    example=["1"],
)


class _Access:
    """A partner's use of one API: a value even where no versions are named."""

    __slots__ = ("versions",)

    def __init__(self, versions: tuple[str, ...] | None) -> None:
        self.versions = versions


def _access(row: Row, at: At) -> _Access:
    return _Access(row[_ALLOWED_VERSIONS])


_APIS = required(
    "apis",
    ByName(
        keys=NAME,
        values=Record(
            expects="a mapping with `allowed_versions`, or `{}`",
            fields=(_ALLOWED_VERSIONS,),
            build=_access,
        ),
        expects="a mapping of APIs, such as `{payments: {}}`",
    ),
    "the APIs this partner may use",
    example={"payments": {"allowed_versions": ["1"]}},
)

# --- certificates ---------------------------------------------------------------------------------

_SHA256 = optional(
    "sha256",
    Listed(of=SHA256, expects="a list of fingerprints", at_least=1),
    "the fingerprints of its client certificates",
    default=(),
)
_CA = optional("ca", FILE, "the authority that signs its client certificates")


def _certificates(row: Row, at: At) -> PartnerCertificates:
    return PartnerCertificates(sha256=row[_SHA256], ca=row[_CA])


_CERTIFICATES = optional(
    "certificates",
    Record(expects="a mapping with `sha256` or `ca`", fields=(_SHA256, _CA), build=_certificates),
    "client certificates; if any are named, each call must come with one",
)

# --- support, webhooks, promises ------------------------------------------------------------------

_CONTACT = optional("contact", EMAIL, "the address this partner writes to")
_SLACK = optional("slack", TEXT, "the channel shared with this partner")
_ESCALATION = optional(
    "escalation", Listed(of=EMAIL, expects="a list of e-mail addresses"), "who is asked next"
)


def _support(row: Row, at: At) -> Mapping[str, str | tuple[str, ...]]:
    written = {field.key: row[field] for field in (_CONTACT, _SLACK, _ESCALATION)}
    return {key: value for key, value in written.items() if value is not None}


_SUPPORT = optional(
    "support",
    Record(
        expects="a mapping with `contact`",
        fields=(_CONTACT, _SLACK, _ESCALATION),
        build=_support,
    ),
    "how this partner is helped",
    default={},
)

_ENDPOINTS = optional(
    "endpoints", Listed(of=HTTPS_URL, expects="a list of URLs"), "where events go", default=()
)
_RETRY_POLICY = optional(
    "retry_policy", OneOf(words=RETRY_POLICIES), "how deliveries that fail are repeated"
)


def _webhooks(row: Row, at: At) -> tuple[tuple[str, ...], str | None]:
    return row[_ENDPOINTS], row[_RETRY_POLICY]


_WEBHOOKS = optional(
    "webhooks",
    Record(
        expects="a mapping with `endpoints`", fields=(_ENDPOINTS, _RETRY_POLICY), build=_webhooks
    ),
    "where this partner hears of events",
    default=((), None),
)

_AVAILABILITY = required("availability", PERCENTAGE, "what is promised instead of the tier's")


def _availability(row: Row, at: At) -> Decimal:
    return row[_AVAILABILITY]


_SLA = optional(
    "sla",
    Record(expects="a mapping with `availability`", fields=(_AVAILABILITY,), build=_availability),
    "promises of this agreement alone",
)

_SUNSETS = optional(
    "sunsets",
    ByName(
        keys=NAME,
        values=ByName(
            keys=VERSION_NAME, values=DATE, expects='a mapping such as `{"1": 2030-12-31}`'
        ),
        expects="a mapping of APIs to versions and dates",
    ),
    "until when this partner may use which version",
    default={},
    example={"payments": {"1": "2030-12-31"}},
)

# --- the contract ---------------------------------------------------------------------------------

_ID = required(
    "id", ID, "what this partner is called in logs and invoices", example="partner_acme_corp"
)
_NAME = required("name", TEXT, "the partner's name, for people")
_RATE_LIMIT = optional(
    "rate_limit",
    OF_A_CONTRACT,
    "how often this partner may call",
    default={},
    note=usual("rate_limit", Audience.PARTNER),
)
_FEATURES = optional(
    "enabled_features",
    Listed(of=NAME, expects="a list of features"),
    "the features this partner has early or bought",
    default=(),
)
_SLA_TIER = optional("sla_tier", NAME, "the tier of `sla.yaml` this partner bought")


def _partner(row: Row, at: At) -> Partner:
    limit: Any = row[_RATE_LIMIT]
    usual = POSTURES[Audience.PARTNER].rate_limit
    rate_limit = at.attempt(lambda: replace(usual, **limit))
    at.attempt(lambda: refuse_larger_share(at, rate_limit))
    webhooks = row[_WEBHOOKS]
    return Partner(
        name=at.label,
        id=row[_ID],
        title=row[_NAME],
        rate_limit=rate_limit,
        apis=at.attempt(lambda: _granted(row[_APIS])),
        enabled_features=row[_FEATURES],
        sla_tier=row[_SLA_TIER],
        sla_availability=row[_SLA],
        certificates=at.attempt(lambda: _proof(row[_CERTIFICATES])),
        support=row[_SUPPORT],
        webhook_endpoints=webhooks[0],
        webhook_retry_policy=webhooks[1],
        sunsets=at.attempt(lambda: _by_version(row[_SUNSETS])),
        places=at.places,
    )


def _granted(apis: Mapping[str, _Access]) -> Mapping[str, tuple[str, ...] | None]:
    return {api: apis[api].versions for api in sorted(apis)}


def _proof(certificates: PartnerCertificates | None) -> PartnerCertificates | None:
    """`{}` says that none are asked for."""
    has_any = certificates is not None and (certificates.sha256 or certificates.ca)
    return certificates if has_any else None


def _by_version(sunsets: Mapping[str, Mapping[str, date]]) -> Mapping[tuple[str, str], date]:
    return {
        (api, version): sunsets[api][version]
        for api in sorted(sunsets)
        for version in sorted(sunsets[api])
    }


PARTNER = Record(
    expects="a mapping with `id`, `name` and `apis`",
    fields=(
        _ID,
        _NAME,
        _APIS,
        _RATE_LIMIT,
        _FEATURES,
        _SLA_TIER,
        _SLA,
        _CERTIFICATES,
        _SUPPORT,
        _WEBHOOKS,
        _SUNSETS,
    ),
    build=_partner,
)
