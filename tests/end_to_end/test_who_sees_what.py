"""Who sees what: the caller rules of the postures, line by line, on the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from forecourt.actions.signing_key import SigningKey
from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.store.signing_keys import SigningKeyFiles
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem, without_its_id
from tests.end_to_end.upstream import Upstream, an_upstream

_PUBLIC, _PARTNER, _INTERNAL = "/lamps/v1/things", "/prices/v1/things", "/stock/things"
_SEEN_BY = {"internal": _INTERNAL, "partner": _PARTNER, "public": _PUBLIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A gateway in front of a recording upstream, with partners of every kind.

    `one` calls with keys, `two` has no contract about anything but `chairs`, `printed` brings a
    certificate that its contract names by fingerprint, `signed` one of its own authority's.
    `certificates` are by partner. `issuer` signs for developers, `partners` for partners.
    """

    gateway: Gateway
    upstream: Upstream
    certificates: dict[str, KeyPair]
    issuer: SigningKey
    partners: SigningKey


@pytest.fixture(scope="module")
def served(started_once: Started, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    keys = tmp_path_factory.mktemp("keys")
    issuer, partners = (SigningKeyFiles(keys / name).internal() for name in ("dev", "partners"))
    certificates = {name: _own_certificate(keys, name) for name in ("printed", "signed")}
    fingerprint = _fingerprint(certificates["printed"].certificate)
    with an_upstream() as upstream:
        gateway = an_estate(
            apis={
                "lamps": an_api(upstream=f"{upstream.url}/lamps"),
                "chairs": an_api("partner", upstream=f"{upstream.url}/chairs"),
                "prices": an_api("partner", upstream=f"{upstream.url}/prices"),
                "stock": an_api("internal", upstream=f"{upstream.url}/stock", allow=["orders"]),
            },
            partners={
                "one": a_partner("lamps", "prices", id="partner_one"),
                "two": a_partner("chairs", id="partner_two"),
                "printed": a_partner(
                    "prices", id="partner_printed", certificates={"sha256": [fingerprint]}
                ),
                "signed": a_partner(
                    "prices", id="partner_signed", certificates={"ca": "certs/signed.pem"}
                ),
            },
            organization={
                "identity": {
                    "issuers": [
                        _issuer("acme-id", "public"),
                        _issuer("partner-id", "partner"),
                    ]
                }
            },
            files={
                "partners/certs/signed.pem": (keys / "signed" / "authority.pem").read_text(),
                "certs/acme-id.json": issuer.jwks(),
                "certs/partner-id.json": partners.jwks(),
            },
            local=False,
        )
        yield Served(
            gateway=started_once(gateway),
            upstream=upstream,
            certificates=certificates,
            issuer=issuer,
            partners=partners,
        )


def _own_certificate(folder: Path, name: str) -> KeyPair:
    """A client certificate that an authority of the partner's own signed."""
    authority = LocalAuthority(folder / name, "authority")
    authority.ensure(datetime.now(UTC))
    pair = KeyPair(certificate=folder / name / "client.pem", key=folder / name / "client.key")
    authority.client(pair, f"https://{name}.example/client", datetime.now(UTC))
    return pair


def _fingerprint(certificate: Path) -> str:
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    return loaded.fingerprint(hashes.SHA256()).hex()


def _issuer(name: str, callers: str) -> dict[str, str]:
    return {
        "name": name,
        "issuer": f"https://{name}.example/",
        "jwks": f"certs/{name}.json",
        "token_audience": "https://api.acme.example",
        "callers": callers,
        "consumer_claim": "azp",
    }


def _token(key: SigningKey, name: str, client: str, **changed: Any) -> str:
    """A token of that issuer; None takes a claim away."""
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": f"https://{name}.example/",
        "aud": "https://api.acme.example",
        "iat": now,
        "exp": now + 300,
        "azp": client,
        **changed,
    }
    return key.sign({name: value for name, value in claims.items() if value is not None})


def _audience(served: Served) -> str | None:
    """That of the caller, as the upstream was told."""
    return served.upstream.last().header("forecourt-audience")


# --- 1: order -------------------------------------------------------------------------------------


def test_1_each_kind_of_caller_sees_what_is_for_it_and_for_wider_ones(served: Served) -> None:
    gateway = served.gateway
    developer, partner = gateway.a_key(), gateway.a_partner_key("one")
    seen = {
        "internal": [gateway.call(p, service="orders").status_code for p in _SEEN_BY.values()],
        "partner": [gateway.call(p, key=partner).status_code for p in _SEEN_BY.values()],
        "public": [gateway.call(p, key=developer).status_code for p in _SEEN_BY.values()],
    }
    assert seen == {
        "internal": [200, 200, 200],
        "partner": [404, 200, 200],
        "public": [404, 404, 200],
    }


# --- 2: callers -----------------------------------------------------------------------------------


def test_2_an_applications_audience_is_that_of_its_owner(served: Served) -> None:
    gateway = served.gateway
    gateway.call(_PUBLIC, key=gateway.a_key())
    assert _audience(served) == "public"
    gateway.call(_PUBLIC, key=gateway.a_partner_key("one"))
    assert _audience(served) == "partner"
    gateway.call(_PUBLIC, service="orders")
    assert _audience(served) == "internal"


def test_2_the_person_behind_a_token_changes_nothing(served: Served) -> None:
    for claims in ({}, {"sub": "ada"}, {"sub": "orders", "audience": "internal"}):
        token = _token(served.issuer, "acme-id", "shop", **claims)
        assert served.gateway.call(_PUBLIC, token=token).status_code == 200
        assert _audience(served) == "public"
        assert served.upstream.last().header("forecourt-consumer") == "developer:acme-id/shop"
        assert served.upstream.last().header("forecourt-subject") == claims.get("sub")
        assert served.gateway.call(_PARTNER, token=token).status_code == 404


def test_2_a_person_is_named_so_that_nothing_else_can_be_said(served: Served) -> None:
    token = _token(served.issuer, "acme-id", "shop", sub="ada\r\nForecourt-Audience: internal é")
    assert served.gateway.call(_PUBLIC, token=token).status_code == 200
    told = served.upstream.last().header("forecourt-subject")
    assert told == "ada%0D%0AForecourt-Audience:%20internal%20%C3%A9"
    assert _audience(served) == "public"


def test_2_a_foreign_issuers_tokens_carry_the_audience_that_the_estate_gives(
    served: Served,
) -> None:
    token = _token(served.partners, "partner-id", "partner_one")
    assert served.gateway.call(_PARTNER, token=token).status_code == 200
    assert _audience(served) == "partner"
    assert served.upstream.last().header("forecourt-consumer") == "partner:partner_one"


def test_2_a_token_that_names_no_partner_of_ours_is_refused(served: Served) -> None:
    token = _token(served.partners, "partner-id", "partner_unheard_of")
    assert served.gateway.call(_PARTNER, token=token).status_code == 401


def test_2_who_declares_more_than_its_issuer_may_gains_nothing(served: Served) -> None:
    """A client of developers' issuer that is called as a partner is, or a service."""
    for client in ("partner_one", "orders", "service:orders"):
        token = _token(served.issuer, "acme-id", client)
        assert served.gateway.call(_PARTNER, token=token).status_code == 404
        assert served.gateway.call(_INTERNAL, token=token).status_code == 404


@pytest.mark.parametrize("claims", [{"iss": "https://partner-id.example/"}, {"aud": "elsewhere"}])
def test_2_a_token_of_one_issuer_does_not_pass_as_anothers(
    served: Served, claims: dict[str, str]
) -> None:
    token = _token(served.issuer, "acme-id", "partner_one", **claims)
    assert served.gateway.call(_PUBLIC, token=token).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1_600_000_000},
        {"exp": None},
        {"nbf": 32_503_680_000},
        {"azp": None},
        {"azp": ""},
        {"azp": ["shop"]},
        {"aud": None},
    ],
    ids=["expired", "for ever", "not yet", "of no client", "of no name", "of a list", "for nobody"],
)
def test_2_a_token_that_is_not_sound_is_refused(served: Served, changed: dict[str, Any]) -> None:
    token = _token(served.issuer, "acme-id", "shop", **changed)
    answer = served.gateway.call(_PUBLIC, token=token)
    assert answer.status_code == 401
    assert problem(answer.text)["type"] == "urn:forecourt:problem:credential-invalid"


def test_2_a_token_that_its_issuer_did_not_sign_is_refused(served: Served, tmp_path: Path) -> None:
    stranger = SigningKeyFiles(tmp_path).internal()
    for signer in (stranger, served.partners, SigningKeyFiles(served.gateway.state).internal()):
        token = _token(signer, "acme-id", "shop")
        assert served.gateway.call(_PUBLIC, token=token).status_code == 401


def test_2_without_a_credential_nobody_is_anybody(served: Served) -> None:
    for path in _SEEN_BY.values():
        assert served.gateway.call(path).status_code == 401


# --- 3: listeners ---------------------------------------------------------------------------------


def test_3_the_external_listener_knows_no_mesh_certificate(served: Served) -> None:
    answer = served.gateway.call(_PUBLIC, service="orders", listener="external")
    assert answer.status_code == 401


def test_3_the_external_listener_knows_no_service_token(served: Served) -> None:
    token = served.gateway.a_service_token("orders")
    for headers in ({"x-internal-service-token": token}, {"authorization": f"Bearer {token}"}):
        assert served.gateway.call(_PUBLIC, headers=headers).status_code == 401


def test_3_what_colleagues_bring_widens_nothing_on_the_external_listener(served: Served) -> None:
    identity = "spiffe://acme.example/ns/shop/sa/orders"
    headers = {
        "x-internal-service-token": served.gateway.a_service_token("orders"),
        "x-forwarded-client-cert": f"URI={identity}",
    }
    key = served.gateway.a_key()
    assert served.gateway.call(_PUBLIC, key=key, headers=headers).status_code == 200
    assert _audience(served) == "public"
    for path in (_PARTNER, _INTERNAL):
        assert served.gateway.call(path, key=key, headers=headers).status_code == 404


def test_3_the_internal_listener_refuses_partners_and_developers(served: Served) -> None:
    gateway = served.gateway
    for key in (gateway.a_key(), gateway.a_partner_key("one")):
        for path in _SEEN_BY.values():
            assert gateway.call(path, key=key, listener="internal").status_code == 401
    token = _token(served.issuer, "acme-id", "shop")
    assert gateway.call(_PUBLIC, token=token, listener="internal").status_code == 401


def test_3_services_reach_partner_and_public_apis_through_the_internal_listener(
    served: Served,
) -> None:
    for path in (_PARTNER, _PUBLIC):
        assert served.gateway.call(path, service="billing").status_code == 200
        assert served.upstream.last().header("forecourt-consumer") == "service:billing"


# --- 4: reach -------------------------------------------------------------------------------------


def test_4_who_sees_an_api_may_use_it_only_if_entitled(served: Served) -> None:
    gateway = served.gateway
    assert gateway.call("/chairs/v1/things", key=gateway.a_partner_key("two")).status_code == 200
    assert gateway.call("/chairs/v1/things", key=gateway.a_partner_key("one")).status_code == 404
    assert gateway.call(_PARTNER, key=gateway.a_partner_key("two")).status_code == 404
    assert gateway.call(_PUBLIC, key=gateway.a_partner_key("two")).status_code == 404
    assert gateway.call(_INTERNAL, service="orders").status_code == 200
    assert gateway.call(_INTERNAL, service="billing").status_code == 404


# --- 5: absence -----------------------------------------------------------------------------------


def test_5_what_is_narrower_is_absent_from_everything_that_is_used_outside(
    served: Served,
) -> None:
    current = served.gateway.state / "current"
    assert "stock" not in (current / "routes-external.json").read_text()
    assert "stock" in (current / "routes-internal.json").read_text()


def test_5_what_is_absent_answers_as_what_never_was(served: Served) -> None:
    gateway = served.gateway
    for key in (gateway.a_key(), gateway.a_partner_key("one"), None):
        hidden = gateway.call(_INTERNAL, key=key)
        nothing = gateway.call("/nothing/here", key=key)
        assert hidden.status_code == nothing.status_code
        assert hidden.headers.keys() == nothing.headers.keys()
        assert without_its_id(problem(hidden.text)) == without_its_id(problem(nothing.text))


# --- 6: whose posture -----------------------------------------------------------------------------


def test_6_how_errors_read_follows_from_the_caller(served: Served) -> None:
    gateway = served.gateway
    secret = {"error": "NullPointerException at Lamps.java:7"}
    served.upstream.answers(500, {"content-type": "application/json"}, json.dumps(secret).encode())
    try:
        inside = gateway.call(_PUBLIC, service="orders")
        outside = gateway.call(_PUBLIC, key=gateway.a_key())
    finally:
        served.upstream.answers(200)
    assert inside.json() == secret
    told = problem(outside.text)
    assert told["type"] == "urn:forecourt:problem:upstream-failed"
    assert "Exception" not in outside.text


def test_6_how_large_a_body_may_be_follows_from_the_caller(served: Served) -> None:
    gateway, body = served.gateway, b"x" * 2_000_000
    outside = gateway.call(_PUBLIC, key=gateway.a_key(), method="POST", body=body)
    assert outside.status_code == 413
    assert problem(outside.text)["type"] == "urn:forecourt:problem:body-too-large"
    inside = gateway.call(_PUBLIC, service="orders", method="POST", body=body)
    assert inside.status_code == 200
    assert served.upstream.last().body == body


def test_6_how_much_a_caller_may_follows_from_the_caller(served: Served) -> None:
    gateway = served.gateway
    policies = [
        gateway.call(_PUBLIC, **caller).headers["ratelimit-policy"]  # type: ignore[arg-type]
        for caller in (
            {"service": "billing"},
            {"key": gateway.a_partner_key("one")},
            {"key": gateway.a_key()},
        )
    ]
    assert policies == [f'"minute";q={most};w=60' for most in (10_000, 1000, 100)]


@pytest.mark.parametrize("listener", ["external", "internal"])
def test_6_nothing_is_spoken_without_encryption(served: Served, listener: str) -> None:
    ports = served.gateway.ports
    port = ports.external if listener == "external" else ports.internal
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{port}{_PUBLIC}", trust_env=False)


# --- 7: partners with certificates ----------------------------------------------------------------


@pytest.mark.parametrize("partner", ["printed", "signed"], ids=["by fingerprint", "by authority"])
def test_7_a_partners_certificate_is_enough_at_its_own_host(served: Served, partner: str) -> None:
    answer = _at_its_host(served, partner, certificate=served.certificates[partner])
    assert answer.status_code == 200
    assert served.upstream.last().header("forecourt-consumer") == f"partner:partner_{partner}"
    assert _audience(served) == "partner"


@pytest.mark.parametrize("partner", ["printed", "signed"])
def test_7_if_contracted_a_key_alone_is_refused(served: Served, partner: str) -> None:
    key = served.gateway.a_partner_key(partner)
    answer = served.gateway.call(_PARTNER, key=key)
    assert answer.status_code == 401
    assert problem(answer.text)["type"] == "urn:forecourt:problem:certificate-required"
    with pytest.raises(httpx.TransportError):
        _at_its_host(served, partner, key=key)


@pytest.mark.parametrize("partner", ["printed", "signed"])
def test_7_a_key_beside_the_certificate_is_welcome(served: Served, partner: str) -> None:
    key = served.gateway.a_partner_key(partner)
    certificate = served.certificates[partner]
    assert _at_its_host(served, partner, certificate=certificate, key=key).status_code == 200


@pytest.mark.parametrize(("partner", "other"), [("printed", "signed"), ("signed", "printed")])
def test_7_a_certificate_maps_to_its_own_partner_only(
    served: Served, partner: str, other: str
) -> None:
    with pytest.raises(httpx.TransportError):
        _at_its_host(served, partner, certificate=served.certificates[other])


def test_7_another_certificate_of_the_same_authority_has_another_fingerprint(
    served: Served, tmp_path: Path
) -> None:
    authority = LocalAuthority(served.certificates["printed"].key.parent, "authority")
    pair = KeyPair(certificate=tmp_path / "other.pem", key=tmp_path / "other.key")
    authority.client(pair, "https://printed.example/client", datetime.now(UTC))
    with pytest.raises(httpx.TransportError):
        _at_its_host(served, "printed", certificate=pair)


def test_7_a_certificate_of_the_mesh_is_nobody_at_a_partners_host(served: Served) -> None:
    with pytest.raises(httpx.TransportError):
        _at_its_host(served, "signed", certificate=served.gateway.client("orders"))


def test_7_a_partners_certificate_is_never_internal(served: Served) -> None:
    certificate = served.certificates["signed"]
    with pytest.raises(httpx.TransportError):
        served.gateway.call(_INTERNAL, certificate=certificate, listener="internal")
    assert (
        _at_its_host(served, "signed", certificate=certificate, path=_INTERNAL).status_code == 404
    )


def test_7_anothers_key_at_a_partners_host_is_refused(served: Served) -> None:
    key = served.gateway.a_partner_key("one")
    certificate = served.certificates["signed"]
    assert _at_its_host(served, "signed", certificate=certificate, key=key).status_code == 400


def test_7_the_host_is_that_of_the_handshake_not_one_that_is_named_later(served: Served) -> None:
    """Whoever names a partner's host inside a connection to another has shown no certificate."""
    key = served.gateway.a_partner_key("signed")
    with served.gateway.connection() as client:
        answer = client.get(
            _PARTNER,
            headers={"host": "signed.localhost", "x-api-key": key},
            extensions={"sni_hostname": "localhost"},
        )
    assert answer.status_code in (401, 421)


def _at_its_host(
    served: Served,
    partner: str,
    *,
    certificate: KeyPair | None = None,
    key: str | None = None,
    path: str = _PARTNER,
) -> httpx.Response:
    """A call at the host that stands for this partner alone."""
    return served.gateway.call(
        path, certificate=certificate, key=key, listener="external", host=f"{partner}.localhost"
    )


# --- 8: two credentials ---------------------------------------------------------------------------


def test_8_two_credentials_of_different_owners_are_refused(served: Served) -> None:
    gateway = served.gateway
    developer, partner = gateway.a_key(), gateway.a_partner_key("one")
    token = _token(served.issuer, "acme-id", "shop")
    for key, bearer in ((developer, partner), (partner, developer), (developer, token)):
        answer = gateway.call(_PUBLIC, key=key, token=bearer)
        assert answer.status_code == 400
        assert problem(answer.text)["type"] == "urn:forecourt:problem:two-callers"


def test_8_two_credentials_of_one_owner_are_one_caller(served: Served) -> None:
    gateway = served.gateway
    first, second = gateway.a_key(developer="eve"), gateway.a_key(developer="eve")
    assert gateway.call(_PUBLIC, key=first, token=second).status_code == 200
    assert gateway.call(_PUBLIC, key=first, token=first).status_code == 200


def test_8_a_good_credential_does_not_excuse_a_bad_one(served: Served) -> None:
    key = served.gateway.a_key()
    assert served.gateway.call(_PUBLIC, key=key, token="nonsense").status_code == 401
    assert served.gateway.call(_PUBLIC, key="nonsense", token=key).status_code == 401


def test_8_a_certificate_and_a_token_of_different_services_are_refused(served: Served) -> None:
    headers = {"x-internal-service-token": served.gateway.a_service_token("billing")}
    answer = served.gateway.call(_INTERNAL, service="orders", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("field", ["x-api-key", "authorization"])
def test_8_a_field_that_comes_twice_is_not_one_credential(served: Served, field: str) -> None:
    gateway = served.gateway
    one, two = gateway.a_key(developer="eve"), gateway.a_partner_key("one")
    scheme = "Bearer " if field == "authorization" else ""
    headers = [(field, f"{scheme}{one}"), (field, f"{scheme}{two}")]
    assert gateway.call(_PUBLIC, headers=headers).status_code in (400, 401)
