"""Files of estates by the schema that is theirs, and what the reader says of one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from forecourt.diagnostics import Diagnostic
from forecourt.source.estate import read_estate
from forecourt.source.schemas import schema_called, schema_of
from tests.docs.pages import blocks, page
from tests.source.builders import an_api, an_estate

_TESTS = Path(__file__).parents[1]
_ESTATES = (
    _TESTS.parent / "examples" / "acme",
    *sorted((_TESTS / "source" / "cases").iterdir()),
    *sorted((_TESTS / "cli" / "cases").iterdir()),
)

_VERSIONED = (
    'versions: {"1": {contract: v1.openapi.yaml, upstream: {url: http://old:8080}},'
    ' "2": {contract: v2.openapi.yaml}}'
)

# One of each kind with every key that it may hold, all of it right.
FULL = {
    "forecourt.yaml": """
organization: Acme
listeners:
  external:
    {address: 0.0.0.0:8443, hosts: [api.acme.example], tls: {certificate: a.pem, key: a.key}}
  internal:
    address: 127.0.0.1:9443
    trust_domain: acme.example
    hosts: [gateway.acme.example]
    client_ca: ca.pem
    mesh_proxies: ["spiffe://acme.example/ingress"]
identity:
  issuers:
    - {name: acme-id, issuer: https://id.acme.example/, jwks: jwks.json, token_audience: api,
       callers: public, consumer_claim: azp}
channels: {slack: {webhook: "${HOOK}"}, email: {smtp: smtp://mail.example:587, from: a@b.example}}
floors: {deprecation: {public: 12 months}}
features: {bulk: enterprise}
approvers: {api-review-board: the review board}
""",
    "forecourt.prod.yaml": """
listeners: {external: {address: 0.0.0.0:443}, internal: {client_ca: ca.pem}}
identity:
  issuers:
    - {name: acme-id, issuer: https://id.acme.example/, jwks: jwks.json, token_audience: api,
       callers: public}
channels: {slack: {webhook: "${HOOK}"}}
upstreams: {payments: {url: https://payments.prod:8443, versions: {"1": {url: https://old.prod}}}}
""",
    "apis/payments/api.yaml": """
name: payments
title: Payments
audience: public
owner: {team: payments, slack: "#payments", on_call: nights}
source: https://git.acme.example/payments
path: /pay
upstream: {url: http://payments:8080, version: "2"}
versioning: {scheme: path}
versions:
  "1": {contract: v1.openapi.yaml, status: deprecated, deprecated: 2029-01-01, sunset: 2030-01-01,
        guide: guide.md, upstream: {url: http://old:8080},
        brownouts: [{before: 30d, length: 12h}]}
  "2": {contract: v2.openapi.yaml}
posture:
  {errors: constant, body_limits: {bytes: 64 KB, depth: 9}, credentials: [jwt], deprecation: 14,
   rate_limit: {requests_per_minute: 50}, languages: 5}
overlays: [audience.overlay.yaml]
allow: [orders]
sla: {tiers: [standard]}
slo:
  availability: {target: 99.9%, window: 30d, escalation: [{threshold: 99%, action: notify slack}]}
  latency: {p95: 200ms}
  error_rate: {target: "< 0.1%"}
dashboards: [https://grafana.acme.example/]
""",
    "apis/payments/changes/2.yaml": """
version: "2"
follows: "1"
summary: Everything is better
changes:
  - {rename: a, to: b, in: [Thing], part: body, because: clarity}
  - {convert: a, from: minor_units, to: money, currency: USD, in: [T], on_loss: null, because: x}
  - {nest: [a, b], into: c, in: [Thing], on_loss: omit, because: clarity}
  - {hoist: [a, b], out_of: c, in: [Thing], on_loss: refuse, because: clarity}
  - {wrap: a, into: b, in: [Thing], on_loss: refuse, because: clarity}
  - {unwrap: a, out_of: b, in: [Thing], on_loss: "null", because: clarity}
  - {add: a, default: {x: [1, null]}, in: [Thing], on_loss: omit, because: clarity}
  - {remove: a, default: 3, part: query, on_loss: refuse, because: clarity}
  - {map: a, values: {b: c}, back: {d: b}, in: [Thing], on_loss: omit, because: clarity}
  - {move: a, from: query, to: body, as: b, in: [op], message: request, on_loss: omit, because: x}
  - {operation: a, becomes: b, path: {c: d}, body: {wrap: e}, answer: {unwrap: f}, because: g}
""",
    "services.yaml": """
services: {orders: {identity: spiffe://acme.example/orders, rate_limit: {requests_per_day: 5}}}
""",
    "partners/acme.yaml": """
id: partner_acme
name: Acme
rate_limit: {requests_per_minute: 10_000, burst_allowance: 1.5}
enabled_features: [bulk]
apis: {payments: {allowed_versions: ["1", "2"]}, users: {}}
sla_tier: enterprise
sla: {availability: 99.99%}
certificates: {ca: acme.pem}
support: {contact: a@b.example, slack: "#acme", escalation: [c@d.example]}
webhooks: {endpoints: [https://acme.example/hook], retry_policy: aggressive}
sunsets: {payments: {"1": 2030-01-01}}
""",
    "plans.yaml": "plans: {free: {rate_limit: {requests_per_minute: 20, requests_per_day: 1000}}}",
    "sla.yaml": """
tiers:
  standard: {availability: 99.5%, latency: {p95: 300ms}, support_response: 8h,
             credits: [{below: 99.5%, credit: 10%}]}
""",
    "waivers/old.yaml": """
rule: deprecation-too-short
api: payments
version: "1"
dimension: deprecation
owner: payments
because: announced before
approved_by: [board]
expires: 2030-01-01
""",
}


def files() -> Iterator[tuple[str, str, str]]:
    """Every file of the golden cases, the example and the guide that has a schema.

    Its folder (for people), its path from the estate's root, and its text.
    """
    for estate in _ESTATES:
        for path in sorted(estate.rglob("*.yaml")):
            inner = path.relative_to(estate).as_posix()
            if schema_of(inner) is not None and not path.is_symlink():
                yield estate.name, inner, path.read_bytes().decode(errors="replace")
    for block in blocks(page("docs/guide.md"), "yaml"):
        path = block.text.splitlines()[0].removeprefix("# ")
        if schema_of(path) is not None:
            yield "guide", path, block.text


def mistakes(path: str, text: str) -> tuple[Diagnostic, ...]:
    """What the reader says of this file, beside others that are right."""
    others = {
        f"apis/{name}/api.yaml": an_api(name, _VERSIONED) for name in ("payments", "lamps", "users")
    }
    is_environment = schema_of(path) == schema_called("environment")
    environment = path.split(".")[1] if is_environment else None
    if is_environment:  # laid over a file that has all it could be laid over
        others["forecourt.yaml"] = FULL["forecourt.yaml"]
    _, found = read_estate(an_estate({**others, path: text}), environment)
    return tuple(d for d in found if d.span.path == path)


@cache
def validator(name: str) -> Draft202012Validator:
    """Judges by the schema of that name."""
    schema = schema_called(name)
    assert schema is not None
    return Draft202012Validator(dict(schema.document), validate_formats=True)


def complaints(name: str, value: Any) -> list[ValidationError]:
    """What the schema says of a value."""
    return list(validator(name).iter_errors(value))
