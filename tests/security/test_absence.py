"""What is narrower than partner is absent outside: not refused there, but not there."""

from __future__ import annotations

from hypothesis import given, settings

from forecourt.compiler.envoy import files
from forecourt.compiler.ir.apis import Api, Version
from forecourt.compiler.ir.edge import Edge
from forecourt.estate.audience import Audience
from forecourt.estate.model import Estate
from tests.compiler.builders import nowhere_of
from tests.examples import some_of
from tests.security.compiled import (
    compiled,
    listener_text,
    policy,
    resources,
    route_clusters,
    route_text,
    routes,
)
from tests.security.estates import (
    INTERNAL_HOST,
    MESH_PROXY,
    SERVICES,
    TRUST_DOMAIN,
    Narrowings,
    edge,
    estates,
    narrowings,
)


def stands_outside(api: Api, version: Version) -> bool:
    """Whether callers outside may know of a version: written again, as the design says it."""
    is_external = api.audience in {Audience.PARTNER, Audience.PUBLIC}
    return is_external and "external" in api.listeners and version.status != "draft"


def versions_of(of: Edge, *, outside: bool) -> list[tuple[Api, Version]]:
    pairs = [(api, version) for api in of.apis for version in api.versions]
    return [pair for pair in pairs if stands_outside(*pair) is outside]


@settings(max_examples=some_of(60))
@given(estates(), narrowings())
def test_nothing_outside_names_a_thing_that_is_narrower(
    estate: Estate, narrowed: Narrowings
) -> None:
    of = edge(estate, narrowed)
    text = route_text(compiled(of), "external")
    known = {api.name for api, _ in versions_of(of, outside=True)}
    for api, version in versions_of(of, outside=False):
        assert version.upstream.host not in text
        if api.name not in known:
            assert api.name not in text
            assert f'"{api.path}' not in text or api.path == "/"
    for service in SERVICES:
        assert service not in text
    assert '"internal' not in text


@settings(max_examples=some_of(60))
@given(estates(), narrowings())
def test_outside_every_route_leads_to_a_released_version_of_an_external_api(
    estate: Estate, narrowed: Narrowings
) -> None:
    of = edge(estate, narrowed)
    made = compiled(of)
    allowed = {(api.name, version.name) for api, version in versions_of(of, outside=True)}
    upstreams = {version.upstream.key for _, version in versions_of(of, outside=True)}
    served = set()
    for route in routes(made, "external").values():
        told = policy(route)
        served |= {(told["api"], version["name"]) for version in told["versions"]}
        assert route_clusters(route) <= upstreams
        assert set(told["callers"]) <= {"partner", "public"}
        assert "allow" not in told
    assert served == allowed


@settings(max_examples=some_of(25))
@given(estates())
def test_the_external_listener_knows_nothing_of_the_mesh(estate: Estate) -> None:
    text = listener_text(compiled(edge(estate)), "external")
    for secret in (TRUST_DOMAIN, MESH_PROXY, INTERNAL_HOST, "9443", "mesh", *SERVICES):
        assert f'"{secret}"' not in text
        assert f"{secret}/" not in text
    assert "internal_token" not in text
    assert '"payload_in_metadata":"internal"' not in text


@settings(max_examples=some_of(25))
@given(estates(), narrowings())
def test_only_declared_hosts_are_answered(estate: Estate, narrowed: Narrowings) -> None:
    of = edge(estate, narrowed)
    made = compiled(of)
    for listener in (of.gateway.external, of.gateway.internal):
        (configuration,) = resources(made, files.routes(listener.name))
        (host,) = configuration["virtual_hosts"]
        own = {partner.host for partner in of.callers.partners if partner.host}
        expected = set(listener.hosts) | (own if listener.name == "external" else set())
        assert set(host["domains"]) == expected
        assert not any("*" in domain for domain in host["domains"])


@settings(max_examples=some_of(40))
@given(estates(), narrowings())
def test_a_route_to_no_api_leads_nowhere(estate: Estate, narrowed: Narrowings) -> None:
    made = compiled(edge(estate, narrowed))
    clusters = {cluster["name"] for cluster in resources(made, files.CLUSTERS)}
    for listener in ("external", "internal"):
        (configuration,) = resources(made, files.routes(listener))
        (host,) = configuration["virtual_hosts"]
        nowhere = nowhere_of(host["matcher"])
        assert nowhere["route"]["cluster"] not in clusters
        assert "metadata" not in nowhere
        assert "name" not in nowhere
