"""Who may call: the declared services, partners, plans and issuers, with their limits."""

from __future__ import annotations

from forecourt.compiler.ir import callers as ir
from forecourt.estate.audience import Audience
from forecourt.estate.consumers import Partner, Plan, Service
from forecourt.estate.model import Estate
from forecourt.estate.organization import Issuer
from forecourt.estate.posture import POSTURES
from forecourt.estate.precedence import LEAST_TIER, tier_class
from forecourt.estate.rate_limit import RateLimit


def lower_callers(estate: Estate, *, external_host: str) -> ir.Callers:
    """Everyone declared, sorted by name. Partners' own hosts stand below `external_host`."""
    issuers = estate.organization.issuers if estate.organization else ()
    return ir.Callers(
        services=tuple(lower_service(s) for _, s in sorted(estate.services.items())),
        partners=tuple(
            lower_partner(p, external_host, tier=tier_class(p.sla_tier, estate.tiers))
            for _, p in sorted(estate.partners.items())
        ),
        plans=tuple(lower_plan(p) for _, p in sorted(estate.plans.items())),
        issuers=tuple(lower_issuer(i) for i in sorted(issuers, key=lambda i: i.name)),
        standard=standard_limit(),
    )


def standard_limit() -> ir.Limit:
    """The limit of a public caller that is on no plan."""
    return lower_limit(POSTURES[Audience.PUBLIC].rate_limit)


def lower_service(service: Service) -> ir.Service:
    """A service, held to the posture's limit unless its own is stricter."""
    return ir.Service(
        name=service.name,
        identity=service.identity,
        limit=lower_limit(service.rate_limit or POSTURES[Audience.INTERNAL].rate_limit),
        features=tuple(sorted(service.enabled_features)),
        origin=service.places.origin,
    )


def lower_partner(partner: Partner, external_host: str, *, tier: int = LEAST_TIER) -> ir.Partner:
    """A partner's contract. One that must bring a certificate gets a host of its own."""
    certificates = partner.certificates
    host = f"{partner.name}.{external_host}" if certificates else None
    return ir.Partner(
        name=partner.name,
        id=partner.id,
        limit=lower_limit(partner.rate_limit),
        grants=tuple(
            ir.Grant(api=api, versions=None if versions is None else tuple(sorted(versions)))
            for api, versions in sorted(partner.apis.items())
        ),
        features=tuple(sorted(partner.enabled_features)),
        host=host,
        sha256=tuple(sorted(certificates.sha256)) if certificates else (),
        ca=certificates.ca if certificates else None,
        sunsets=tuple(
            ir.AgreedSunset(api=api, version=version, on=on)
            for (api, version), on in sorted(partner.sunsets.items())
        ),
        tier=tier,
        origin=partner.places.origin,
    )


def lower_plan(plan: Plan) -> ir.Plan:
    """A plan's limit."""
    return ir.Plan(name=plan.name, limit=lower_limit(plan.rate_limit), origin=plan.places.origin)


def lower_issuer(issuer: Issuer) -> ir.Issuer:
    """An issuer of tokens."""
    return ir.Issuer(
        name=issuer.name,
        issuer=issuer.issuer,
        jwks=issuer.jwks,
        token_audience=issuer.token_audience,
        callers=issuer.callers,
        consumer_claim=issuer.consumer_claim,
        plan=issuer.plan,
        origin=issuer.origin,
    )


def lower_limit(rate: RateLimit) -> ir.Limit:
    """A declared limit as a bucket."""
    return ir.Limit(
        per_minute=rate.requests_per_minute,
        capacity=float(rate.capacity),
        per_day=rate.requests_per_day,
        per_month=rate.requests_per_month,
        at_once=rate.concurrent_requests,
        per_user=None if rate.per_user is None else lower_limit(rate.per_user),
    )
