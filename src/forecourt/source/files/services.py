"""`services.yaml`: the organisation's own services that call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from forecourt.estate.audience import Audience
from forecourt.estate.consumers import Service
from forecourt.estate.posture import POSTURES
from forecourt.source.files.demanded import usual
from forecourt.source.files.rate_limits import OF_A_SERVICE
from forecourt.source.vocabulary.addresses import SPIFFE_ID
from forecourt.source.vocabulary.collection import ByName, Listed
from forecourt.source.vocabulary.names import NAME
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required

_IDENTITY = required("identity", SPIFFE_ID, "the SPIFFE identity in the service's certificate")
_RATE_LIMIT = optional(
    "rate_limit",
    OF_A_SERVICE,
    "a limit of its own",
    note=usual("rate_limit", Audience.INTERNAL),
)


_FEATURES = optional(
    "enabled_features",
    Listed(of=NAME, expects="a list of features"),
    "the features this service has: previews of APIs, and versions that flags choose",
    default=(),
)


def _service(row: Row, at: At) -> Service:
    written: Any = row[_RATE_LIMIT]
    usual = POSTURES[Audience.INTERNAL].rate_limit
    return Service(
        name=at.label,
        identity=row[_IDENTITY],
        rate_limit=None if written is None else at.attempt(lambda: replace(usual, **written)),
        enabled_features=row[_FEATURES],
        places=at.places,
    )


SERVICE = Record(
    expects="a mapping with `identity`", fields=(_IDENTITY, _RATE_LIMIT, _FEATURES), build=_service
)

_SERVICES = optional(
    "services",
    ByName(
        keys=NAME, values=SERVICE, expects="a mapping of services", is_lenient=True, is_apart=True
    ),
    "the services by name",
    default={},
    example={"orders": {"identity": "spiffe://acme.example/ns/shop/sa/orders"}},
)


def _services(row: Row, at: At) -> Mapping[str, Service]:
    return row[_SERVICES]


SERVICES = Record(
    expects="a mapping with `services`", fields=(_SERVICES,), build=_services, is_lenient=True
)
