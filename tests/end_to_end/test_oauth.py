"""The authorization server through the edge, asked by a client library that is not ours."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from forecourt.store.signing_keys import SigningKeyFiles
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Added:
    """A client as `forecourt client add` told of it."""

    id: str
    secret: str

    @property
    def by_post(self) -> dict[str, str]:
        return {"client_id": self.id, "client_secret": self.secret}


def a_client(gateway: Gateway, *options: str, application: str = "shop") -> Added:
    owner = () if "--partner" in options else ("--developer", "ada")
    told = gateway.forecourt("client", "add", "--application", application, *owner, *options)
    said = dict(line.split("=", 1) for line in told.stdout.split())
    return Added(id=said["client_id"], secret=said.get("client_secret", ""))


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    """One whose authorization server is there."""
    gateway = started_once(
        an_estate(
            apis={
                "lamps": an_api(),
                "bulbs": an_api(),
                "prices": an_api("partner"),
            },
            partners={"one": a_partner("prices"), "two": a_partner(id="partner_two")},
            plans={"slow": {"rate_limit": {"requests_per_minute": 1}}},
        )
    )
    before = gateway.call("/oauth/token", method="POST")
    assert before.status_code == 401, "where nobody has a client, nothing is there"
    client = a_client(gateway)
    form = {"grant_type": "client_credentials", **client.by_post}
    eventually(
        lambda: asked(gateway, "token", form).status_code == 200, what="the authorization server"
    )
    return gateway


def _metadata(gateway: Gateway) -> httpx.Response:
    return gateway.call("/.well-known/oauth-authorization-server")


def asked(gateway: Gateway, endpoint: str, form: Mapping[str, Any], **given: Any) -> httpx.Response:
    body = str(httpx.QueryParams(dict(form))).encode()
    headers = {"content-type": FORM, **given.pop("headers", {})}
    return gateway.call(f"/oauth/{endpoint}", method="POST", headers=headers, body=body, **given)


def a_token(gateway: Gateway, client: Added, **form: Any) -> str:
    answer = asked(gateway, "token", {"grant_type": "client_credentials", **client.by_post, **form})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def status(gateway: Gateway, token: str, path: str = "/lamps/v1/things") -> int:
    return gateway.call(path, token=token).status_code


def error(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["cache-control"] == "no-store", "nothing of this is kept"
    return answer.status_code, answer.json()["error"]


# --- tokens ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_client_library_gets_a_token_that_counts(gateway: Gateway, method: str) -> None:
    client = a_client(gateway)
    told = _metadata(gateway).json()
    assert told["issuer"] == gateway.base()
    assert method in told["token_endpoint_auth_methods_supported"]
    with OAuth2Client(
        client.id,
        client.secret,
        token_endpoint_auth_method=method,
        verify=gateway.tls(),
        trust_env=False,
    ) as session:
        token = session.fetch_token(told["token_endpoint"], grant_type="client_credentials")
        assert (token["token_type"], token["expires_in"]) == ("Bearer", 600)
        assert session.get(f"{gateway.base()}/lamps/v1/things").status_code == 200


def test_a_client_library_goes_on_while_its_secret_is_changed(gateway: Gateway) -> None:
    client = a_client(gateway)
    told = gateway.forecourt("client", "rotate", client.id, "--overlap", "24h")
    said = dict(line.split("=", 1) for line in told.stdout.split())
    endpoint = _metadata(gateway).json()["token_endpoint"]
    for secret in (client.secret, said["client_secret"]):
        with OAuth2Client(client.id, secret, verify=gateway.tls(), trust_env=False) as session:
            session.fetch_token(endpoint, grant_type="client_credentials")
            assert session.get(f"{gateway.base()}/lamps/v1/things").status_code == 200
    gateway.forecourt("client", "revoke", client.id, "--secret", "old")
    form = {"grant_type": "client_credentials", **client.by_post}
    assert error(asked(gateway, "token", form)) == (401, "invalid_client")
    form["client_secret"] = said["client_secret"]
    assert asked(gateway, "token", form).status_code == 200


def test_a_client_library_proves_itself_by_its_key(gateway: Gateway, tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048)
    (tmp_path / "key.pem").write_bytes(key.as_pem(private=False))
    client = a_client(gateway, "--keys", str(tmp_path / "key.pem"))
    endpoint = _metadata(gateway).json()["token_endpoint"]
    with OAuth2Client(
        client.id,
        key.as_pem(private=True).decode(),
        token_endpoint_auth_method=PrivateKeyJWT(endpoint),
        verify=gateway.tls(),
        trust_env=False,
    ) as session:
        session.fetch_token(endpoint, grant_type="client_credentials")
        assert session.get(f"{gateway.base()}/lamps/v1/things").status_code == 200


def test_a_token_says_what_rfc_9068_demands_and_is_verified_by_the_published_keys(
    gateway: Gateway,
) -> None:
    client = a_client(gateway, "--scope", "read", "--scope", "write")
    keys = KeySet.import_key_set(gateway.call("/oauth/jwks").json())
    read = jwt.decode(a_token(gateway, client, scope="read"), keys, algorithms=["ES256"])
    assert read.header["typ"] == "at+jwt"
    assert read.claims["iss"] == read.claims["aud"] == gateway.base()
    assert read.claims["sub"] == read.claims["client_id"] == client.id
    assert (read.claims["scope"], read.claims["exp"] - read.claims["iat"]) == ("read", 600)
    assert read.claims["jti"].startswith("tok_")
    assert not json.dumps(gateway.call("/oauth/jwks").json()).count('"d"'), "no private half"


def test_a_token_and_a_key_of_one_application_share_its_limit(gateway: Gateway) -> None:
    key = gateway.a_key(developer="sam", application="slow", plan="slow")
    told = gateway.forecourt("client", "add", "--application", "slow", "--developer", "sam")
    said = dict(line.split("=", 1) for line in told.stdout.split())
    token = a_token(gateway, Added(id=said["client_id"], secret=said["client_secret"]))
    answers = [gateway.call("/lamps/v1/things", key=key).status_code, status(gateway, token)]
    answers.append(gateway.call("/lamps/v1/things", key=key).status_code)
    assert answers[0] == 200
    assert 429 in answers[1:]


def test_a_partners_token_gives_what_its_contract_does(gateway: Gateway) -> None:
    token = a_token(gateway, a_client(gateway, "--partner", "one"))
    assert status(gateway, token, "/prices/v1/things") == 200
    other = a_token(gateway, a_client(gateway, "--partner", "two"))
    assert status(gateway, other, "/prices/v1/things") == 404


# --- scopes and resources -------------------------------------------------------------------------


def test_a_client_gets_the_scopes_that_it_asks_for_and_no_others(gateway: Gateway) -> None:
    client = a_client(gateway, "--scope", "read", "--scope", "approve")
    assert status(gateway, a_token(gateway, client), "/lamps/v1/approvals") == 200
    assert status(gateway, a_token(gateway, client, scope="read"), "/lamps/v1/approvals") == 403
    form = {"grant_type": "client_credentials", **client.by_post, "scope": "read admin"}
    assert error(asked(gateway, "token", form)) == (400, "invalid_scope")


def test_a_client_without_scopes_by_name_never_gets_a_persons(gateway: Gateway) -> None:
    client = a_client(gateway)
    assert status(gateway, a_token(gateway, client), "/lamps/v1/approvals") == 403
    form = {"grant_type": "client_credentials", **client.by_post, "scope": "approve"}
    assert error(asked(gateway, "token", form)) == (400, "invalid_scope")


def test_a_token_for_one_api_is_none_for_another(gateway: Gateway) -> None:
    client = a_client(gateway)
    token = a_token(gateway, client, resource=f"{gateway.base()}/lamps")
    assert status(gateway, token) == 200
    assert status(gateway, token, "/bulbs/v1/things") == 404


def test_nobody_learns_by_asking_for_tokens_what_others_have(gateway: Gateway) -> None:
    wanted = {"grant_type": "client_credentials", "resource": f"{gateway.base()}/prices"}
    bodies = set()
    for options in ((), ("--partner", "two")):
        form = {**wanted, **a_client(gateway, *options).by_post}
        for resource in (wanted["resource"], f"{gateway.base()}/nothing"):
            answer = asked(gateway, "token", {**form, "resource": resource})
            assert error(answer) == (400, "invalid_target")
            bodies.add(answer.content)
    assert len(bodies) == 1
    a_token(gateway, a_client(gateway, "--partner", "one"), resource=wanted["resource"])


@pytest.mark.parametrize("resource", ["https://elsewhere.example", "/nothing", "/lamps/v1", ""])
def test_there_is_no_token_for_what_is_not_here(gateway: Gateway, resource: str) -> None:
    wanted = resource if "://" in resource else f"{gateway.base()}x{resource}"
    form = {"grant_type": "client_credentials", **a_client(gateway).by_post, "resource": wanted}
    assert error(asked(gateway, "token", form)) == (400, "invalid_target")


# --- forged tokens --------------------------------------------------------------------------------


def _claims(gateway: Gateway, client: Added, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    sound = {
        "iss": gateway.base(),
        "aud": gateway.base(),
        "sub": client.id,
        "client_id": client.id,
        "iat": now,
        "exp": now + 300,
        "jti": f"tok_{now}",
    }
    return {name: value for name, value in {**sound, **changed}.items() if value is not None}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 200),
        ({"exp": 1_000_000_000}, 401),
        ({"exp": None}, 401),
        ({"nbf": 4_000_000_000}, 401),
        ({"aud": "https://elsewhere.example"}, 401),
        ({"aud": None}, 401),
        ({"aud": []}, 401),
        ({"iss": "https://elsewhere.example"}, 401),
        ({"client_id": "client_nobody"}, 401),
        ({"client_id": None}, 401),
        ({"client_id": ["x"]}, 401),
        ({"jti": None}, 401),
        ({"scope": ""}, 401),
        ({"scope": ["approve"]}, 401),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_even_signed_by_us_a_token_must_be_sound(
    gateway: Gateway, changed: dict[str, Any], expected: int
) -> None:
    client = a_client(gateway)
    (key, *_) = SigningKeyFiles(gateway.state).access_tokens()
    claims = _claims(gateway, client, **changed)
    token = jwt.encode({"alg": "ES256", "kid": key.key.id, "typ": "at+jwt"}, claims, key.key.key)
    assert status(gateway, token) == expected


def test_what_others_sign_or_nobody_is_refused(gateway: Gateway) -> None:
    client = a_client(gateway)
    sound = a_token(gateway, client)
    head, payload, signature = sound.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    stranger = ECKey.generate_key("P-256")
    forged = [
        f"{none}.{payload}.",
        f"{head}.{payload}.",
        f"{head}.{payload}.{signature[::-1]}",
        jwt.encode({"alg": "ES256"}, _claims(gateway, client), stranger),
        jwt.encode(
            {"alg": "ES256", "jwk": stranger.as_dict(private=False)},
            _claims(gateway, client),
            stranger,
        ),
    ]
    assert {status(gateway, token) for token in forged} == {401}
    inside = gateway.call(
        "/lamps/v1/things", listener="internal", headers={"x-internal-service-token": sound}
    )
    assert inside.status_code == 401, "outside and inside have different issuers"


# --- withdrawal -----------------------------------------------------------------------------------


def test_a_token_that_is_withdrawn_is_refused_within_a_second(gateway: Gateway) -> None:
    client = a_client(gateway)
    token, other = a_token(gateway, client), a_token(gateway, client)
    assert (status(gateway, token), status(gateway, other)) == (200, 200)
    answer = asked(gateway, "revoke", {"token": token, **client.by_post})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    eventually(lambda: status(gateway, token) == 401, what="the token is refused", within=SOON)
    assert status(gateway, other) == 200, "only the one that was named"
    assert asked(gateway, "introspect", {"token": token, **client.by_post}).json() == {
        "active": False
    }
    assert asked(gateway, "revoke", {"token": "rubbish", **client.by_post}).status_code == 200


def test_a_client_that_is_withdrawn_takes_its_tokens_along(gateway: Gateway) -> None:
    client = a_client(gateway, application="short-lived")
    token = a_token(gateway, client)
    assert status(gateway, token) == 200
    gateway.forecourt("client", "revoke", client.id)
    eventually(lambda: status(gateway, token) == 401, what="the token to be refused")
    form = {"grant_type": "client_credentials", **client.by_post}
    assert error(asked(gateway, "token", form)) == (401, "invalid_client")


def test_a_client_that_is_blocked_does_not_go_on_with_another_token(gateway: Gateway) -> None:
    client = a_client(gateway, application="probing")
    token = a_token(gateway, client)
    assert status(gateway, token) == 200
    gateway.forecourt("block", "add", client.id, "--for", "1h")
    # By each worker: each of so many connections leads to either.
    eventually(
        lambda: {status(gateway, token) for _ in range(10)} == {403}, what="the block is heard of"
    )
    assert status(gateway, a_token(gateway, client)) == 403


def test_an_application_that_is_suspended_gets_no_tokens(gateway: Gateway) -> None:
    told = gateway.forecourt("client", "add", "--application", "till", "--developer", "eve")
    said = dict(line.split("=", 1) for line in told.stdout.split())
    client = Added(id=said["client_id"], secret=said["client_secret"])
    token = a_token(gateway, client)
    assert status(gateway, token) == 200
    gateway.forecourt("consumer", "suspend", "developer:eve")
    eventually(lambda: status(gateway, token) == 401, what="the token to be refused")
    form = {"grant_type": "client_credentials", **client.by_post}
    assert error(asked(gateway, "token", form)) == (401, "invalid_client")


def test_nobody_withdraws_or_sees_anothers_token(gateway: Gateway) -> None:
    token = a_token(gateway, a_client(gateway))
    other = a_client(gateway)
    form = {"token": token, **other.by_post}
    assert error(asked(gateway, "revoke", form)) == (400, "invalid_grant")
    assert asked(gateway, "introspect", form).json() == {"active": False}
    assert error(asked(gateway, "introspect", {"token": token})) == (401, "invalid_client")
    assert status(gateway, token) == 200


def test_a_client_is_told_of_its_own_token(gateway: Gateway) -> None:
    client = a_client(gateway, "--scope", "read")
    token = a_token(gateway, client)
    told = asked(gateway, "introspect", {"token": token, **client.by_post}).json()
    assert (told["active"], told["client_id"], told["scope"]) == (True, client.id, "read")


# --- who asks -------------------------------------------------------------------------------------


def test_nobody_gets_a_token_who_does_not_prove_who_asks(gateway: Gateway) -> None:
    client = a_client(gateway)
    grant = {"grant_type": "client_credentials"}
    wrong = client.secret[:-1] + ("a" if client.secret[-1] != "a" else "b")
    for form in (
        grant,
        {**grant, "client_id": client.id},
        {**grant, "client_id": client.id, "client_secret": ""},
        {**grant, "client_id": client.id, "client_secret": wrong},
        {**grant, "client_id": "client_nobody", "client_secret": client.secret},
    ):
        answer = asked(gateway, "token", form)
        assert error(answer) == (401, "invalid_client"), form
        assert answer.headers["www-authenticate"].startswith("Basic ")


def test_what_callers_say_of_themselves_is_not_believed(gateway: Gateway) -> None:
    client = a_client(gateway)
    basic = base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()
    headers = {"forecourt-authorization": f"Basic {basic}", "forecourt-address": "10.1.1.1"}
    form = {"grant_type": "client_credentials"}
    answer = asked(gateway, "token", form, headers=headers)
    assert error(answer) == (401, "invalid_client")


def test_whoever_guesses_is_stopped_and_its_client_is_not(gateway: Gateway) -> None:
    client = a_client(gateway)
    token = a_token(gateway, client)
    form = {"grant_type": "client_credentials", "client_id": client.id, "client_secret": "no"}
    answers = [asked(gateway, "token", form) for _ in range(7)]
    assert {answer.status_code for answer in answers} == {401}
    assert "retry-after" not in answers[0].headers
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert status(gateway, token) == 200


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"", FORM, (401, "invalid_client")),
        (b"{}", "application/json", (400, "invalid_request")),
        (
            b"grant_type=a&grant_type=b",
            "application/x-www-form-urlencoded",
            (400, "invalid_request"),
        ),
        (b"a=%ff", FORM, (400, "invalid_request")),
        (
            b"&".join(b"a%d=1" % n for n in range(90)),
            "application/x-www-form-urlencoded",
            (400, "invalid_request"),
        ),
    ],
    ids=["nothing", "JSON", "twice", "no UTF-8", "too many"],
)
def test_what_is_no_form_is_refused(
    gateway: Gateway, body: bytes, kind: str, expected: tuple[int, str]
) -> None:
    headers = {"content-type": kind}
    answer = gateway.call("/oauth/token", method="POST", headers=headers, body=body)
    assert error(answer) == expected


def test_those_who_send_slowly_keep_nobody_from_a_token(gateway: Gateway) -> None:
    client = a_client(gateway)
    head = (
        "POST /oauth/token HTTP/1.1\r\nhost: localhost\r\n"
        f"content-type: {FORM}\r\ncontent-length: 20000\r\n\r\na="
    )
    with ExitStack() as lines:
        for _ in range(40):  # more than are let to the control plane at a time
            lines.enter_context(gateway.socket()).sendall(head.encode())
        assert status(gateway, a_token(gateway, client)) == 200


def test_only_whole_paths_and_their_methods_are_there(gateway: Gateway) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/introspect"):
        assert gateway.call(path).status_code == 405
    for path in ("/oauth/", "/oauth/token/", "/oauth", "/oauth/authorize"):
        assert gateway.call(path, method="POST").status_code == 401
    assert gateway.call("/oauth/jwks", method="POST").status_code == 405


# --- keys -----------------------------------------------------------------------------------------


def test_a_new_key_is_known_before_it_signs_and_the_old_one_verifies_on(gateway: Gateway) -> None:
    client = a_client(gateway)
    before = a_token(gateway, client)
    gateway.forecourt("token", "rotate")

    def published() -> bool:
        text = (gateway.state / "current" / "listeners.json").read_text()
        keys = SigningKeyFiles(gateway.state).access_tokens()
        return len(keys) == 2 and all(key.key.id in text for key in keys)

    eventually(published, what="both keys at the edge")
    assert len(gateway.call("/oauth/jwks").json()["keys"]) == 2
    after = a_token(gateway, client)
    assert (status(gateway, before), status(gateway, after)) == (200, 200)
