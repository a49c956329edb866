"""The listeners, what they show and whom they believe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.compiler.builders import a_snapshot, an_edge, resources
from tests.governance.builders import (
    a_partner,
    an_api,
    an_internal_listener,
    an_issuer,
    an_organization,
    some_certificates,
)

PROXY = "spiffe://acme.example/ns/mesh/sa/ingress"
BRINGS_ONE = a_partner(certificates=some_certificates("acme.pem", "a" * 64))


def listeners(*parts: Any) -> dict[str, dict[str, Any]]:
    made = a_snapshot(an_edge(*parts), "acme-id")
    return {found["name"]: found for found in resources(made, "listeners.json")}


def manager(chain: dict[str, Any]) -> dict[str, Any]:
    """The connection manager of a chain."""
    (found,) = chain["filters"]
    config: dict[str, Any] = found["typed_config"]
    return config


def the_manager(listener: str, *parts: Any) -> dict[str, Any]:
    return manager(listeners(*parts)[listener]["filter_chains"][-1])


def tls(chain: dict[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = chain["transport_socket"]["typed_config"]
    return config


def secret(name: str, *parts: Any) -> dict[str, Any]:
    (found,) = resources(a_snapshot(an_edge(*parts)), f"secret-{name}.json")
    return found


each_listener = pytest.mark.parametrize("listener", ["external", "internal"])


def test_stay_the_same_while_apis_come_and_go() -> None:
    before, after = listeners(an_api("payments")), listeners(an_api("orders"), an_api("users"))
    assert before == after


def test_stay_the_same_when_limits_change() -> None:
    assert listeners(a_partner()) == listeners(a_partner(apis={}))


@each_listener
def test_speak_no_tls_below_1_2(listener: str) -> None:
    for chain in listeners(BRINGS_ONE)[listener]["filter_chains"]:
        context = tls(chain)["common_tls_context"]
        assert context["tls_params"]["tls_minimum_protocol_version"] == "TLSv1_2"


@each_listener
def test_leave_nothing_ambiguous_for_what_comes_below(listener: str) -> None:
    read = the_manager(listener)
    assert read["normalize_path"] is True
    assert read["merge_slashes"] is True
    assert read["path_with_escaped_slashes_action"] == "REJECT_REQUEST"
    options = read["common_http_protocol_options"]
    assert options["headers_with_underscores_action"] == "REJECT_REQUEST"
    assert read["use_remote_address"] is True, "else forged request ids pass"
    assert "internal_address_config" not in read, "loopback is nobody special"
    assert "upgrade_configs" not in read


def removed(listener: str) -> tuple[set[str], list[str]]:
    """Fields removed before anything reads them: by name, and by prefix."""
    (extension,) = the_manager(listener)["early_header_mutation_extensions"]
    mutations = extension["typed_config"]["mutations"]
    names = {m["remove"] for m in mutations if "remove" in m}
    prefixes = [m["remove_on_match"]["key_matcher"] for m in mutations if "remove_on_match" in m]
    assert all(p["ignore_case"] for p in prefixes)
    return names, [p["prefix"] for p in prefixes]


@each_listener
def test_take_off_what_only_the_edge_may_say(listener: str) -> None:
    names, prefixes = removed(listener)
    assert prefixes == ["forecourt-"]
    assert {"x-original-url", "x-rewrite-url", "x-http-method-override"} <= names


def test_the_external_one_does_not_know_what_the_mesh_says() -> None:
    of_the_mesh = {"x-forwarded-client-cert", "x-internal-service-token"}
    assert of_the_mesh <= removed("external")[0]
    assert not of_the_mesh & removed("internal")[0]


def test_the_external_one_asks_for_no_certificate() -> None:
    (chain,) = listeners()["external"]["filter_chains"]
    context = tls(chain)
    assert context["require_client_certificate"] is False
    assert "validation_context_sds_secret_config" not in context["common_tls_context"]
    assert "forward_client_cert_details" not in manager(chain)


def test_the_internal_one_checks_certificates_against_the_meshs_authority() -> None:
    (chain,) = listeners()["internal"]["filter_chains"]
    context = tls(chain)["common_tls_context"]
    assert context["validation_context_sds_secret_config"]["name"] == "mesh"
    trusted = secret("mesh")["validation_context"]["trusted_ca"]
    assert trusted == {"filename": "tls/mesh-ca.pem"}


def test_what_callers_say_of_certificates_counts_only_where_proxies_are_declared() -> None:
    assert the_manager("internal")["forward_client_cert_details"] == "SANITIZE_SET"
    with_proxy = an_organization(internal=an_internal_listener(mesh_proxies=(PROXY,)))
    assert the_manager("internal", with_proxy)["forward_client_cert_details"] == "APPEND_FORWARD"


def test_a_partner_that_brings_a_certificate_has_a_chain_of_its_own() -> None:
    external = listeners(BRINGS_ONE)["external"]
    own, everybody = external["filter_chains"]
    assert own["filter_chain_match"] == {"server_names": ["acme-corp.api.acme.example"]}
    assert "filter_chain_match" not in everybody
    assert tls(own)["require_client_certificate"] is True
    assert manager(own)["forward_client_cert_details"] == "SANITIZE_SET"
    assert "tls_inspector" in external["listener_filters"][0]["name"]
    trust = secret("partner-acme-corp", BRINGS_ONE)["validation_context"]
    assert trust["trusted_ca"] == {"filename": "tls/partner-acme-corp.pem"}
    assert trust["verify_certificate_hash"] == ["a" * 64]


def test_a_chain_is_another_where_another_authority_is_published() -> None:
    """Else whoever is connected would be trusted for as long as it is."""
    edge = an_edge(BRINGS_ONE)

    def names(gateways: str, partners: str) -> list[str | None]:
        gateway = replace(edge.gateway, client_ca_sha256=gateways)
        (partner,) = edge.callers.partners
        callers = replace(edge.callers, partners=(replace(partner, ca_sha256=partners),))
        made = a_snapshot(replace(edge, gateway=gateway, callers=callers))
        found = resources(made, "listeners.json")
        return [chain.get("name") for each in found for chain in each["filter_chains"]]

    own, everybody, mesh = names("a" * 64, "b" * 64)
    assert everybody is None
    assert names("a" * 64, "c" * 64) == [f"trusts {'c' * 16}", None, mesh]
    assert names("c" * 64, "b" * 64) == [own, None, f"trusts {'c' * 16}"]


def test_a_partner_that_brings_none_has_none() -> None:
    assert len(listeners(a_partner())["external"]["filter_chains"]) == 1
    assert "secret-partner-acme-corp.json" not in a_snapshot(an_edge(a_partner())).files


def tokens(listener: str, *parts: Any) -> dict[str, Any] | None:
    found = [f for f in the_manager(listener, *parts)["http_filters"] if "jwt" in f["name"]]
    return found[0]["typed_config"] if found else None


def test_tokens_of_declared_issuers_are_checked_outside_and_ours_inside() -> None:
    organization = an_organization(issuers=(an_issuer("acme-id"), an_issuer("keys-unknown")))
    outside, inside = tokens("external", organization), tokens("internal", organization)
    assert outside is not None
    assert inside is not None
    assert set(outside["providers"]) == {"acme-id"}, "without keys nobody's token counts"
    assert set(inside["providers"]) == {"internal"}
    assert tokens("external") is None


@each_listener
def test_a_token_has_an_end_and_is_checked_in_full(listener: str) -> None:
    found = tokens(listener, an_organization(issuers=(an_issuer("acme-id"),)))
    assert found is not None
    for provider in found["providers"].values():
        assert provider["require_expiration"] is True
        assert provider["audiences"]
        assert provider["issuer"]
        assert provider["clock_skew_seconds"] == 30


def test_our_own_tokens_are_for_the_trust_domain() -> None:
    found = tokens("internal")
    assert found is not None
    assert found["providers"]["internal"]["issuer"] == "forecourt:acme.example"
    assert found["providers"]["internal"]["audiences"] == ["acme.example"]


@each_listener
def test_the_log_tells_who_and_why(listener: str) -> None:
    (log,) = the_manager(listener)["access_log"]
    fields = log["typed_config"]["log_format"]["json_format"]
    assert {"request_id", "consumer", "application", "credential", "status", "reason"} <= set(
        fields
    )
    assert fields["listener"] == listener
    secrets = ("authorization", "x-api-key", "x-internal-service-token", "cookie")
    assert not [value for value in fields.values() if any(s in value.lower() for s in secrets)]
