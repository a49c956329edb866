"""Upstreams as Envoy reaches them."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.estate.api import Upstream
from tests.compiler.builders import a_snapshot, an_edge, resources
from tests.governance.builders import a_version, an_api

# What the gateway answers itself.
OUR_OWN = {"forecourt-oauth", "forecourt-tokens"}


def clusters(*urls: str, local: bool = False) -> dict[str, dict[str, Any]]:
    apis = [an_api(f"api-{i}", upstream=Upstream(url=url)) for i, url in enumerate(urls)]
    found = all_clusters(*apis, local=local)
    return {name: cluster for name, cluster in found.items() if local or name != "mock"}


def all_clusters(*apis: Any, local: bool = False) -> dict[str, dict[str, Any]]:
    found = resources(a_snapshot(an_edge(*apis, local=local)), "clusters.json")
    named = {cluster["name"]: cluster for cluster in found}
    assert named.keys() >= OUR_OWN
    return {name: cluster for name, cluster in named.items() if name not in OUR_OWN}


@pytest.mark.parametrize("local", [False, True])
def test_the_mock_that_answers_test_keys_is_always_there(local: bool) -> None:
    assert "mock" in all_clusters(local=local)
    assert all_clusters(local=local)["mock"] == all_clusters(an_api(), local=local)["mock"]


def test_upstreams_at_one_address_share_a_cluster() -> None:
    found = clusters("http://svc:80/a", "http://svc/b", "http://other:80")
    assert list(found) == ["http://other:80", "http://svc:80"]


def test_a_name_is_looked_up_and_an_address_is_not() -> None:
    found = clusters("http://svc", "http://127.0.0.1:9000", "http://[::1]:9000")
    assert {name: c["type"] for name, c in found.items()} == {
        "http://svc:80": "STRICT_DNS",
        "http://127.0.0.1:9000": "STATIC",
        "http://::1:9000": "STATIC",
    }


@pytest.mark.parametrize(
    ("url", "san_type", "sni"),
    [("https://svc", "DNS", "svc"), ("https://10.0.0.1", "IP_ADDRESS", None)],
)
def test_an_upstream_over_tls_proves_its_name(url: str, san_type: str, sni: str | None) -> None:
    (found,) = clusters(url).values()
    context = found["transport_socket"]["typed_config"]
    trust = context["common_tls_context"]["validation_context"]
    (name,) = trust["match_typed_subject_alt_names"]
    assert name["san_type"] == san_type
    assert trust["trusted_ca"] == {"filename": "tls/roots.pem"}
    assert context.get("sni") == sni


def test_one_without_tls_has_none() -> None:
    (found,) = clusters("http://svc").values()
    assert "transport_socket" not in found


def test_mocks_share_one_socket() -> None:
    (mock,) = clusters("https://one", "https://other", local=True).values()
    address = mock["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]
    assert address == {"pipe": {"path": "run/mock.sock"}}


def test_a_slow_upstream_holds_no_more_than_its_share() -> None:
    for cluster in clusters("http://one", "http://other").values():
        (threshold,) = cluster["circuit_breakers"]["thresholds"]
        assert threshold["max_requests"] > 0
        assert cluster["connect_timeout"] == "2s"


def test_there_is_a_cluster_for_each_upstream_that_a_version_needs() -> None:
    own = Upstream(url="http://old.svc")
    edge = an_edge(an_api(versions=(a_version("1", upstream=own), a_version("2"))))
    found = resources(a_snapshot(edge), "clusters.json")
    names = {c["name"] for c in found} - OUR_OWN
    assert names == {"http://old.svc:80", "http://payments.svc:8080", "mock"}
