"""Estates in a line or two, everything sound unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from forecourt.diagnostics import Places, Span
from forecourt.estate.api import Api, Owner, Scheme, Status, Upstream, Version
from forecourt.estate.audience import Audience
from forecourt.estate.consumers import Partner, PartnerCertificates, Service
from forecourt.estate.model import Estate
from forecourt.estate.organization import (
    Address,
    ExternalListener,
    InternalListener,
    Issuer,
    Organization,
)
from forecourt.estate.rate_limit import RateLimit
from forecourt.estate.sla import Tier
from forecourt.estate.waiver import Waiver
from forecourt.governance import RULES, Facts, Finding, Rule, Subject

A_DAY = date(2024, 3, 1)


def places(path: str, keys: Iterable[str] = ()) -> Places:
    """Each key on a line of its own, below the first."""
    spans = {key: Span(path, line, 1) for line, key in enumerate(dict.fromkeys(keys), 2)}
    return Places(Span(path, 1, 1), spans)


def a_version(name: str = "1", **written: Any) -> Version:
    """A current version with a contract in the folder of `payments`."""
    return Version(**{"name": name, "contract": f"apis/payments/v{name}.openapi.yaml"} | written)


def a_deprecated_version(deprecated: str, sunset: str, name: str = "1") -> Version:
    return a_version(
        name,
        status=Status.DEPRECATED,
        deprecated=date.fromisoformat(deprecated),
        sunset=date.fromisoformat(sunset),
    )


def an_api(name: str = "payments", audience: str = "public", **written: Any) -> Api:
    """An API that lacks nothing its audience demands; `written` replaces what a test is about."""
    is_external = Audience(audience).is_external
    fields: dict[str, Any] = {
        "name": name,
        "title": name.title(),
        "audience": Audience(audience),
        "owner": Owner(team=name),
        "path": f"/{name}/",
        "upstream": Upstream(url=f"http://{name}.svc:8080"),
        "scheme": Scheme.PATH if is_external else Scheme.NONE,
        "versions": (a_version(contract=f"apis/{name}/v1.openapi.yaml"),)
        if is_external
        else (Version(name="", contract=None),),
        "folder": f"apis/{name}",
        "sla_tiers": ("standard",) if audience == "public" else (),
    } | written
    return Api(**fields, places=places(f"apis/{name}/api.yaml", _keys_of_api(fields)))


def _keys_of_api(fields: Mapping[str, Any]) -> Iterable[str]:
    yield from ("audience", "path", "upstream", "upstream.url", "upstream.version")
    yield from ("versioning", "versioning.scheme", "allow", "contract", "overlays")
    yield from (f"overlays.{i}" for i, _ in enumerate(fields.get("overlays", ())))
    yield from (f"sla.tiers.{i}" for i, _ in enumerate(fields["sla_tiers"]))
    yield from (f"posture.{key}" for key in fields.get("posture", ()))
    for version in fields["versions"]:
        at = f"versions.{version.name}"
        yield at
        for key in ("contract", "status", "deprecated", "sunset", "guide", "upstream.url"):
            yield f"{at}.{key}"


def an_organization(**written: Any) -> Organization:
    """Acme, with both listeners and nothing else."""
    fields: dict[str, Any] = {
        "name": "Acme",
        "external": an_external_listener(),
        "internal": an_internal_listener(),
    } | written
    keys = [
        "listeners.internal.address",
        "listeners.internal.trust_domain",
        "listeners.internal.client_ca",
        "listeners.internal.mesh_proxies",
        "listeners.external.tls.certificate",
        "listeners.external.tls.key",
        *(f"floors.deprecation.{audience.value}" for audience in Audience),
        *(f"channels.{c}.{k}" for c, s in fields.get("channels", {}).items() for k in s),
    ]
    return Organization(**fields, places=places("forecourt.yaml", keys))


def an_external_listener(**written: Any) -> ExternalListener:
    fields: dict[str, Any] = {
        "address": Address(host="0.0.0.0", port=8443),
        "hosts": ("api.acme.example",),
    }
    return ExternalListener(**fields | written)


def an_internal_listener(**written: Any) -> InternalListener:
    fields: dict[str, Any] = {
        "address": Address(host="127.0.0.1", port=9443),
        "trust_domain": "acme.example",
    }
    return InternalListener(**fields | written)


def an_issuer(name: str = "acme-id", **written: Any) -> Issuer:
    fields: dict[str, Any] = {
        "issuer": f"https://{name}.example/",
        "jwks": f"https://{name}.example/jwks.json",
        "token_audience": "https://api.acme.example",
        "callers": Audience.PUBLIC,
        "origin": Span("forecourt.yaml", 2, 1),
    }
    return Issuer(name=name, **fields | written)


def a_service(
    name: str = "orders", identity: str | None = None, *, enabled_features: tuple[str, ...] = ()
) -> Service:
    return Service(
        name=name,
        enabled_features=enabled_features,
        identity=identity or f"spiffe://acme.example/ns/shop/sa/{name}",
        places=places("services.yaml", ["identity", "enabled_features"]),
    )


def a_partner(name: str = "acme-corp", **written: Any) -> Partner:
    """A partner that may use version 1 of payments."""
    fields: dict[str, Any] = {
        "name": name,
        "id": f"partner_{name}",
        "title": name,
        "rate_limit": RateLimit(requests_per_minute=1000),
        "apis": {"payments": ("1",)},
    } | written
    keys = [
        "id",
        "sla_tier",
        "certificates.ca",
        *(f"certificates.sha256.{i}" for i in range(3)),
        *(f"apis.{api}" for api in fields["apis"]),
        *(
            f"apis.{api}.allowed_versions.{i}"
            for api, versions in fields["apis"].items()
            for i, _ in enumerate(versions or ())
        ),
        *(f"sunsets.{api}.{version}" for api, version in fields.get("sunsets", {})),
        "enabled_features",
    ]
    return Partner(**fields, places=places(f"partners/{name}.yaml", keys))


def some_certificates(ca: str | None = None, *sha256: str) -> PartnerCertificates:
    return PartnerCertificates(ca=ca, sha256=sha256)


def a_tier(name: str = "standard") -> Tier:
    return Tier(name=name, availability=Decimal("0.995"), places=places("sla.yaml"))


def a_waiver(rule: str = "promise-missing", api: str = "payments", **written: Any) -> Waiver:
    """One that counts on `A_DAY` and long after."""
    fields: dict[str, Any] = {
        "name": f"{api}-{rule}",
        "rule": rule,
        "api": api,
        "version": None,
        "owner": api,
        "because": "agreed",
        "approved_by": ("api-review-board",),
        "expires": date(2025, 3, 1),
    } | written
    keys = ["rule", "api", "version", "dimension", "approved_by", "expires"]
    return Waiver(**fields, places=places(f"waivers/{fields['name']}.yaml", keys))


def an_estate(*parts: Any, **written: Any) -> Estate:
    """An estate of these parts, with an organisation and a standard tier if none are given."""

    def those(kind: type) -> dict[str, Any]:
        return {part.name: part for part in parts if isinstance(part, kind)}

    fields: dict[str, Any] = {
        "organization": next(iter(those(Organization).values()), an_organization()),
        "apis": those(Api),
        "services": those(Service),
        "partners": those(Partner),
        "tiers": those(Tier) or {"standard": a_tier()},
        "waivers": tuple(part for part in parts if isinstance(part, Waiver)),
    }
    return Estate(**fields | written)


def some_facts(estate: Estate, **written: Any) -> Facts:
    """Every contract is there, and no variable is asked for."""
    contracts = {v.contract for a in estate.apis.values() for v in a.versions if v.contract}
    return Facts(**{"files": frozenset(contracts)} | written)


def findings(
    rule: Rule, estate: Estate, facts: Facts | None = None, **written: Any
) -> list[Finding]:
    """What one rule finds."""
    subject = Subject(
        **{
            "estate": estate,
            "facts": facts or some_facts(estate),
            "today": A_DAY,
            "rules": RULES,
        }
        | written
    )
    return list(rule.check(subject))


def messages(rule: Rule, estate: Estate, facts: Facts | None = None, **written: Any) -> list[str]:
    """What one rule says."""
    return [finding.message for finding in findings(rule, estate, facts, **written)]
