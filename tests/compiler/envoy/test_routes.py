"""Which request belongs to which version of which API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forecourt.compiler.envoy.routes import route_resources
from forecourt.estate.api import BodyLimits, Scheme, Status, Upstream
from tests.compiler.builders import (
    a_snapshot,
    an_edge,
    going_on,
    prefixes,
    raised_api,
    resources,
    routes_of,
)
from tests.governance.builders import a_partner, a_version, an_api, some_certificates


def routes(listener: str, *parts: Any) -> dict[str, dict[str, Any]]:
    return routes_of(a_snapshot(an_edge(*parts)), listener)


def configuration(listener: str, *parts: Any) -> dict[str, Any]:
    (found,) = resources(a_snapshot(an_edge(*parts)), f"routes-{listener}.json")
    return found


def test_what_is_not_on_a_listener_is_not_there() -> None:
    apis = (an_api("payments"), an_api("analytics", "partner"), an_api("users", "internal"))
    assert set(routes("external", *apis)) == {"/analytics/v1/", "/payments/v1/"}
    assert set(routes("internal", *apis)) == {"/analytics/v1/", "/payments/v1/", "/users/"}


def test_a_listener_without_apis_leads_nowhere() -> None:
    (host,) = configuration("external")["virtual_hosts"]
    matcher = going_on(host["matcher"])
    assert "matcher_tree" not in matcher
    nowhere = matcher["on_no_match"]["action"]["typed_config"]
    assert nowhere["route"]["cluster"] == "nowhere"
    assert "name" not in nowhere, "without a name the gate sees no API"
    assert "metadata" not in nowhere


def test_answers_for_its_hosts_and_never_for_any() -> None:
    partner = a_partner(certificates=some_certificates("a.pem"))
    (host,) = configuration("external", partner)["virtual_hosts"]
    assert host["domains"] == ["api.acme.example", "acme-corp.api.acme.example"]


def test_a_version_by_path_has_a_route_of_its_own() -> None:
    own = Upstream(url="http://old.svc/base")
    found = routes("external", an_api(versions=(a_version("1", upstream=own), a_version("2"))))
    first, second = found["/payments/v1/"]["route"], found["/payments/v2/"]["route"]
    assert (first["cluster"], first["prefix_rewrite"]) == ("http://old.svc:80", "/base/")
    assert (second["cluster"], second["prefix_rewrite"]) == ("http://payments.svc:8080", "/")


def test_versions_by_header_share_a_route_and_the_gate_names_the_upstream() -> None:
    own = Upstream(url="http://old.svc")
    versions = (a_version("1", upstream=own), a_version("2"))
    (route,) = routes("external", an_api(scheme=Scheme.HEADER, versions=versions)).values()
    assert route["route"]["cluster_header"] == "forecourt-upstream"
    told = route["metadata"]["filter_metadata"]["envoy.filters.http.lua"]["policy"]
    assert [v["upstream"] for v in told["versions"]] == [
        "http://old.svc:80",
        "http://payments.svc:8080",
    ]


def test_versions_by_header_are_not_to_be_kept_for_each_other() -> None:
    versions = (a_version("1"), a_version("2"))
    (route,) = routes("external", an_api(scheme=Scheme.HEADER, versions=versions)).values()
    added = [a["header"] for a in route["response_headers_to_add"]]
    assert {"key": "vary", "value": "%DYNAMIC_METADATA(forecourt:vary)%"} in added
    for route in routes("external", an_api(versions=versions)).values():
        assert "vary" not in str(route)


def test_versions_by_header_that_share_an_upstream_need_no_name_of_it() -> None:
    versions = (a_version("1"), a_version("2"))
    (route,) = routes("external", an_api(scheme=Scheme.HEADER, versions=versions)).values()
    assert route["route"]["cluster"] == "http://payments.svc:8080"


def test_versions_by_header_may_stand_below_different_bases_of_one_upstream() -> None:
    versions = tuple(
        a_version(name, upstream=Upstream(url=f"http://svc/v{name}")) for name in ("1", "2")
    )
    (route,) = routes("external", an_api(scheme=Scheme.HEADER, versions=versions)).values()
    assert route["route"]["cluster"] == "http://svc:80"
    assert "prefix_rewrite" not in route["route"], "it would lead every version to one of them"
    assert route["route"]["path_rewrite"] == "%DYNAMIC_METADATA(forecourt:path)%"


def bound(route: dict[str, Any]) -> int:
    per_route = route["typed_per_filter_config"]["envoy.filters.http.buffer"]
    return int(per_route["buffer"]["max_request_bytes"])


def test_bounds_a_body_by_who_may_call_there() -> None:
    outside, inside = (routes(x, an_api())["/payments/v1/"] for x in ("external", "internal"))
    assert bound(outside) == 1_048_576
    assert bound(inside) == 8 * 1_048_576


def bound_outside(declared: int) -> int:
    small = BodyLimits(bytes=declared, depth=5, keys=5)
    api = an_api("x", "partner", posture={"body_limits": small})
    return bound(routes("external", api)["/x/v1/"])


def test_a_stricter_bound_of_the_api_holds_outside() -> None:
    assert bound_outside(300_000) == 300_000


def test_no_bound_is_so_small_that_a_request_would_wait_for_ever() -> None:
    assert bound_outside(1000) == 262_144


def test_repeats_nothing_that_may_have_been_done() -> None:
    for route in routes("external", an_api()).values():
        assert route["route"]["retry_policy"]["retry_on"] == "connect-failure,refused-stream"


def test_copies_what_the_gate_says_of_a_deprecated_version() -> None:
    old = a_version("1", status=Status.DEPRECATED, deprecated=date(2024, 1, 1))
    found = routes("external", an_api(versions=(old, a_version("2"))))
    added = found["/payments/v1/"]["response_headers_to_add"]
    assert {a["header"]["key"]: a["header"]["value"] for a in added} == {
        name: f"%DYNAMIC_METADATA(forecourt:{name})%" for name in ("deprecation", "sunset", "link")
    }
    assert "response_headers_to_add" not in found["/payments/v2/"]


@pytest.mark.parametrize("listener", ["external", "internal"])
def test_takes_off_what_the_edge_tells_itself_and_what_an_upstream_says_of_itself(
    listener: str,
) -> None:
    told = configuration(listener, an_api())
    assert "forecourt-upstream" in told["request_headers_to_remove"]
    limits = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
    assert {"via", "x-powered-by", *limits} <= set(told["response_headers_to_remove"])


@pytest.mark.parametrize(
    ("listener", "expected"),
    [
        ("external", {"authorization", "x-api-key", "x-forwarded-client-cert"}),
        ("internal", {"x-forwarded-client-cert", "x-internal-service-token"}),
    ],
)
def test_takes_off_what_proves_who_calls(listener: str, expected: set[str]) -> None:
    removed = configuration(listener, an_api())["request_headers_to_remove"]
    assert set(removed) == {"forecourt-upstream", *expected}


@pytest.mark.parametrize("listener", ["external", "internal"])
def test_tells_the_limit_as_the_gate_says_it(listener: str) -> None:
    told = always(listener)
    assert told["ratelimit"] == "%REQ(FORECOURT-RATELIMIT)%"
    assert told["ratelimit-policy"] == "%REQ(FORECOURT-RATELIMIT-POLICY)%"


def always(listener: str) -> dict[str, str]:
    added = configuration(listener)["response_headers_to_add"]
    assert {a["append_action"] for a in added} == {"OVERWRITE_IF_EXISTS_OR_ADD"}
    return {a["header"]["key"]: a["header"]["value"] for a in added}


def test_every_answer_carries_what_keeps_browsers_from_misusing_it() -> None:
    inside, outside = always("internal"), always("external")
    assert inside["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in inside["content-security-policy"]
    assert outside["strict-transport-security"].startswith("max-age=63072000")
    assert set(outside) - set(inside) == {"strict-transport-security"}


def test_one_more_api_leaves_every_other_route_as_it_was() -> None:
    before = routes("external", an_api("payments"))
    after = routes("external", an_api("payments"), an_api("orders"))
    assert after["/payments/v1/"] == before["/payments/v1/"]


def test_whoever_waits_for_a_short_body_is_let_nowhere_and_not_for_long() -> None:
    (host,) = configuration("external", an_api())["virtual_hosts"]
    tree = host["matcher"]["matcher_tree"]
    assert tree["input"]["typed_config"]["header_name"] == "forecourt-waits"
    (only,) = tree["exact_match_map"]["map"].values()
    route = only["action"]["typed_config"]
    assert route["route"] == {
        "cluster": "nowhere",
        "max_stream_duration": {"max_stream_duration": "3s"},
    }
    assert not {"name", "metadata"} & set(route), "the gate sees no API"


@pytest.mark.parametrize("listener", ["external", "internal"])
def test_a_service_has_thirty_seconds_and_nothing_makes_envoy_pass_that_over(listener: str) -> None:
    apis = (an_api("payments"), an_api("users", "internal"))
    for route in routes(listener, *apis).values():
        assert route["route"]["timeout"] == "30s"
        assert "max_stream_duration" not in route["route"]


def test_where_calls_are_raised_the_gate_says_the_path_and_to_the_mock_as_well() -> None:
    api = raised_api()
    made = route_resources("external", ("h",), (api,), always=())
    (configuration,) = made["resources"]
    (host,) = configuration["virtual_hosts"]
    for mocked in (False, True):
        found = prefixes(host["matcher"], mocked=mocked)
        first, second = (
            found[prefix]["action"]["typed_config"]["route"]
            for prefix in ("/payments/v1/", "/payments/v2/")
        )
        assert first["path_rewrite"] == "%DYNAMIC_METADATA(forecourt:path)%"
        assert "prefix_rewrite" not in first
        assert "path_rewrite" not in second
        assert (first["cluster"] == "mock") is mocked


def test_the_path_of_the_log_is_the_caller_s_also_where_its_query_changed() -> None:
    (field,) = configuration("external")["request_headers_to_add"]
    assert field["header"]["value"] == "%REQ(FORECOURT-PATH?:PATH)%"


def test_what_is_said_of_a_body_as_a_whole_does_not_pass_where_it_is_raised() -> None:
    made = route_resources("external", ("h",), (raised_api(),), always=())
    (host,) = made["resources"][0]["virtual_hosts"]
    found = prefixes(host["matcher"])
    first, second = (
        found[prefix]["action"]["typed_config"] for prefix in ("/payments/v1/", "/payments/v2/")
    )
    assert {"range", "content-digest"} <= set(first["request_headers_to_remove"])
    assert {"forecourt-mark", "digest"} <= set(first["response_headers_to_remove"])
    assert "content-digest" not in second.get("request_headers_to_remove", ())
