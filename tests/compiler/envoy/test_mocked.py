"""Where test keys are answered: each route has a twin that leads to the mock."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.estate.api import Scheme, Upstream
from tests.compiler.builders import a_snapshot, an_edge, going_on, prefixes, resources, routes_of
from tests.governance.builders import a_version, an_api

OWN = Upstream(url="http://old.svc/base")
BY_HEADER = an_api(scheme=Scheme.HEADER, versions=(a_version("1", upstream=OWN), a_version("2")))


def twins(*parts: Any, local: bool = False) -> dict[str, Any]:
    """The twins by prefix."""
    made = a_snapshot(an_edge(*parts, local=local))
    (configuration,) = resources(made, "routes-external.json")
    (host,) = configuration["virtual_hosts"]
    found = prefixes(host["matcher"], mocked=True)
    return {prefix: route["action"]["typed_config"] for prefix, route in found.items()}


def test_every_route_outside_has_one() -> None:
    apis = (an_api("payments"), an_api("analytics", "partner"), an_api("users", "internal"))
    made = a_snapshot(an_edge(*apis))
    assert (
        set(twins(*apis)) == set(routes_of(made, "external")) == {"/analytics/v1/", "/payments/v1/"}
    )


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("api", [an_api(), BY_HEADER], ids=["by path", "several upstreams"])
def test_it_leads_to_the_mock_whatever_the_upstream(api: Any, local: bool) -> None:
    for twin in twins(api, local=local).values():
        target = twin["route"]
        assert (target["cluster"], target["prefix_rewrite"]) == ("mock", "/payments/")
        assert not {"cluster_header", "path_rewrite"} & target.keys()
        assert ".svc" not in str(twin)


def test_it_is_the_route_in_all_else() -> None:
    (route,) = routes_of(a_snapshot(an_edge(BY_HEADER)), "external").values()
    (twin,) = twins(BY_HEADER).values()
    assert twin["name"] == f"{route['name']}/mock"
    same = route.keys() - {"name", "route", "metadata"}
    assert {key: twin[key] for key in same} == {key: route[key] for key in same}
    assert twin["route"]["timeout"] == route["route"]["timeout"]


def test_it_says_so_to_admission_and_to_the_way_out() -> None:
    for twin in twins(an_api()).values():
        said = twin["metadata"]["filter_metadata"]
        who = ("forecourt", "forecourt.answers", "forecourt.faults")
        assert said == {name: {"mock": True} for name in who}


@pytest.mark.parametrize(("local", "said"), [(False, False), (True, True)])
def test_a_route_says_that_it_leads_to_the_mock_only_if_it_does(local: bool, said: bool) -> None:
    for route in routes_of(a_snapshot(an_edge(an_api(), local=local)), "external").values():
        assert ("forecourt" in route["metadata"]["filter_metadata"]) is said


def test_where_no_twin_stands_nothing_else_is_looked_for() -> None:
    (configuration,) = resources(a_snapshot(an_edge(an_api())), "routes-external.json")
    tree = going_on(configuration["virtual_hosts"][0]["matcher"])["matcher_tree"]
    assert tree["input"]["typed_config"]["header_name"] == "forecourt-mock"
    (only,) = tree["exact_match_map"]["map"].values()
    nowhere = only["matcher"]["on_no_match"]["action"]["typed_config"]
    assert nowhere["route"]["cluster"] == "nowhere"


def test_there_are_none_where_no_key_counts() -> None:
    (configuration,) = resources(a_snapshot(an_edge(an_api())), "routes-internal.json")
    assert "forecourt-mock" not in str(configuration)
