"""The internal listener: services prove who they are, by certificate or by token."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from forecourt.actions.signing_key import SigningKey
from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.store.signing_keys import SigningKeyFiles
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

_INGRESS = "spiffe://acme.example/ns/mesh/sa/ingress"
_ORDERS = "spiffe://acme.example/ns/shop/sa/orders"
_REPORTS = "spiffe://acme.example/ns/insights/sa/reports"


def a_certificate(gateway: Gateway, folder: Path, identity: str) -> KeyPair:
    """One that the mesh's authority signed."""
    return _signed(LocalAuthority(gateway.state / "authority", "mesh"), folder, identity)


def _signed(authority: LocalAuthority, folder: Path, identity: str) -> KeyPair:
    pair = KeyPair(certificate=folder / "client.pem", key=folder / "client.key")
    authority.client(pair, identity, datetime.now(UTC))
    return pair


# --- by certificate -------------------------------------------------------------------------------


def test_a_service_is_who_its_certificate_says(running_acme: Gateway) -> None:
    answer = running_acme.call("/users/users", service="orders")
    assert answer.status_code == 200
    assert running_acme.logged(answer)["consumer"] == "service:orders"


def test_a_certificate_of_another_authority_opens_no_connection(
    running_acme: Gateway, tmp_path: Path
) -> None:
    stranger = LocalAuthority(tmp_path, "stranger")
    stranger.ensure(datetime.now(UTC))
    pair = _signed(stranger, tmp_path, _ORDERS)
    with pytest.raises((httpx.TransportError, ssl.SSLError)):
        running_acme.call("/users/users", certificate=pair, listener="internal")


@pytest.mark.parametrize(
    "identity",
    [
        "spiffe://acme.example/ns/shop/sa/nobody",
        "spiffe://elsewhere.example/ns/shop/sa/orders",
        "spiffe://acme.example/ns/shop/sa/orders/",
        "spiffe://acme.example/ns/shop/sa/ORDERS",
        "https://acme.example/ns/shop/sa/orders",
    ],
)
def test_an_identity_that_no_service_has_is_nobody(
    running_acme: Gateway, tmp_path: Path, identity: str
) -> None:
    pair = a_certificate(running_acme, tmp_path, identity)
    answer = running_acme.call("/users/users", certificate=pair, listener="internal")
    assert answer.status_code == 401
    assert problem(answer.text)["reason"] == "unknown"


def test_without_certificate_and_token_it_is_said_what_to_bring(running_acme: Gateway) -> None:
    answer = running_acme.call("/users/users", listener="internal")
    assert answer.status_code == 401
    told = problem(answer.text)
    assert told["reason"] == "missing"
    assert "client certificate" in told["detail"]
    assert "forecourt token issue --service" in told["detail"]


# --- who speaks for others ------------------------------------------------------------------------


def test_a_mesh_proxy_speaks_for_the_service_behind_it(
    running_acme: Gateway, tmp_path: Path
) -> None:
    proxy = a_certificate(running_acme, tmp_path, _INGRESS)
    said = {"x-forwarded-client-cert": f'Hash={"ab" * 32};Subject="CN=x,O=y;z";URI={_ORDERS}'}
    answer = running_acme.call("/users/users", certificate=proxy, listener="internal", headers=said)
    assert answer.status_code == 200
    assert running_acme.logged(answer)["consumer"] == "service:orders"


def test_only_the_last_that_a_mesh_proxy_names_counts(
    running_acme: Gateway, tmp_path: Path
) -> None:
    proxy = a_certificate(running_acme, tmp_path, _INGRESS)
    said = {"x-forwarded-client-cert": f"URI={_ORDERS},URI={_REPORTS}"}
    answer = running_acme.call("/users/users", certificate=proxy, listener="internal", headers=said)
    assert answer.status_code == 404
    assert running_acme.logged(answer)["consumer"] == "service:reports"


def test_a_mesh_proxy_by_itself_is_nobody(running_acme: Gateway, tmp_path: Path) -> None:
    proxy = a_certificate(running_acme, tmp_path, _INGRESS)
    answer = running_acme.call("/users/users", certificate=proxy, listener="internal")
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        f"URI={_ORDERS}",
        f"URI={_ORDERS},URI={_INGRESS}",
        f"By={_INGRESS};URI={_ORDERS}",
        f'URI={_ORDERS};Subject="',
        f'Subject="x",URI={_ORDERS}',
    ],
)
def test_no_service_speaks_for_another(running_acme: Gateway, said: str) -> None:
    headers = {"x-forwarded-client-cert": said}
    answer = running_acme.call("/users/users", service="reports", headers=headers)
    assert answer.status_code in (401, 404)
    assert running_acme.logged(answer)["consumer"] in (None, "service:reports")


def test_nobody_speaks_for_a_service_without_a_certificate(running_acme: Gateway) -> None:
    headers = {"x-forwarded-client-cert": f"URI={_ORDERS}"}
    answer = running_acme.call("/users/users", listener="internal", headers=headers)
    assert answer.status_code == 401


# --- by token -------------------------------------------------------------------------------------


def _with_token(gateway: Gateway, token: str) -> httpx.Response:
    headers = {"x-internal-service-token": token}
    return gateway.call("/users/users", listener="internal", headers=headers)


def test_a_service_token_is_enough_where_the_mesh_does_not_reach(running_acme: Gateway) -> None:
    answer = _with_token(running_acme, running_acme.a_service_token("orders"))
    assert answer.status_code == 200
    assert running_acme.logged(answer)["consumer"] == "service:orders"


def test_a_service_token_opens_no_more_than_the_service_may(running_acme: Gateway) -> None:
    answer = _with_token(running_acme, running_acme.a_service_token("reports"))
    assert answer.status_code == 404
    assert problem(answer.text)["reason"] == "not-allowed"


def test_a_certificate_and_a_token_of_one_service_agree(running_acme: Gateway) -> None:
    headers = {"x-internal-service-token": running_acme.a_service_token("orders")}
    assert running_acme.call("/users/users", service="orders", headers=headers).status_code == 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims of a sound service token, and what one test does to them."""

    changed: dict[str, Any]

    def at(self, now: datetime) -> dict[str, Any]:
        sound = {
            "iss": "forecourt:acme.example",
            "sub": "orders",
            "aud": "acme.example",
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
        }
        changed = {
            name: int((now + value).timestamp()) if isinstance(value, timedelta) else value
            for name, value in self.changed.items()
        }
        return {n: v for n, v in {**sound, **changed}.items() if v is not None}


def _own_key(gateway: Gateway) -> SigningKey:
    return SigningKeyFiles(gateway.state).internal()


def test_a_token_that_we_sign_so_counts(running_acme: Gateway) -> None:
    token = _own_key(running_acme).sign(Claims(changed={}).at(datetime.now(UTC)))
    assert _with_token(running_acme, token).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": timedelta(minutes=-5)},
        {"exp": None},
        {"nbf": timedelta(minutes=5)},
        {"aud": "elsewhere.example"},
        {"aud": None},
        {"iss": "forecourt:elsewhere.example"},
        {"iss": None},
        {"sub": "nobody"},
        {"sub": ""},
        {"sub": None},
        {"sub": ["orders"]},
    ],
    ids=[
        *("expired", "for ever", "not yet", "for another audience", "for nobody"),
        *("by another issuer", "by nobody", "of an undeclared service", "of no name"),
        *("of nobody", "of a list"),
    ],
)
def test_a_token_that_is_not_sound_is_refused(
    running_acme: Gateway, changed: dict[str, Any]
) -> None:
    token = _own_key(running_acme).sign(Claims(changed=changed).at(datetime.now(UTC)))
    assert _with_token(running_acme, token).status_code == 401


def _by_a_stranger(gateway: Gateway, folder: Path) -> str:
    return SigningKeyFiles(folder).internal().sign(Claims(changed={}).at(datetime.now(UTC)))


def _with_another_payload(gateway: Gateway, folder: Path) -> str:
    sound = gateway.a_service_token("reports").split(".")
    other = gateway.a_service_token("orders").split(".")
    return ".".join((sound[0], other[1], sound[2]))


def _without_a_signature(gateway: Gateway, folder: Path) -> str:
    return ".".join((*gateway.a_service_token("orders").split(".")[:2], ""))


def _that_says_none(gateway: Gateway, folder: Path) -> str:
    payload = gateway.a_service_token("orders").split(".")[1]
    return f"eyJhbGciOiJub25lIn0.{payload}."


def _of_an_issuer_of_strangers(gateway: Gateway, folder: Path) -> str:
    return gateway.a_token("acme-id", "orders", "orders")


@pytest.mark.parametrize(
    "forged",
    [
        _by_a_stranger,
        _with_another_payload,
        _without_a_signature,
        _that_says_none,
        _of_an_issuer_of_strangers,
        lambda gateway, folder: "",
        lambda gateway, folder: "orders",
    ],
    ids=[
        *("signed by a stranger", "another's payload", "no signature", "algorithm none"),
        *("of an issuer outside", "empty", "no token"),
    ],
)
def test_a_token_that_we_did_not_sign_is_refused(
    running_acme: Gateway, tmp_path: Path, forged: Callable[[Gateway, Path], str]
) -> None:
    answer = _with_token(running_acme, forged(running_acme, tmp_path))
    assert answer.status_code == 401


# --- a token for a certificate --------------------------------------------------------------------


def _asked(gateway: Gateway, *, method: str = "POST", **given: Any) -> httpx.Response:
    return gateway.call("/internal/token", method=method, **given)


def test_who_has_a_certificate_gets_a_token_of_minutes(running_acme: Gateway) -> None:
    answer = _asked(running_acme, service="orders")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("N_A", 600)
    with_it = _with_token(running_acme, told["access_token"])
    assert with_it.status_code == 200
    assert running_acme.logged(with_it)["consumer"] == "service:orders"


def test_a_token_gets_no_other_token(running_acme: Gateway) -> None:
    headers = {"x-internal-service-token": running_acme.a_service_token("orders")}
    answer = _asked(running_acme, listener="internal", headers=headers)
    assert (answer.status_code, problem(answer.text)["reason"]) == (401, "credential-not-accepted")


def test_nobody_gets_a_token_for_another(running_acme: Gateway, tmp_path: Path) -> None:
    for headers in (
        {"forecourt-application": "orders", "forecourt-credential": "spiffe:orders"},
        {"x-forwarded-client-cert": f"URI={_ORDERS}"},
    ):
        answer = _asked(running_acme, service="reports", headers=headers)
        if answer.status_code == 200:
            answer = _with_token(running_acme, answer.json()["access_token"])
            assert running_acme.logged(answer)["consumer"] == "service:reports"
    assert _asked(running_acme, listener="internal").status_code == 401
    nobody = a_certificate(running_acme, tmp_path, "spiffe://acme.example/ns/shop/sa/nobody")
    refused = _asked(running_acme, certificate=nobody, listener="internal")
    assert refused.status_code == 401


def test_it_is_one_method_at_one_path_of_one_listener(running_acme: Gateway) -> None:
    assert _asked(running_acme, method="GET", service="orders").status_code == 405
    for path in ("/internal/token/", "/internal/tokens"):
        assert running_acme.call(path, method="POST", service="orders").status_code == 404
    headers = {"forecourt-application": "orders", "forecourt-credential": "spiffe:orders"}
    assert _asked(running_acme, headers=headers).status_code == 401
    known = _asked(running_acme, key=running_acme.developer_key, headers=headers)
    assert known.status_code == 404
