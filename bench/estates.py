"""Estates to measure: as many APIs as asked for, before a real upstream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from forecourt.actions.signing_key import generate_signing_key

# What `bench.rig`'s upstream answers, as a contract has it: held to it, and whole.
_THING = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "amount": {
            "type": "object",
            "properties": {"value": {"type": "string"}, "currency": {"type": "string"}},
        },
        "status": {"type": "string", "enum": ["created", "captured", "refunded"]},
    },
}

# Each may make 10,000 calls a minute: together more than one processor serves.
SERVICES = 128

PARTNER = "partner_bench"
TOKEN_AUDIENCE = "https://api.bench.example"


def write_estate(
    folder: Path,
    *,
    upstream: int,
    external: int,
    internal: int,
    apis: Iterable[tuple[str, str]] = (("payments", "public"), ("users", "internal")),
    operations: int = 10,
    plan: int = 10_000_000,
    issuers: Mapping[str, str] | None = None,
) -> None:
    """Writes an estate with these APIs (name, audience). The plan's limit is never met.

    `issuers` maps the names of those who sign tokens for the partner `bench` to their key sets, and
    nor is its limit met; None: there is one, whose tokens nobody brings, so that the public posture
    checks tokens too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    callers = "public" if issuers is None else "partner"
    if issuers is None:
        issuers = {"id": generate_signing_key().jwks()}
    else:
        apis = tuple(apis)
        (folder / "partners").mkdir()
        called = ", ".join(f'{n}: {{allowed_versions: ["2"]}}' for n, a in apis if a != "internal")
        (folder / "partners" / "bench.yaml").write_text(
            f"id: {PARTNER}\nname: Bench\napis: {{{called}}}\n"
            f"rate_limit: {{requests_per_minute: {plan}}}\n"
        )
    identity = "identity:\n  issuers:\n" + "".join(
        f"    - {{name: {name}, issuer: https://{name}.bench.example/, jwks: {name}.jwks.json, "
        f"token_audience: {TOKEN_AUDIENCE}, callers: {callers}}}\n"
        for name in issuers
    )
    for name, jwks in issuers.items():
        (folder / f"{name}.jwks.json").write_text(jwks)
    # Benches ask with thousands of keys that were revoked: who does is blocked elsewhere.
    spared = "never_block: [127.0.0.0/8]"
    (folder / "forecourt.yaml").write_text(
        "organization: Bench\n"
        "listeners:\n"
        f"  external: {{address: 127.0.0.1:{external}, hosts: [localhost], {spared}}}\n"
        f"  internal: {{address: 127.0.0.1:{internal}, trust_domain: bench.example}}\n"
        + (identity if issuers else "")
    )
    (folder / "plans.yaml").write_text(
        f"plans:\n  standard: {{rate_limit: {{requests_per_minute: {plan}}}}}\n"
    )
    (folder / "sla.yaml").write_text("tiers:\n  standard: {availability: 99.5%}\n")
    (folder / "services.yaml").write_text(
        "services:\n"
        + "".join(
            f"  service-{n}: {{identity: spiffe://bench.example/ns/shop/sa/service-{n}}}\n"
            for n in range(SERVICES)
        )
    )
    for name, audience in apis:
        write_api(folder / "apis" / name, name, audience, upstream=upstream, operations=operations)


def write_api(
    folder: Path, name: str, audience: str, *, upstream: int, operations: int = 10
) -> None:
    """Writes one API with a contract of so many operations."""
    folder.mkdir(parents=True, exist_ok=True)
    # A base path of its own, so that no API's upstream holds a narrower one's.
    lines = [
        f"name: {name}",
        f"audience: {audience}",
        "owner: {team: bench}",
        f"upstream: {{url: http://127.0.0.1:{upstream}/{name}}}",
    ]
    if audience == "internal":
        lines += ["versioning: {scheme: none}", "contract: openapi.yaml"]
    else:
        lines += ['versions: {"2": {contract: openapi.yaml}}', "sla: {tiers: [standard]}"]
    (folder / "api.yaml").write_text("\n".join(lines) + "\n")
    paths = {
        f"/things{i}/{{id}}": {
            "get": {
                "operationId": f"thing{i}",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {
                    "200": {
                        "description": "found",
                        "content": {"application/json": {"schema": _THING}},
                    }
                },
            }
        }
        for i in range(operations)
    }
    document = {"openapi": "3.0.3", "info": {"title": name, "version": "2"}, "paths": paths}
    (folder / "openapi.yaml").write_text(json.dumps(document, indent=1))
