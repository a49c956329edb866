"""The authorization server as the edge asks it."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from forecourt.actions.api_key import key_digest
from forecourt.actions.entitlement_of_application import entitlement_of_application
from forecourt.actions.oauth.attempts import (
    OF_ASKING,
    OF_CLIENT_AT_ADDRESS,
    Asked,
    Attempts,
    Proof,
)
from forecourt.actions.oauth.client import HeldClient, new_secret
from forecourt.actions.oauth.rotate_secret import SecretRotated, Which, rotate_secret
from forecourt.actions.store_unavailable import StoreUnavailable
from forecourt.edge.key_sets import key_set
from forecourt.server.oauth.application import AuthorizationServer, oauth
from forecourt.server.oauth.client_authentication import ASSERTION_TYPE, ClientAuthentication
from forecourt.store.opening import Store, opened_store
from forecourt.store.url import database_url
from tests.actions.builders import a_record, a_revocation, chance, some_callers
from tests.actions.oauth.builders import NOW, RESOURCES, URL, a_client, a_key

SECRET = new_secret(chance())
OWN_KEY = ECKey.generate_key("P-256")
BY_SECRET = a_client(id="client_one", secret_sha256=key_digest(SECRET))
PUBLIC = key_set(json.dumps({"keys": [OWN_KEY.as_dict(private=False)]}))
BY_KEY = a_client(id="client_two", keys=PUBLIC)
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with opened_store(database_url(f"sqlite:///{tmp_path}/store.db")) as opened:
        for held in (BY_SECRET, BY_KEY):
            await opened.clients.add_client(held, a_record())
        yield opened


def a_server(store: Any, **fields: Any) -> AuthorizationServer:
    server = AuthorizationServer(
        store=store,
        authentication=ClientAuthentication(
            store=store,
            attempts=Attempts(),
            is_suspended=lambda held: False,
            monotonic=lambda: 0.0,
        ),
        resources=lambda: RESOURCES,
        entitled=lambda held: entitlement_of_application(
            held.application, held.client.id, some_callers()
        ),
        keys=lambda: (KEY,),
        is_served=lambda id: True,
        clock=lambda: NOW,
        entropy=chance(),
    )
    return replace(server, **fields)


KEY = a_key()


async def asked(
    server: AuthorizationServer,
    form: dict[str, str] | None = None,
    path: str = "/oauth/token",
    *,
    address: str = "192.0.2.1",
    **headers: str,
) -> httpx.Response:
    transport = httpx.ASGITransport(oauth(server))
    fields = {"forecourt-address": address} | {f"forecourt-{n}": v for n, v in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://control") as client:
        return await client.post(path, data=form or {}, headers=fields)


def by_secret(secret: str = SECRET) -> dict[str, str]:
    return {"client_id": "client_one", "client_secret": secret}


def by_key(**changed: Any) -> dict[str, str]:
    claims = {
        "iss": "client_two",
        "sub": "client_two",
        "aud": f"{URL}/oauth/token",
        "exp": int((NOW + timedelta(minutes=5)).timestamp()),
        "jti": "1",
        **changed,
    }
    text = jwt.encode({"alg": "ES256"}, claims, OWN_KEY)
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text}


def basic(name: str = "client_one", secret: str = SECRET) -> str:
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"


async def test_each_proof_gets_a_token(store: Store) -> None:
    server = a_server(store.clients)
    for answer in (
        await asked(server, {**GRANT, **by_secret()}),
        await asked(server, GRANT, authorization=basic()),
        await asked(server, {**GRANT, **by_key()}),
        await asked(server, {**GRANT, **by_key(jti="2"), "client_id": "client_two"}),
    ):
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json()["token_type"] == "Bearer"


class _Elsewhere:
    """A store that is asked over a network: meanwhile others come."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def client(self, id: str) -> HeldClient | None:
        await asyncio.sleep(0)
        return await self._store.client(id)  # type: ignore[no-any-return]


@pytest.mark.parametrize("client", ["client_one", "client_nobody"])
async def test_who_guesses_all_at_once_has_no_more_guesses(store: Store, client: str) -> None:
    server = a_server(_Elsewhere(store.clients))
    wrong = {**GRANT, **by_secret(new_secret(chance("other"))), "client_id": client}
    right = {**GRANT, **by_secret()}
    *answers, last = await asyncio.gather(
        *(asked(server, wrong) for _ in range(40)), asked(server, right)
    )
    judged = [answer for answer in answers if "retry-after" not in answer.headers]
    assert len(judged) == OF_CLIENT_AT_ADDRESS.most
    assert last.status_code == (401 if client == "client_one" else 200), "it guesses right too late"


async def test_who_proves_itself_all_at_once_is_held_up_by_nobody(store: Store) -> None:
    server = a_server(_Elsewhere(store.clients))
    right = {**GRANT, **by_secret()}
    answers = await asyncio.gather(*(asked(server, right) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}


async def test_an_assertion_counts_once_also_for_another_process(store: Store) -> None:
    form = {**GRANT, **by_key()}
    assert (await asked(a_server(store.clients), form)).status_code == 200
    again = await asked(a_server(store.clients), form)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "headers", "error"),
    [
        ({}, {}, "invalid_client"),
        (by_secret(""), {}, "invalid_client"),
        (by_secret(new_secret(chance("other"))), {}, "invalid_client"),
        (by_secret() | {"client_id": "client_two"}, {}, "invalid_client"),
        (by_secret() | {"client_id": "client_nobody"}, {}, "invalid_client"),
        (by_secret() | by_key(), {}, "invalid_request"),
        (by_secret(), {"authorization": basic()}, "invalid_request"),
        (by_key() | {"client_id": "client_one"}, {}, "invalid_request"),
        (by_key() | {"client_assertion_type": "urn:other"}, {}, "invalid_client"),
        (by_key(iss="client_one", sub="client_one"), {}, "invalid_client"),
        (by_key(aud="https://elsewhere.example"), {}, "invalid_client"),
        ({}, {"authorization": basic(secret="wrong")}, "invalid_client"),
        ({}, {"authorization": "Bearer x"}, "invalid_client"),
        ({}, {"authorization": "Basic !"}, "invalid_client"),
        ({}, {"authorization": basic(name="client_two")}, "invalid_client"),
    ],
)
async def test_nothing_else_proves_a_client(
    store: Store, form: dict[str, str], headers: dict[str, str], error: str
) -> None:
    answer = await asked(a_server(store.clients), {**GRANT, **form}, **headers)
    assert answer.json()["error"] == error
    assert answer.status_code == (401 if error == "invalid_client" else 400)
    assert ("www-authenticate" in answer.headers) == (error == "invalid_client")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("payload", [b"[" * 40_000, b'{"sub":"\\ud800"}'])
async def test_what_cannot_be_read_is_refused_and_breaks_nothing(
    store: Store, payload: bytes
) -> None:
    text = f"e30.{b64encode(payload).decode().rstrip('=')}.x"
    form = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text}
    assert (await asked(a_server(store.clients), {**GRANT, **form})).status_code == 401


async def test_who_leaves_before_the_form_is_there_breaks_nothing(store: Store) -> None:
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/oauth/token",
        "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
    }

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    said: list[Any] = []

    async def send(message: Any) -> None:
        said.append(message)

    await oauth(a_server(store.clients))(scope, receive, send)
    assert said == []


async def test_the_digest_of_a_secret_is_no_secret(store: Store) -> None:
    form = {**GRANT, **by_secret(key_digest(SECRET))}
    assert (await asked(a_server(store.clients), form)).status_code == 401


@pytest.mark.parametrize(
    ("minutes", "statuses"), [(0, (200, 200)), (59, (200, 200)), (60, (200, 401)), (99, (200, 401))]
)
async def test_both_secrets_prove_a_client_until_the_old_one_lapses(
    store: Store, minutes: int, statuses: tuple[int, int]
) -> None:
    hour = timedelta(hours=1)
    rotated = await rotate_secret(
        "client_one", hour, store=store.clients, record=a_record(NOW), entropy=chance("other")
    )
    assert isinstance(rotated, SecretRotated)
    server = a_server(store.clients, clock=lambda: NOW + timedelta(minutes=minutes))
    answers = [
        (await asked(server, {**GRANT, **by_secret(secret)})).status_code
        for secret in (rotated.secret, SECRET)
    ]
    assert tuple(answers) == statuses
    nobodys = await asked(server, {**GRANT, **by_secret(new_secret(chance("third")))})
    assert nobodys.status_code == 401


@pytest.mark.parametrize("which", list(Which))
async def test_a_secret_that_is_withdrawn_proves_nothing(store: Store, which: Which) -> None:
    rotated = await rotate_secret(
        "client_one",
        timedelta(hours=1),
        store=store.clients,
        record=a_record(NOW),
        entropy=chance("other"),
    )
    assert isinstance(rotated, SecretRotated)
    await store.clients.withdraw_secret(rotated.held.client, which, a_revocation(NOW))
    server = a_server(store.clients)
    for its, secret in ((Which.NEW, rotated.secret), (Which.OLD, SECRET)):
        answer = await asked(server, {**GRANT, **by_secret(secret)})
        assert answer.status_code == (401 if its is which else 200)
    if which is Which.NEW:
        await store.clients.withdraw_secret(
            replace(rotated.held.client, secret_sha256=None), Which.OLD, a_revocation(NOW)
        )
        for secret in ("", "0" * 64, SECRET):
            answer = await asked(server, {**GRANT, **by_secret(secret)})
            assert answer.status_code == 401, "a client without secrets is proved by none"


@pytest.mark.parametrize(("is_test", "mode"), [(True, "test"), (False, "live")])
async def test_a_token_says_whether_it_is_for_tests(store: Store, is_test: bool, mode: str) -> None:
    held = a_client(id="client_mode", secret_sha256=key_digest(SECRET), is_test=is_test)
    await store.clients.add_client(held, a_record())
    server = a_server(store.clients)
    form = by_secret() | {"client_id": "client_mode"}
    token = (await asked(server, {**GRANT, **form})).json()["access_token"]
    told = await asked(server, {**form, "token": token}, "/oauth/introspect")
    assert told.json()["forecourt_mode"] == mode
    read = jwt.decode(token, KEY.key.key, algorithms=["ES256"]).claims
    assert read.get("forecourt_mode") == ("test" if is_test else None)


async def test_a_client_that_is_stopped_gets_none(store: Store) -> None:
    server = a_server(store.clients)
    stopped = replace(
        server, authentication=replace(server.authentication, is_suspended=lambda held: True)
    )
    assert (await asked(stopped, {**GRANT, **by_secret()})).status_code == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({**GRANT, "scope": "read"}, "invalid_scope"),
        ({**GRANT, "resource": "https://elsewhere.example"}, "invalid_target"),
        ({**GRANT, "resource": f"{URL}/prices"}, "invalid_target"),
    ],
)
async def test_says_what_is_wrong(store: Store, form: dict[str, str], error: str) -> None:
    answer = await asked(a_server(store.clients), {**form, **by_secret()})
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_whoever_guesses_waits_by_address_and_client(store: Store) -> None:
    server = a_server(store.clients)
    wrong = {**GRANT, **by_secret("no")}
    statuses = [(await asked(server, wrong)).status_code for _ in range(8)]
    assert statuses == [401] * 8
    held_up = await asked(server, {**GRANT, **by_secret()})
    assert (held_up.status_code, held_up.headers["retry-after"]) == (401, "12")
    elsewhere = await asked(server, {**GRANT, **by_secret()}, address="198.51.100.7")
    assert elsewhere.status_code == 200


async def test_after_a_restart_nobody_locks_out_who_proved_itself_before(store: Store) -> None:
    form = {**GRANT, **by_secret()}
    assert (await asked(a_server(store.clients), form)).status_code == 200
    server = a_restarted_server(store)
    wrong = {**GRANT, **by_secret("no")}
    for number in range(60):
        await asked(server, wrong, address=f"203.0.113.{number}")
    stranger = await asked(server, form, address="198.51.100.7")
    assert stranger.status_code == 401, "all that are strangers wait"
    assert (await asked(server, form)).status_code == 200


async def test_a_restart_hands_nobody_fresh_guesses(store: Store) -> None:
    wrong = {**GRANT, **by_secret("no")}
    for _ in range(3):
        server = a_restarted_server(store)
        answers = [await asked(server, wrong) for _ in range(3)]
        assert ["retry-after" in answer.headers for answer in answers] == [False, True, True]


def a_restarted_server(store: Store) -> AuthorizationServer:
    authentication = replace(a_server(store.clients).authentication, attempts=Attempts(begun=0.0))
    return a_server(store.clients, authentication=authentication)


@pytest.mark.parametrize("asked_for", ["token", "revoke", "introspect"])
async def test_a_client_that_asks_too_often_reads_when_it_may(
    store: Store, asked_for: Asked
) -> None:
    server = a_server(store.clients)
    for _ in range(OF_ASKING[asked_for].most):
        server.authentication.attempts.take(asked_for, "client_one", now=0.0)
    form = {**GRANT, **by_secret(), "token": "x"}
    answer = await asked(server, form, f"/oauth/{asked_for}")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    other = await asked(server, {**GRANT, **by_key(), "token": "x"}, f"/oauth/{asked_for}")
    assert other.status_code == 200, "another client goes on"


async def test_without_a_key_that_the_edge_knows_there_is_no_token(store: Store) -> None:
    server = a_server(store.clients, is_served=lambda id: False)
    answer = await asked(server, {**GRANT, **by_secret()})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    for _ in range(OF_ASKING["token"].most):
        await asked(server, {**GRANT, **by_secret()})
    served = replace(server, is_served=lambda id: True)
    answer = await asked(served, {**GRANT, **by_secret()})
    assert answer.status_code == 200, "what it did not get, it has not used up"


async def test_without_a_store_it_says_so_and_gives_nothing() -> None:
    class Away:
        async def proofs(self, now: datetime) -> tuple[()]:
            return ()

        async def client(self, id: str) -> None:
            raise StoreUnavailable("no disk")

    answer = await asked(a_server(Away()), {**GRANT, **by_secret()})
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")


async def test_a_token_that_cannot_be_recorded_is_not_handed_out(store: Store) -> None:
    class Forgetful:
        async def proofs(self, now: datetime) -> tuple[()]:
            return ()

        async def keep_proof(self, proof: Proof) -> None:
            pass

        client = store.clients.client

        async def record_grant(self, *given: object) -> None:
            raise StoreUnavailable("no disk")

    answer = await asked(a_server(Forgetful()), {**GRANT, **by_secret()})
    assert answer.status_code == 503
    assert "access_token" not in answer.json()


async def test_a_token_of_a_clock_that_is_ahead_counts_no_longer(store: Store) -> None:
    server = a_server(store.clients)
    token = (await asked(server, {**GRANT, **by_secret()})).json()["access_token"]
    form = {"token": token, **by_secret()}
    assert (await asked(server, form, "/oauth/introspect")).json()["active"] is True

    def later() -> datetime:
        return NOW + timedelta(minutes=11)

    told = await asked(replace(server, clock=later), form, "/oauth/introspect")
    assert told.json() == {"active": False}
    assert (await asked(replace(server, clock=later), form, "/oauth/revoke")).status_code == 200
    told = await asked(server, form, "/oauth/introspect")
    assert told.json() == {"active": False}, "nor once it is set right"
