"""The filters a request meets, in order."""

from __future__ import annotations

import pytest

from forecourt.compiler.envoy import filters
from forecourt.compiler.envoy.filters import ORDER, body_bound, http_filters
from forecourt.compiler.envoy.vantage import Vantage
from tests.compiler.builders import an_edge, some_keys
from tests.governance.builders import an_issuer, an_organization

NAMES = {
    "tokens": "envoy.filters.http.jwt_authn",
    "gate": "envoy.filters.http.lua",
    "pacing": "envoy.filters.http.fault",
    "body": "envoy.filters.http.buffer",
    "admission": "envoy.filters.http.rbac",
    "answers": "forecourt.answers",
    "faults": "forecourt.faults",
    "router": "envoy.filters.http.router",
}


def a_vantage(*, is_mesh: bool = False, issuers: bool = True) -> Vantage:
    edge = an_edge(an_organization(issuers=(an_issuer(),) if issuers else ()))
    return Vantage(
        gateway=edge.gateway,
        listener="internal" if is_mesh else "external",
        is_mesh=is_mesh,
        partner_host=None,
        issuers=() if is_mesh else edge.callers.issuers,
        keys=some_keys("acme-id"),
        lua_digest="0",
    )


def spelled(vantage: Vantage) -> list[str]:
    return [str(spelled["name"]) for spelled in http_filters(vantage)]


def test_every_place_has_a_filter_and_a_reason() -> None:
    assert [name for name, _ in ORDER] == list(NAMES)
    assert all(reason for _, reason in ORDER)


@pytest.mark.parametrize("is_mesh", [False, True], ids=["external", "internal"])
def test_stand_in_that_order_on_every_chain(is_mesh: bool) -> None:
    only_outside = {NAMES["pacing"]} if is_mesh else set()
    there = [name for name in NAMES.values() if name not in only_outside]
    assert spelled(a_vantage(is_mesh=is_mesh)) == there


def test_no_token_is_checked_where_none_counts() -> None:
    assert spelled(a_vantage(issuers=False)) == list(NAMES.values())[1:]


def test_a_filter_that_nobody_made_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filters, "ORDER", (*ORDER, ("contract", "a reason")))
    with pytest.raises(KeyError, match="contract"):
        http_filters(a_vantage())


def test_nothing_passes_without_the_mark_that_the_gate_sets_last() -> None:
    admission = next(f for f in http_filters(a_vantage()) if f["name"] == NAMES["admission"])
    config = admission["typed_config"]
    assert isinstance(config, dict)
    assert config["rules"]["action"] == "ALLOW"
    (policy,) = config["rules"]["policies"].values()
    (permission,) = policy["permissions"]
    mark, only_to_the_mock = permission["and_rules"]["rules"]
    assert mark == {
        "sourced_metadata": {
            "metadata_matcher": {
                "filter": "forecourt",
                "path": [{"key": "admit"}],
                "value": {"string_match": {"prefix": "yes "}},
            },
            "metadata_source": "DYNAMIC",
        }
    }
    no_test, to_the_mock = only_to_the_mock["or_rules"]["rules"]
    assert no_test["not_rule"]["sourced_metadata"]["metadata_matcher"]["path"] == [{"key": "test"}]
    assert to_the_mock["sourced_metadata"]["metadata_source"] == "ROUTE"


def test_what_has_no_route_has_no_body_to_send() -> None:
    body = next(f for f in http_filters(a_vantage()) if f["name"] == NAMES["body"])
    config = body["typed_config"]
    assert isinstance(config, dict)
    assert config["extension_config"]["typed_config"]["max_request_bytes"] == 1
    assert "262144" in str(body_bound(262_144))
