"""Answers of the control plane and route policies, as the edge's Lua has them."""

from __future__ import annotations

from typing import Any

ORDERS = "spiffe://acme.example/ns/shop/sa/orders"


def an_answer(**fields: Any) -> dict[str, Any]:
    """What `resolver.parse` gives; a field is its own or one of its terms."""
    own = {
        "credential": "key_1",
        "application": "app_1",
        "consumer": "developer:ada",
        "subject": "",
        "bucket": 1,
        "beside": None,
        "user": None,
        "expires": 1e12,
        "fresh": 60,
        "grace": 600,
        "news": 0,
    }
    terms = {
        "kind": "api_key",
        "audience": "public",
        "grants": False,
        "sunsets": False,
        "scopes": "",
        "has_all_scopes": False,
        "features": "",
        "has_feature": False,
        "pins": False,
        "needs_certificate": False,
        "is_test": False,
        "class": 0,
        "networks": False,
        "interval": 0.6,
        "depth": 15.0,
        "user": False,
        "policy": '"minute";q=100;w=60',
    }
    if "share" in fields:  # of each person, in the terms; `user` is one's own bucket
        terms["user"] = fields.pop("share")
    unknown = fields.keys() - own.keys() - terms.keys()
    assert not unknown, f"an answer has no {unknown}"
    return {
        **{name: fields.get(name, value) for name, value in own.items()},
        "terms": {
            name: value if name == "user" else fields.get(name, value)
            for name, value in terms.items()
        },
    }


def some_lines(**fields: str | None) -> str:
    """An answer as the control plane writes it; None leaves a line out."""
    given = {
        "credential": "key_1",
        "application": "app_1",
        "consumer": "developer:ada",
        "audience": "public",
        "mode": "live",
        "class": "0",
        "bucket": "00000000000a7",
        "limit": "100",
        "capacity": "25",
        "api": "*",
        "scopes": "*",
        "features": "",
        "fresh": "60",
        "grace": "600",
        "news": "0",
    } | fields
    return "".join(
        f"{name} {value}".rstrip() + "\n" for name, value in given.items() if value is not None
    )


def a_policy(**fields: Any) -> dict[str, Any]:
    """What rides on the route of a public API."""
    return {
        "api": "payments",
        "audience": "public",
        "team": "payments-team",
        "by_header": False,
        "prefix": "/payments/v2/",
        "versions": [{"name": "2", "status": "current"}],
        "callers": {
            "internal": a_caller("detailed", "internal_token", "mtls"),
            "partner": a_caller("sanitised", "api_key", "jwt", "oauth2"),
            "public": a_caller("constant", "api_key", "jwt", "oauth2"),
        },
    } | fields


def an_internal_policy(**fields: Any) -> dict[str, Any]:
    """What rides on the route of an internal API that `orders` and `billing` may call."""
    return (
        a_policy(
            api="users",
            audience="internal",
            versions=[{"name": "", "status": "current"}],
            allow=["orders", "billing", ""],
            callers={"internal": a_caller("detailed", "internal_token", "mtls")},
        )
        | fields
    )


def a_caller(errors: str, *credentials: str) -> dict[str, Any]:
    return {
        "errors": errors,
        "body_bytes": 1_048_576,
        "credentials": list(credentials),
        "demands_scopes": errors != "detailed",
        "request_check": "off" if errors == "detailed" else "enforce",
        "response_check": "off" if errors == "detailed" else "filter",
    }
