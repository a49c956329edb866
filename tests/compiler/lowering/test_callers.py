"""Who may call, with whose limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forecourt.compiler.ir.callers import AgreedSunset, Grant, Limit
from forecourt.compiler.lowering.callers import standard_limit
from forecourt.estate.audience import Audience
from forecourt.estate.consumers import Plan, Service
from forecourt.estate.posture import POSTURES
from forecourt.estate.rate_limit import RateLimit
from tests.compiler.builders import an_edge, lowered_callers
from tests.governance.builders import (
    a_partner,
    a_service,
    an_issuer,
    an_organization,
    places,
    some_certificates,
)


def a_plan(name: str, per_minute: int) -> Plan:
    rate = RateLimit(requests_per_minute=per_minute)
    return Plan(name=name, rate_limit=rate, places=places("plans.yaml"))


def test_a_service_has_the_posture_s_limit_unless_its_own_is_stricter() -> None:
    strict = Service(
        name="billing",
        identity="spiffe://acme.example/billing",
        rate_limit=RateLimit(requests_per_minute=5000),
        places=places("services.yaml"),
    )
    services = lowered_callers(a_service("orders"), strict).services
    assert [(s.name, s.limit.per_minute) for s in services] == [
        ("billing", 5000),
        ("orders", 10_000),
    ]


def test_a_partner_has_what_its_contract_says() -> None:
    (partner,) = lowered_callers(
        a_partner(
            rate_limit=RateLimit(requests_per_minute=10_000, burst_allowance=Decimal("1.5")),
            apis={"payments": ("2", "1"), "analytics": None, "closed": ()},
            enabled_features=("b", "a"),
            sunsets={("payments", "1"): date(2025, 1, 1)},
        )
    ).partners
    assert partner.limit == Limit(per_minute=10_000, capacity=5_000.0)
    assert partner.grants == (
        Grant(api="analytics", versions=None),
        Grant(api="closed", versions=()),
        Grant(api="payments", versions=("1", "2")),
    )
    assert partner.features == ("a", "b")
    assert partner.sunsets == (AgreedSunset(api="payments", version="1", on=date(2025, 1, 1)),)
    assert (partner.host, partner.sha256, partner.ca) == (None, (), None)


def test_a_partner_that_brings_certificates_has_a_host_of_its_own() -> None:
    for certificates in (
        some_certificates("acme.pem"),
        some_certificates(None, "b" * 64, "a" * 64),
    ):
        (partner,) = lowered_callers(a_partner(certificates=certificates)).partners
        assert partner.host == "acme-corp.api.acme.example"
        assert partner.ca == certificates.ca
        assert partner.sha256 == tuple(sorted(certificates.sha256))


def test_plans_keep_their_limits() -> None:
    plans = {"gold": a_plan("gold", 1000), "free": a_plan("free", 20)}
    assert [(p.name, p.limit) for p in an_edge(plans=plans).callers.plans] == [
        ("free", Limit(per_minute=20, capacity=10.0)),
        ("gold", Limit(per_minute=1000, capacity=250.0)),
    ]


def test_issuers_stand_by_name() -> None:
    issuers = (an_issuer("zeta"), an_issuer("alpha", callers=Audience.PARTNER))
    found = lowered_callers(an_organization(issuers=issuers)).issuers
    assert [(i.name, i.callers) for i in found] == [
        ("alpha", Audience.PARTNER),
        ("zeta", Audience.PUBLIC),
    ]
    assert found[0].consumer_claim == "azp"


def test_a_public_caller_without_a_plan_has_the_posture_s_limit() -> None:
    declared = POSTURES[Audience.PUBLIC].rate_limit
    each = Limit(per_minute=50, capacity=12.5)
    capacity = float(declared.capacity)
    assert standard_limit() == Limit(per_minute=100, capacity=capacity, per_user=each)
    assert lowered_callers().standard == standard_limit()
