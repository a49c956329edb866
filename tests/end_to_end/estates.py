"""Estates for tests to serve: the example, and small ones, sound unless a test says otherwise."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.end_to_end.gateway import Gateway, Ports
from tests.end_to_end.ports import free_ports

ACME = Path(__file__).parents[2] / "examples" / "acme"

Declared = Mapping[str, Any]


def a_home() -> Path:
    """A folder with a short path: a Unix socket's may have no more than 103 bytes."""
    return Path(tempfile.mkdtemp(prefix="fc-", dir="/tmp"))


def some_ports() -> Ports:
    """Three that are free."""
    external, internal, operations = free_ports(3)
    return Ports(external=external, internal=internal, operations=operations)


def acme() -> Gateway:
    """A gateway, not started, of a copy of the example estate, with mocks."""
    gateway = Gateway(home=a_home(), ports=some_ports())
    shutil.copytree(ACME, gateway.estate, ignore=shutil.ignore_patterns(".forecourt"))
    gateway.change("forecourt.yaml", "127.0.0.1:8443", f"127.0.0.1:{gateway.ports.external}")
    gateway.change("forecourt.yaml", "127.0.0.1:9443", f"127.0.0.1:{gateway.ports.internal}")
    return gateway


def an_estate(
    *,
    apis: Declared,
    partners: Declared | None = None,
    services: Declared | None = None,
    plans: Declared | None = None,
    organization: Declared | None = None,
    files: Mapping[str, str] | None = None,
    local: bool = True,
    workers: int = 2,
) -> Gateway:
    """A gateway, not started, of an estate that is declared here.

    Each mapping is what its files hold, by name: see `an_api`, `a_partner`. Without `services`,
    `orders` and `billing` are declared. `local=False`: upstreams are real (see `upstream.py`).
    """
    gateway = Gateway(home=a_home(), ports=some_ports(), local=local, workers=workers)
    gateway.estate.mkdir()
    declared = {
        "forecourt.yaml": {**an_organization(gateway.ports), **(organization or {})},
        "services.yaml": {"services": services or {n: a_service(n) for n in ("orders", "billing")}},
        "sla.yaml": {"tiers": {"standard": {"availability": "99.5%"}}},
        **{f"apis/{name}/api.yaml": {"name": name, **api} for name, api in apis.items()},
        **{f"partners/{name}.yaml": partner for name, partner in (partners or {}).items()},
        **({} if plans is None else {"plans.yaml": {"plans": plans}}),
    }
    for path, content in declared.items():
        gateway.save(path, as_yaml(content))
    for name in apis:
        gateway.save(f"apis/{name}/openapi.yaml", as_yaml(a_contract(name)))
    for path, text in (files or {}).items():
        gateway.save(path, text)
    return gateway


def spare_tests(gateway: Gateway) -> Gateway:
    """Who asks here again and again whether it is still refused is not taken for a guesser."""
    declared = json.loads(gateway.read("forecourt.yaml"))
    declared["listeners"]["external"]["never_block"] = ["127.0.0.1"]
    gateway.save("forecourt.yaml", as_yaml(declared))
    return gateway


def as_yaml(content: Declared) -> str:
    """JSON is YAML."""
    return json.dumps(content, indent=2) + "\n"


def an_organization(ports: Ports, **fields: Any) -> dict[str, Any]:
    """What `forecourt.yaml` holds."""
    return {
        "organization": "Acme",
        "listeners": {
            "external": {
                "address": f"127.0.0.1:{ports.external}",
                "hosts": ["localhost", "api.acme.example"],
            },
            "internal": {
                "address": f"127.0.0.1:{ports.internal}",
                "trust_domain": "acme.example",
                "mesh_proxies": ["spiffe://acme.example/ns/mesh/sa/ingress"],
            },
        },
        **fields,
    }


def an_api(
    audience: str = "public", *, upstream: str | None = None, **fields: Any
) -> dict[str, Any]:
    """What `api.yaml` holds, but for the name: version 1 by path, with its contract beside it.

    An internal API has no versions.
    """
    versioned: dict[str, Any] = {"versions": {"1": {"contract": "openapi.yaml"}}}
    if audience == "internal":
        versioned = {"versioning": {"scheme": "none"}, "contract": "openapi.yaml"}
    promised = {} if audience == "internal" else {"sla": {"tiers": ["standard"]}}
    return {
        "audience": audience,
        "owner": {"team": "shop"},
        "upstream": {"url": upstream or f"http://{audience}.acme.example:8080"},
        **versioned,
        **promised,
        **fields,
    }


def a_service(name: str, **fields: Any) -> dict[str, Any]:
    """An entry of `services.yaml`."""
    return {"identity": f"spiffe://acme.example/ns/shop/sa/{name}", **fields}


def a_partner(*apis: str, id: str = "partner_one", **fields: Any) -> dict[str, Any]:
    """What a partner's file holds: a contract about these APIs, version 1."""
    return {
        "id": id,
        "name": id,
        "rate_limit": {"requests_per_minute": 1000},
        "apis": {api: {"allowed_versions": ["1"]} for api in apis},
        "sla_tier": "standard",
        "support": {"contact": "partner@example.com"},
        **fields,
    }


def a_contract(title: str = "Things") -> dict[str, Any]:
    """An OpenAPI document: `/things` by every method, and what is around and below to be got.

    It lets unknown parameters pass, so that tests may ask what they like.
    """
    sent = {"content": {"application/json": {"schema": {"type": "object"}}}}
    answer = {
        "description": "what there is",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"name": {"type": "string"}}},
                "example": {"name": "lamp"},
            }
        },
    }
    got = {"get": {"responses": {"200": answer}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "x-allow-unknown-parameters": True,
        "paths": {
            "/": got,
            "/things": {
                "get": {"operationId": "listThings", "responses": {"200": answer}},
                "post": {
                    "operationId": "addThing",
                    "requestBody": sent,
                    "responses": {"201": answer, "2XX": answer},
                },
                **{
                    method: {
                        "requestBody": sent,
                        "responses": {"200": answer, "202": {"description": "taken on"}},
                    }
                    for method in ("put", "patch", "delete", "options")
                },
            },
            "/things/{id}": got,
            "/files/{name}.json": got,
            "/both/{one}{other}": got,
            "/counted": {
                "get": {
                    **got["get"],
                    "parameters": [
                        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
                        {"name": "code", "in": "query", "schema": {"pattern": "a(?=b)"}},
                    ],
                }
            },
            "/judged": {
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {"schema": {"type": "string", "pattern": "a(?=b)"}}
                        },
                    },
                    "responses": {"200": answer},
                }
            },
            "/approvals": {"get": {**got["get"], "security": [{"people": ["approve"]}]}},
        },
        "components": {
            "securitySchemes": {
                "people": {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": "https://id.acme.example/token",
                            "scopes": {"approve": "say yes"},
                        }
                    },
                    "x-user-scopes": ["approve"],
                }
            }
        },
    }
