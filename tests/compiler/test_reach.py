"""What each kind of caller can reach, and that every opening shows in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.reach import ANYONE, Reach, reach_of_edge
from forecourt.estate.api import Scheme, Status
from forecourt.estate.audience import Audience
from forecourt.estate.organization import Address
from tests.compiler.builders import an_edge
from tests.governance.builders import (
    a_deprecated_version,
    a_partner,
    a_service,
    a_version,
    an_api,
    an_external_listener,
    an_internal_listener,
    an_issuer,
    an_organization,
    some_certificates,
)

TODAY = date(2024, 3, 1)
A_PATH: dict[str, Any] = {"scheme": Scheme.PATH, "versions": (a_version("1"),)}
ISSUER = an_issuer()


def the_edge(*changed: Any, organization: Any = None) -> Edge:
    """An estate with one of each; what a test names stands in for its own."""
    parts = {
        part.name: part
        for part in (
            an_api("payments", "public"),
            an_api("analytics", "partner"),
            an_api("users", "internal", allow=("orders",)),
            a_partner(),
            a_service("orders"),
            a_service("billing"),
        )
    }
    parts |= {part.name: part for part in changed}
    return an_edge(organization or an_organization(issuers=(ISSUER,)), *parts.values())


def opened(before: Edge, after: Edge, today: date = TODAY) -> list[str]:
    return sorted(map(str, reach_of_edge(after, today) - reach_of_edge(before, today)))


def whom(edge: Edge, what: str) -> set[tuple[str, str, str]]:
    """Who, where and by what."""
    return {(r.who, r.listener, r.by) for r in reach_of_edge(edge, TODAY) if r.what == what}


def test_an_internal_api_is_for_the_services_on_its_list() -> None:
    assert whom(the_edge(), "users") == {
        ("service orders", "internal", "mtls"),
        ("service orders", "internal", "internal_token"),
    }


def test_a_public_api_is_for_everybody() -> None:
    services = {
        (f"service {name}", "internal", by)
        for name in ("orders", "billing")
        for by in ("mtls", "internal_token")
    }
    assert whom(the_edge(), "payments version 1") == {
        (ANYONE, "external", "api_key"),
        (ANYONE, "external", "jwt"),
        (ANYONE, "external", "oauth2"),
        ("partner acme-corp", "external", "api_key"),
        ("partner acme-corp", "external", "oauth2"),
        *services,
    }


def test_a_partner_api_is_for_partners_whose_contract_names_it() -> None:
    edge = the_edge()
    assert {w for w, _, _ in whom(edge, "analytics version 1")} == {
        "service orders",
        "service billing",
    }
    granted = the_edge(a_partner(apis={"analytics": None}))
    assert ("partner acme-corp", "external", "api_key") in whom(granted, "analytics version 1")


def test_a_partner_that_brings_certificates_is_let_in_by_nothing_else() -> None:
    edge = the_edge(a_partner(certificates=some_certificates(None, "a" * 64)))
    by = {by for who, _, by in whom(edge, "payments version 1") if who == "partner acme-corp"}
    assert by == {"certificate"}


def test_a_draft_is_for_services() -> None:
    edge = the_edge(an_api(versions=(a_version("1"), a_version("2", status=Status.DRAFT))))
    assert {where for _, where, _ in whom(edge, "payments version 2")} == {"internal"}


def test_a_preview_is_for_who_has_its_feature() -> None:
    preview = a_version("2", status=Status.PREVIEW, feature="early")
    api = an_api(versions=(a_version("1"), preview))
    assert whom(the_edge(api), "payments version 2") == set()
    edge = the_edge(
        api,
        a_service("orders", enabled_features=("early",)),
        a_partner(apis={"payments": None}, enabled_features=("early",)),
    )
    who = {who for who, _, _ in whom(edge, "payments version 2")}
    assert who == {"service orders", "partner acme-corp"}


def test_flags_lead_a_service_to_one_version() -> None:
    new = a_version("2", feature="early")
    api = an_api("users", "internal", scheme=Scheme.FLAGS, versions=(a_version("1"), new))
    edge = the_edge(api, a_service("orders", enabled_features=("early",)))
    assert {who for who, _, _ in whom(edge, "users version 2")} == {"service orders"}
    assert "service orders" not in {who for who, _, _ in whom(edge, "users version 1")}


_EARLY = ("early",)
_DRAFT = a_version("1", status=Status.DRAFT)
_PREVIEW = a_version("1", status=Status.PREVIEW, feature="early")

OPENINGS: list[tuple[str, Any, Any]] = [
    ("a new API", (), (an_api("new", "internal"),)),
    ("a wider audience", (), (an_api("users", "partner"), a_partner(apis={"users": None}))),
    ("public instead of partner", (), (an_api("analytics", "public"),)),
    ("a new version", (), (an_api(versions=(a_version("1"), a_version("2"))),)),
    (
        "a version that is released",
        (an_api(versions=(a_version("1", status=Status.DRAFT),)),),
        (an_api(versions=(a_version("1"),)),),
    ),
    (
        "one more service on the list",
        (),
        (an_api("users", "internal", allow=("orders", "billing")),),
    ),
    ("no list any more", (), (an_api("users", "internal"),)),
    ("a new service", (), (a_service("reports"),)),
    ("another identity of a service", (), (a_service("orders", "spiffe://acme.example/other"),)),
    (
        "a feature of a service",
        (a_service("orders"),),
        (a_service("orders", enabled_features=("early",)),),
    ),
    (
        "a preview for everybody",
        (an_api(versions=(a_version("1", status=Status.PREVIEW, feature="early"),)),),
        (an_api(versions=(a_version("1"),)),),
    ),
    (
        "a draft for those with a feature",
        (an_api(versions=(_DRAFT,)), a_partner(apis={"payments": None}, enabled_features=_EARLY)),
        (an_api(versions=(_PREVIEW,)), a_partner(apis={"payments": None}, enabled_features=_EARLY)),
    ),
    ("a new partner", (), (a_partner("zenith"),)),
    ("one more API of a contract", (), (a_partner(apis={"payments": ("1",), "analytics": None}),)),
    (
        "one more version of a contract",
        (an_api(versions=(a_version("1"), a_version("2"))),),
        (an_api(versions=(a_version("1"), a_version("2"))), a_partner(apis={"payments": None})),
    ),
    (
        "a key alone instead of a certificate",
        (a_partner(certificates=some_certificates(None, "a" * 64)),),
        (a_partner(),),
    ),
    (
        "one more certificate",
        (a_partner(certificates=some_certificates(None, "a" * 64)),),
        (a_partner(certificates=some_certificates(None, "a" * 64, "b" * 64)),),
    ),
    (
        "another authority",
        (a_partner(certificates=some_certificates("a.pem")),),
        (a_partner(certificates=some_certificates("b.pem")),),
    ),
    (
        "outside as well as inside",
        (an_api(posture={"listener": "internal"}),),
        (an_api(),),
    ),
    (
        "one more kind of credential",
        (an_api(posture={"credentials": frozenset({"jwt"})}),),
        (an_api(),),
    ),
    (
        "a later sunset of what is gone",
        (an_api(versions=(a_deprecated_version("2023-01-01", "2024-02-01"),)),),
        (an_api(versions=(a_deprecated_version("2023-01-01", "2024-04-01"),)),),
    ),
]


@pytest.mark.parametrize(
    ("before", "after"), [o[1:] for o in OPENINGS], ids=[o[0] for o in OPENINGS]
)
def test_shows_what_opens(before: tuple[Any, ...], after: tuple[Any, ...]) -> None:
    assert opened(the_edge(*before), the_edge(*before, *after)) != []


def with_external(**written: Any) -> Any:
    return an_organization(issuers=(ISSUER,), external=an_external_listener(**written))


def with_internal(**written: Any) -> Any:
    return an_organization(issuers=(ISSUER,), internal=an_internal_listener(**written))


OF_THE_GATEWAY: list[tuple[str, Any]] = [
    ("another port", with_external(address=Address(host="0.0.0.0", port=443))),
    ("another address", with_internal(address=Address(host="0.0.0.0", port=9443))),
    ("one more host", with_external(hosts=("api.acme.example", "b.acme.example"))),
    ("a proxy that speaks for others", with_internal(mesh_proxies=("spiffe://acme.example/p",))),
    ("another trust domain", with_internal(trust_domain="other.example")),
    ("another authority of the mesh", with_internal(client_ca="certs/other.pem")),
    ("one more issuer", an_organization(issuers=(ISSUER, an_issuer("second")))),
    (
        "an issuer's other keys",
        an_organization(issuers=(an_issuer(jwks="https://other.example/jwks.json"),)),
    ),
    ("an issuer of partners", an_organization(issuers=(an_issuer(callers=Audience.PARTNER),))),
    ("another token audience", an_organization(issuers=(an_issuer(token_audience="other"),))),
    ("another claim", an_organization(issuers=(an_issuer(consumer_claim="sub"),))),
]


@pytest.mark.parametrize(
    "organization", [o[1] for o in OF_THE_GATEWAY], ids=[o[0] for o in OF_THE_GATEWAY]
)
def test_shows_what_opens_at_the_gateway(organization: Any) -> None:
    assert opened(the_edge(), the_edge(organization=organization)) != []


CLOSINGS: list[tuple[str, Any]] = [
    ("the same again", ()),
    ("a narrower audience", (an_api("payments", "internal", **A_PATH),)),
    ("an empty list", (an_api("users", "internal", allow=()),)),
    ("nothing in a contract", (a_partner(apis={}),)),
    ("inside only", (an_api(posture={"listener": "internal"}),)),
    ("fewer kinds of credential", (an_api(posture={"credentials": frozenset({"jwt"})}),)),
    ("not released any more", (an_api(versions=(a_version("1", status=Status.DRAFT),)),)),
    (
        "a day on which it ends",
        (an_api(versions=(a_deprecated_version("2023-01-01", "2024-03-01"),)),),
    ),
    ("another title", (an_api(title="Other"),)),
]


@pytest.mark.parametrize("changed", [c[1] for c in CLOSINGS], ids=[c[0] for c in CLOSINGS])
def test_shows_nothing_for(changed: tuple[Any, ...]) -> None:
    assert opened(the_edge(), the_edge(*changed)) == []


def test_a_version_ends_on_its_day_and_a_partners_on_the_day_it_agreed() -> None:
    gone = an_api(versions=(a_deprecated_version("2023-01-01", "2024-02-01"),))
    agreed = a_partner(sunsets={("payments", "1"): TODAY + timedelta(days=1)})
    edge = the_edge(gone, agreed)
    assert {w for w, _, _ in whom(edge, "payments version 1")} == {"partner acme-corp"}
    later = reach_of_edge(edge, TODAY + timedelta(days=1))
    assert not [r for r in later if r.what == "payments version 1"]


def test_a_token_counts_only_where_somebody_signs_it() -> None:
    edge = the_edge(organization=an_organization())
    by = {by for who, _, by in whom(edge, "payments version 1") if who == ANYONE}
    assert by == {"api_key", "oauth2"}, "our own signs for everybody who has a client"


def test_reads_as_a_sentence() -> None:
    reach = Reach(who="partner acme-corp", listener="external", what="payments version 2", by="jwt")
    assert str(reach) == "partner acme-corp: payments version 2 on the external listener, by jwt"
    assert str(replace(reach, by="")) == (
        "partner acme-corp: payments version 2 on the external listener"
    )
