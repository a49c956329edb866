"""Estates by chance: every audience, scheme, status, grant and exception, in any combination.

Names and upstream hosts are chosen so that none is part of another: finding one in a text means
that the thing itself is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from forecourt.actions.parts import edge_of, wanted_parts
from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.lowering.apis import prefix_of
from forecourt.diagnostics import Places, Span
from forecourt.estate.api import Api, Owner, Scheme, Status, Upstream, Version
from forecourt.estate.audience import Audience
from forecourt.estate.brownouts import Brownout
from forecourt.estate.consumers import Partner, PartnerCertificates, Plan, Service
from forecourt.estate.model import Estate
from forecourt.estate.organization import (
    Address,
    ExternalListener,
    InternalListener,
    Issuer,
    Organization,
)
from forecourt.estate.posture import POSTURES
from forecourt.estate.rate_limit import RateLimit

TODAY = date(2026, 3, 1)

APIS = ("payments", "users", "ledger", "search", "invoices")
SERVICES = ("orders", "billing", "nightly")
PARTNERS = ("acme-corp", "globex", "initech")
TRUST_DOMAIN = "mesh.inside.example"
MESH_PROXY = f"spiffe://{TRUST_DOMAIN}/ns/mesh/sa/ingress"
INTERNAL_HOST = "gateway.inside.example"
EXTERNAL_HOST = "api.acme.example"

FEATURES = ("early", "bulk")

_NUMBERED = ("1", "2", "10")
_DATED = ("2023-06-01", "2024-01-15", "2025-11-30")
# Refuses on the day for which everything is decided, where the version ends the day after.
_ALL_OF_THE_DAY_BEFORE = (Brownout(before=86_400, length=86_400),)
_DAYS = tuple(TODAY + timedelta(days=d) for d in (-400, -1, 0, 1, 400))


def _places(seed: int) -> Places:
    return Places(Span(f"somewhere-{seed}.yaml", seed + 1, seed % 7 + 1))


def upstream_host(api: str, version: str) -> str:
    """Where a version is served, and nothing else."""
    return f"{api}--{version or 'only'}--svc.inside.example"


def _versions(name: str, scheme: Scheme) -> st.SearchStrategy[tuple[Version, ...]]:
    def upstream(version: str) -> Upstream:
        return Upstream(url=f"http://{upstream_host(name, version)}:8080/{name}-base")

    if scheme is Scheme.NONE:
        return st.just((Version(name="", contract=None, upstream=upstream("")),))
    names = _DATED if scheme is Scheme.DATES else (*_NUMBERED, *_DATED[:1])
    day = st.none() | st.sampled_from(_DAYS)

    @st.composite
    def version(draw: st.DrawFn, called: str) -> Version:
        ends_tomorrow: dict[str, Any] = {
            "status": Status.DEPRECATED,
            "deprecated": _DAYS[0],
            "sunset": _DAYS[3],
            "brownouts": _ALL_OF_THE_DAY_BEFORE,
        }
        is_browned_out = draw(st.sampled_from((False, False, False, True)))
        by_chance = Version(
            name=called,
            contract=f"apis/{name}/{called}.openapi.yaml",
            status=draw(st.sampled_from(Status)),
            deprecated=draw(day),
            sunset=draw(day),
            feature=draw(st.none() | st.sampled_from(FEATURES)),
            upstream=upstream(called),
        )
        return replace(by_chance, **ends_tomorrow) if is_browned_out else by_chance

    return st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True).flatmap(
        lambda chosen: st.tuples(*(version(called) for called in sorted(chosen)))
    )


@st.composite
def apis(draw: st.DrawFn, name: str) -> Api:
    """An API of any audience, with whatever exceptions it may have."""
    audience = draw(st.sampled_from(Audience))
    scheme = draw(st.sampled_from(Scheme))
    posture: dict[str, object] = {}
    if draw(st.booleans()):
        words = st.sampled_from(sorted(POSTURES[audience].credentials | {"mtls", "api_key"}))
        posture["credentials"] = draw(st.frozensets(words, min_size=1))
    if draw(st.sampled_from((False, False, False, True))):
        posture["listener"] = "internal"
    allowed = st.lists(st.sampled_from(SERVICES), unique=True).map(tuple)
    return Api(
        name=name,
        title=name.title(),
        audience=audience,
        owner=Owner(team=f"team-of-{name}"),
        path=draw(st.sampled_from((f"/{name}/", f"/{name}/", "/", f"/shop/{name}/"))),
        upstream=Upstream(url=f"http://{upstream_host(name, 'any')}:8080/"),
        scheme=scheme,
        versions=draw(_versions(name, scheme)),
        folder=f"apis/{name}",
        allow=draw(st.none() | allowed),
        posture=posture,
        places=_places(draw(st.integers(0, 1000))),
    )


_SOME_FEATURES = st.lists(st.sampled_from(FEATURES), unique=True).map(tuple)


def _rates() -> st.SearchStrategy[RateLimit]:
    return st.integers(1, 100_000).map(lambda n: RateLimit(requests_per_minute=n))


@st.composite
def partners(draw: st.DrawFn, name: str) -> Partner:
    """A partner with a contract about anything, and perhaps certificates."""
    names = st.sampled_from((*_NUMBERED, *_DATED))
    versions = st.none() | st.lists(names, unique=True, max_size=3).map(tuple)
    certificates = (
        st.none()
        | st.just(PartnerCertificates(sha256=(fingerprint(name),)))
        | st.just(PartnerCertificates(ca=f"certs/{name}.pem"))
    )
    agreed = st.tuples(st.sampled_from(APIS), st.sampled_from((*_NUMBERED, *_DATED)))
    return Partner(
        name=name,
        id=f"partner_{name.replace('-', '_')}",
        title=name,
        rate_limit=draw(_rates()),
        apis=draw(st.dictionaries(st.sampled_from(APIS), versions, max_size=4)),
        certificates=draw(certificates),
        enabled_features=draw(_SOME_FEATURES),
        sunsets=draw(st.dictionaries(agreed, st.sampled_from(_DAYS), max_size=3)),
        places=_places(draw(st.integers(0, 1000))),
    )


def fingerprint(partner: str) -> str:
    """The SHA-256 of a partner's client certificate."""
    return f"{PARTNERS.index(partner):064x}"


def _services(draw: st.DrawFn) -> dict[str, Service]:
    return {
        name: Service(
            name=name,
            identity=f"spiffe://{TRUST_DOMAIN}/ns/shop/sa/{name}",
            rate_limit=draw(st.none() | _rates()),
            enabled_features=draw(_SOME_FEATURES),
            places=_places(draw(st.integers(0, 1000))),
        )
        for name in draw(st.lists(st.sampled_from(SERVICES), unique=True))
    }


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    """Acme, with issuers for strangers, for partners, for both or for nobody."""
    issuers = tuple(
        Issuer(
            name=name,
            issuer=f"https://{name}.example/",
            jwks=f"https://{name}.example/jwks.json",
            token_audience=f"https://{EXTERNAL_HOST}",
            callers=audience,
            origin=Span("forecourt.yaml", draw(st.integers(1, 99)), 1),
        )
        for name, audience in (("strangers", Audience.PUBLIC), ("federation", Audience.PARTNER))
        if draw(st.booleans())
    )
    return Organization(
        name="Acme",
        external=ExternalListener(
            address=Address(host="0.0.0.0", port=8443), hosts=(EXTERNAL_HOST,)
        ),
        internal=InternalListener(
            address=Address(host="127.0.0.1", port=9443),
            trust_domain=TRUST_DOMAIN,
            hosts=(INTERNAL_HOST,),
            mesh_proxies=draw(st.sampled_from(((), (MESH_PROXY,)))),
        ),
        issuers=issuers,
        places=_places(draw(st.integers(0, 1000))),
    )


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    """An estate in which no two versions stand at one path; all else may be odd."""
    names = draw(st.lists(st.sampled_from(APIS), unique=True, min_size=1))
    declared: dict[str, Api] = {}
    taken: set[str] = set()
    for name in names:
        api = draw(apis(name))
        prefixes = {prefix_of(api, version) for version in api.versions}
        if not prefixes & taken:
            taken |= prefixes
            declared[name] = api
    plans = {
        name: Plan(name=name, rate_limit=draw(_rates()), places=_places(1))
        for name in draw(st.lists(st.sampled_from(("free", "standard")), unique=True))
    }
    known = draw(st.lists(st.sampled_from(PARTNERS), unique=True))
    return Estate(
        organization=draw(organizations()),
        apis=declared,
        services=_services(draw),
        partners={name: draw(partners(name)) for name in known},
        plans=plans,
    )


Narrowings = Mapping[str, Audience]


def narrowings() -> st.SearchStrategy[dict[str, Audience]]:
    """APIs that somebody made narrower by hand."""
    return st.dictionaries(st.sampled_from(APIS), st.sampled_from(Audience), max_size=2)


def edge(estate: Estate, narrowed: Narrowings | None = None) -> Edge:
    """What the edge must do, as a first publication would have it."""
    return edge_of(wanted_parts(estate, {}, local=False), narrowed or {})
