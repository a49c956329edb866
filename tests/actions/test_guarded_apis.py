"""What the files say of who may know of an API."""

from __future__ import annotations

from forecourt.actions.guarded_apis import guarded_apis, names_inside
from forecourt.edge.exposure.guarded import Guarded, Place
from forecourt.estate.audience import Audience
from tests.actions.publishing import CONTRACT, Acme, an_api_file
from tests.store.in_memory import InMemoryStore


def declared(acme: Acme, **narrowings: Audience) -> dict[str, Guarded]:
    examined = acme.examined()
    return {api.name: api for api in guarded_apis(examined.estate, examined.contracts, narrowings)}


def some_acme(**files: str) -> Acme:
    acme = Acme(InMemoryStore())
    for name, text in files.items():
        acme.save(f"apis/payments/{name}", text)
    return acme


def test_an_api_has_its_audience_unless_somebody_narrowed_it_by_hand() -> None:
    acme = some_acme()
    assert declared(acme)["payments"].audience is Audience.PUBLIC
    narrowed = declared(acme, payments=Audience.INTERNAL, users=Audience.PUBLIC)
    assert narrowed["payments"].audience is Audience.INTERNAL
    assert narrowed["users"].audience is Audience.INTERNAL


def test_places_are_those_of_all_its_versions() -> None:
    api = an_api_file(upstream="{url: https://Payments.svc/base}")
    acme = some_acme(**{"api.yaml": api})
    expected = {Place(host="payments.svc", port=443, base="/base/")}
    assert declared(acme)["payments"].places == expected


def test_versions_that_are_not_released_are_not_for_callers_outside() -> None:
    versions = '{"2": {contract: v1.openapi.yaml}, "3": {contract: v1.openapi.yaml, status: draft}}'
    acme = some_acme(**{"api.yaml": an_api_file(versions=versions)})
    assert declared(acme)["payments"].released == {"2"}


def test_an_operation_has_the_audience_of_its_mark() -> None:
    marked = CONTRACT.replace("/x: {get: {", "/x: {get: {x-audience: partner, ")
    marked = marked.replace("/charges: {get: {", "/charges: {get: {x-audience: internal, ")
    found = declared(some_acme(**{"v1.openapi.yaml": marked}))["payments"].operations
    assert {o.template: o.audience for o in found} == {
        "/charges": Audience.INTERNAL,
        "/things": Audience.PUBLIC,
        "/x": Audience.PARTNER,
    }


def test_names_of_services_that_only_serve_inside_and_of_callers_are_for_nobody_outside() -> None:
    examined = some_acme().examined()
    apis = guarded_apis(examined.estate, examined.contracts, {})
    inside = names_inside(examined.estate, apis)
    assert inside == {"users.svc", "spiffe://acme.example/orders"}
