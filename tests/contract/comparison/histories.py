"""Documents that have a history, and what their vendors say changed from one to the next."""

from __future__ import annotations

from dataclasses import dataclass

_QOD = "camara-qod/qod-api/v{}.yaml"
_STRIPE = "stripe/spec3-{}.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence of a changelog that concerns callers, and how we would say it.

    It is found by a change of one of the `kinds` that speaks of `about`; `missed` is why by none.
    """

    said: str
    kinds: tuple[str, ...] = ()
    about: str = ""
    missed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Two consecutive documents. `beyond`: why we find what the vendor does not say."""

    old: str
    new: str
    statements: tuple[Statement, ...] = ()
    beyond: str = ""


STEPS: tuple[Step, ...] = (
    Step(
        old=_QOD.format("0.8.0"),
        new=_QOD.format("0.8.1"),
        statements=(
            Statement(
                said="Update from notificationsUri to notificationsUrl",
                kinds=("request-property-removed", "response-property-removed"),
                about="`notificationUri` is gone",
            ),
            Statement(
                said="Added Generic error 500 to remaining procedures",
                kinds=("failure-added",),
                about="answer 500",
            ),
        ),
    ),
    Step(
        old=_QOD.format("0.8.1"),
        new=_QOD.format("0.9.0"),
        statements=(
            Statement(
                said="Introduced `qosStatus` and corresponding notification event",
                kinds=("response-property-added",),
                about="`qosStatus` is new",
            ),
            Statement(
                said="Added new methods to get service provider defined QoS Profile",
                kinds=("operation-added",),
                about="GET /qos-profiles",
            ),
            Statement(
                said="Scopes specified and OAuth2 authorizationCode flow added",
                kinds=("security-alternative-added",),
                about="`threeLegged` with `qod-sessions-write`",
            ),
            Statement(
                said="Aligned error format with CAMARA design guidelines",
                kinds=("response-property-added",),
                about="answer 400: `status`",
            ),
            Statement(
                said="Renamed properties to new terms agreed in CAMARA Commonalities",
                kinds=("response-required-property-removed",),
                about="`ueId` is gone",
            ),
            Statement(
                said="Updated method for identifying devices by IPv4 address",
                kinds=("request-required-property-added",),
                about="`device` is new",
            ),
            Statement(
                said="Updated of the notification event related fields",
                kinds=("callback-removed",),
                about="callback notifications",
            ),
            Statement(
                said='Added error code 501 "Not Implemented"',
                kinds=("failure-added",),
                about="answer 501",
            ),
            Statement(
                said="Removed format lines from Datatypes `Ipv4Address` and `Ipv6Address`",
                kinds=("request-format-widened", "response-format-widened"),
                about="pv",
                missed="the properties that had them have other names now: they are told as gone",
            ),
        ),
        beyond="the other properties that were renamed, and an operation that went",
    ),
    Step(
        old=_QOD.format("0.9.0"),
        new=_QOD.format("0.10.0"),
        statements=(
            Statement(
                said="Within notifications the schema `EventNotification` has been replaced",
                kinds=("response-media-type-removed",),
                about="callback notifications",
            ),
            Statement(
                said="If an IPv6 address is used it must be a single IPv6 address",
                kinds=("request-format-narrowed",),
                about="device.ipv6Address",
            ),
            Statement(
                said="Added new endpoint to extend duration of an active session",
                kinds=("operation-added",),
                about="/sessions/{sessionId}/extend",
            ),
            Statement(
                said="Single IP addresses specified with standard formats instead of patterns",
                kinds=("response-pattern-removed", "request-format-narrowed"),
                about="pv4Address",
            ),
            Statement(
                said='Moved "basePath" /qod/v0 to "url"-property',
                kinds=("server-removed",),
                about="basePath",
            ),
            Statement(
                said="Added statusInfo 'DELETE_REQUESTED'",
                kinds=("response-enum-value-added", "request-enum-value-added"),
                about="`DELETE_REQUESTED`",
                missed="it is in the notification, whose media type is another, which is told",
            ),
        ),
        beyond="patterns of addresses in answers went as well",
    ),
    Step(
        old=_QOD.format("0.10.0"),
        new=_QOD.format("0.10.1"),
        statements=(
            Statement(
                said='Improved the datatype "SessionInfo" to remove the maximum limit of duration',
                kinds=("response-maximum-raised",),
                about="duration",
            ),
        ),
    ),
    Step(
        old=_STRIPE.format("2022-08-01"),
        new=_STRIPE.format("2022-11-15"),
        statements=(
            Statement(
                said="Removed `Orders` resource",
                kinds=("operation-removed",),
                about="/v1/orders",
            ),
            Statement(
                said="Removed `SKU` resource",
                kinds=("operation-removed",),
                about="/v1/skus",
            ),
        ),
        beyond="the changelog is that of a library, which passes over values and paths that it "
        "does not name",
    ),
    Step(old="adyen/BinLookupService-v52.yaml", new="adyen/BinLookupService-v54.yaml"),
    Step(old="adyen/CheckoutService-v70.yaml", new="adyen/CheckoutService-v71.yaml"),
    Step(old="adyen/LegalEntityService-v2.yaml", new="adyen/LegalEntityService-v3.yaml"),
    Step(old="paypal/checkout_orders_v1.json", new="paypal/checkout_orders_v2.json"),
    Step(old="box/openapi-v2024.0.json", new="box/openapi-v2025.0.json"),
    Step(old="box/openapi-v2025.0.json", new="box/openapi-v2026.0.json"),
    Step(old="camara-qod/qod-api/v0.10.1.yaml", new="camara-qod/quality-on-demand/r3.2.yaml"),
)
