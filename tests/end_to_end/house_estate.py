"""The estate of the house: every kind of API, partner and plan."""

from __future__ import annotations

from hashlib import sha256
from ssl import PEM_cert_to_DER_cert
from typing import Any

from forecourt.actions.signing_key import SigningKey
from forecourt.edge.authority import KeyPair
from tests.end_to_end.estates import (
    a_contract,
    a_partner,
    an_api,
    an_estate,
    an_organization,
    as_yaml,
)
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.raw_socket import RawServer
from tests.end_to_end.upstream import Upstream


def an_estate_with_everything(
    upstream: Upstream, odd: RawServer, signer: SigningKey, certificate: KeyPair
) -> Gateway:
    der = PEM_cert_to_DER_cert(certificate.certificate.read_text())
    contract = {"contract": "openapi.yaml"}
    gateway = an_estate(
        apis={
            "lamps": an_api(
                upstream=f"{upstream.url}/lamps/",
                versions={
                    "1": {
                        **contract,
                        "status": "deprecated",
                        "deprecated": "2020-01-01",
                        "sunset": "2022-01-01",
                    },
                    "2": {
                        **contract,
                        "status": "deprecated",
                        "deprecated": "2026-01-01",
                        "sunset": "2036-01-01",
                    },
                    "3": contract,
                },
            ),
            "prices": an_api(
                "partner",
                upstream=f"{upstream.url}/prices/",
                versioning={"scheme": "header"},
                versions={
                    "2024-01-01": {
                        **contract,
                        "status": "deprecated",
                        "deprecated": "2026-01-01",
                        "sunset": "2035-01-01",
                    },
                    "2025-01-01": contract,
                },
            ),
            "odd": an_api(upstream=f"{odd.url}/odd/"),
            "open": an_api(upstream=f"{upstream.url}/open/", posture={"anonymous_limit": _FAST}),
            "scarce": an_api(
                upstream=f"{upstream.url}/scarce/",
                posture={"rate_limit": {"requests_per_minute": 1}},
            ),
            "inner": an_api("internal", upstream=f"{odd.url}/inner/"),
            "old": {
                **an_api(
                    versions={
                        "1": {"contract": "v1.openapi.yaml"},
                        "2": {"contract": "v2.openapi.yaml"},
                    }
                ),
                "upstream": {"url": f"{upstream.url}/old/", "version": "2"},
            },
            "made": {
                **an_api(
                    versions={
                        "1": {"contract": "v1.openapi.yaml"},
                        "2": {"contract": "v2.openapi.yaml"},
                    }
                ),
                "upstream": {"url": f"{upstream.url}/made/", "version": "2"},
            },
            "flagged": {
                "audience": "internal",
                "owner": {"team": "shop"},
                "upstream": {"url": f"{upstream.url}/flagged/"},
                "versioning": {"scheme": "flags"},
                "versions": {"early": {**contract, "feature": "early"}, "plain": contract},
            },
            "stock": an_api("internal", upstream=f"{upstream.url}/stock/", allow=["orders"]),
            "seen": an_api(
                "internal",
                upstream=f"{upstream.url}/seen/",
                posture={"response_check": "observe"},
            ),
        },
        partners={
            "one": a_partner(
                apis={"prices": {"allowed_versions": ["2024-01-01", "2025-01-01"]}},
                enabled_features=["early"],
                sunsets={"prices": {"2024-01-01": "2036-01-01"}},
            ),
            "two": a_partner(
                id="partner_two",
                apis={"prices": {"allowed_versions": ["2025-01-01"]}},
                certificates={"sha256": [sha256(der).hexdigest()]},
            ),
        },
        plans={
            "fast": {"rate_limit": _FAST},
            "slow": {"rate_limit": {"requests_per_minute": 1}},
            "counted": {
                "rate_limit": {"requests_per_minute": 1_000_000, "concurrent_requests": 1000}
            },
            "single": {"rate_limit": {"requests_per_minute": 1_000_000, "concurrent_requests": 1}},
        },
        files={
            "keys/acme-id.json": signer.jwks(),
            "apis/lamps/openapi.yaml": as_yaml(_with_something_hidden()),
            "apis/open/openapi.yaml": as_yaml({**a_contract("open"), "security": []}),
            "waivers/anybody.yaml": as_yaml(_a_waiver("anonymous-operation")),
            "waivers/fast.yaml": as_yaml(_a_waiver("laxer-than-posture")),
            "apis/old/v1.openapi.yaml": as_yaml(_priced({"type": "integer"})),
            "apis/old/v2.openapi.yaml": as_yaml(_priced({"type": "string"})),
            "apis/old/changes/2.yaml": as_yaml(_IN_TEXT),
            "apis/made/v1.openapi.yaml": as_yaml(_priced({"type": "integer"})),
            "apis/made/v2.openapi.yaml": as_yaml(_priced({"type": "string"})),
            "apis/made/changes/2.yaml": as_yaml(_BY_FUNCTIONS),
            "apis/made/changes/prices.py": _PRICES,
        },
        local=False,
        workers=1,
    )
    issuer = {
        "name": "acme-id",
        "issuer": "https://id.acme.example/",
        "jwks": "keys/acme-id.json",
        "token_audience": "https://api.acme.example",
        "callers": "public",
        "consumer_claim": "azp",
    }
    organization = an_organization(
        gateway.ports, identity={"issuers": [issuer]}, features={"early": "early access"}
    )
    gateway.save("forecourt.yaml", as_yaml(organization))
    return gateway


_FAST = {"requests_per_minute": 1_000_000}


def _a_waiver(rule: str) -> dict[str, Any]:
    return {
        "rule": rule,
        "api": "open",
        "owner": "shop",
        "because": "anybody may call it, and often",
        "approved_by": ["board"],
        "expires": "2099-01-01",
    }


# Prices were whole cents, and are decimal texts.
_IN_TEXT = {
    "version": "2",
    "summary": "Prices are texts",
    "changes": [
        {
            "convert": "price",
            "in": ["Thing"],
            "from": "minor_units",
            "to": "decimal",
            "currency": "USD",
            "on_loss": "refuse",
            "because": "nobody should have to divide",
        }
    ],
}


_BY_FUNCTIONS = {
    "version": "2",
    "summary": "Prices are texts",
    "changes": [
        {
            "function": "prices.py",
            "raise": "raised",
            "lower": "lowered",
            "in": ["PUT /things/{id}"],
            "because": "no lens knows them",
        },
        {
            "function": "prices.py",
            "lower": "lowered",
            "in": ["GET /things/{id}"],
            "because": "no lens knows them",
        },
    ],
}
_PRICES = """
def raised(body):
    return {**body, "price": str(body.get("price", 0))}


def lowered(body):
    return {**body, "price": int(body.get("price", "0"))}
"""


def _priced(price: dict[str, Any]) -> dict[str, Any]:
    """The contract of things that have a name and a price."""
    thing = {"type": "object", "properties": {"name": {"type": "string"}, "price": price}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    answer = {"200": {"description": "it", "content": content}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Old", "version": "1"},
        "paths": {
            "/things/{id}": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "get": {"responses": answer},
                "put": {"requestBody": {"content": content}, "responses": answer},
            }
        },
        "components": {"schemas": {"Thing": thing}},
    }


def _limited_to(per_minute: int) -> dict[str, Any]:
    return {"x-rate-limit": {"requests_per_minute": per_minute}}


def _with_something_hidden() -> dict[str, Any]:
    """The contract, with a path and a member of a body that are for colleagues."""
    contract = a_contract("lamps")
    got, ours = contract["paths"]["/things/{id}"], {"x-audience": "internal"}
    contract["paths"]["/things/mine"] = {**got, **ours}
    hiding = {"type": "object", "properties": {"risk": ours}, "additionalProperties": True}
    body = contract["paths"]["/things"]["post"]["requestBody"]
    contract["paths"]["/things"]["post"]["requestBody"] = {
        **body,
        "content": {"application/json": {"schema": hiding}},
    }
    contract["paths"]["/often"] = {"get": {**got["get"], **_limited_to(1_000_000)}}
    contract["paths"]["/seldom"] = {"get": {**got["get"], **_limited_to(1)}}
    contract["paths"]["/ending"] = {"get": _ending(got["get"]["responses"])}
    return contract


def _ending(responses: Any) -> dict[str, Any]:
    """An operation that ends, with parameters that do."""
    dated = {"deprecated": True, "x-deprecated-since": "2026-01-01", "x-sunset": "2036-01-01"}
    parameters = [
        {"name": "old", "in": place, "schema": {"type": "string"}, **dated}
        for place in ("query", "cookie")
    ]
    return {"responses": responses, "parameters": parameters, **dated}
