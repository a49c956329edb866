"""Credentials stand nowhere: not in what a run leaves behind, nor where others look meanwhile."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from forecourt.actions.api_key import SHOWN
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import acme
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway

_PAYMENTS, _USERS = "/v2/payments", "/users/profile"

# Whoever finds as many characters of what is not shown of a key has found a secret.
_ENOUGH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A gateway that met every kind of credential, was refused, crashed, and has ended.

    `secrets` are those it met, by what they are. `seen` is what others could look at while it ran,
    by what that is; `left` what stands in files after, by path.
    """

    secrets: Mapping[str, bytes]
    shown: bytes
    seen: Mapping[str, bytes]
    left: Mapping[Path, bytes]


@pytest.fixture(scope="module")
def run(started_once: Started) -> Run:
    gateway = acme()
    gateway.is_cold = True  # its command line and environment are looked at
    started_once(gateway)
    keys = {
        "a key": gateway.a_key(developer="grace"),
        "a revoked key": gateway.a_key(developer="grace"),
        "a test key": gateway.a_test_key(developer="grace"),
        "a partner's key": gateway.a_partner_key("partner_acme_corp"),
    }
    tokens = {
        "a service's token": gateway.a_service_token("orders"),
        "a person's token": gateway.a_token("acme-id", "app", "somebody"),
    }
    with gateway.connection() as client:
        client.get(_PAYMENTS, headers={"x-api-key": keys["a key"]})
        _use(gateway, keys, tokens)
        gateway.forecourt("key", "revoke", keys["a revoked key"])
        seen = dict(_in_sight(gateway))
        _crash(gateway)
    _use(gateway, keys, tokens)
    gateway.stop()
    return Run(
        secrets={
            **{name: key[SHOWN : SHOWN + _ENOUGH].encode() for name, key in keys.items()},
            **{name: token.rpartition(".")[2].encode() for name, token in tokens.items()},
        },
        shown=keys["a key"][:SHOWN].encode(),
        seen=seen,
        left={p: p.read_bytes() for p in gateway.home.rglob("*") if p.is_file()},
    )


def _use(gateway: Gateway, keys: Mapping[str, str], tokens: Mapping[str, str]) -> None:
    """Each where it counts, and where it does not: misspelt, on the other listener, twice."""
    for key in keys.values():
        misspelt = key[:-1] + ("a" if key[-1] != "a" else "b")
        gateway.call(_PAYMENTS, key=key)
        gateway.call(_PAYMENTS, token=key)
        gateway.call(_PAYMENTS, key=misspelt)
        gateway.call(_PAYMENTS, key=key, method="POST", body=b'{"amount": {"value": 1}}')
        gateway.call(_PAYMENTS, headers={"authorization": f"Basic {key}", "cookie": f"key={key}"})
        gateway.call("/nowhere", key=key)
        gateway.call(f"{_PAYMENTS}?api_key={key}", key=key)
        gateway.call(_USERS, service="billing", headers={"x-api-key": key})
        gateway.call(_PAYMENTS, key=key, token=tokens["a person's token"])
    for token in tokens.values():
        inward = {"x-internal-service-token": token}
        gateway.call(_PAYMENTS, token=token)
        gateway.call(_PAYMENTS, token=f"{token}x")
        gateway.call(f"/nowhere?access_token={token}")
        gateway.call(_USERS, listener="internal", headers=inward)
        gateway.call(_USERS, headers=inward)


def _in_sight(gateway: Gateway) -> Iterator[tuple[str, bytes]]:
    """What any user of the machine sees of the processes, and what metrics and Envoy say."""
    for process in (gateway.pid, gateway.envoy_pid):
        yield f"command line of {process}", Path(f"/proc/{process}/cmdline").read_bytes()
        yield f"environment of {process}", Path(f"/proc/{process}/environ").read_bytes()
    for path in ("/metrics", "/healthz"):
        yield path, gateway.operations(path).content
    for path in ("/config_dump?include_eds", "/stats", "/clusters", "/certs"):
        yield f"Envoy's {path}", gateway.admin(path).encode()


def _crash(gateway: Gateway) -> None:
    """Envoy ends as at a fault of its own, and says what it was about; another takes its place."""
    before = gateway.envoy_pid
    os.kill(before, signal.SIGABRT)
    eventually(lambda: _answers_again(gateway, before), what="another Envoy")


def _answers_again(gateway: Gateway, before: int) -> bool:
    try:
        return gateway.envoy_pid != before and gateway.call("/nowhere").status_code == 401
    except (OSError, ValueError, httpx.TransportError):
        return False


def test_the_search_would_find_them(run: Run) -> None:
    everything = [*run.left.values(), *run.seen.values()]
    assert any(run.shown in content for content in everything)
    assert {p.suffix for p in run.left} >= {".db", ".log", ".json", ".key", ".pem"}
    assert b"Caught Aborted" in b"".join(run.left.values()), "what Envoy says as it crashes"


def test_no_credential_stands_in_what_is_left_behind(run: Run) -> None:
    found = [
        (name, str(path))
        for name, secret in run.secrets.items()
        for path, content in run.left.items()
        if secret in content
    ]
    assert found == []


def test_no_credential_is_in_sight_while_it_runs(run: Run) -> None:
    found = [
        (name, place)
        for name, secret in run.secrets.items()
        for place, content in run.seen.items()
        if secret in content
    ]
    assert found == []


def test_private_keys_stand_in_files_of_their_owner_alone(run: Run) -> None:
    holding = {path for path, content in run.left.items() if b"PRIVATE KEY" in content}
    assert holding
    assert {p.stat().st_mode & 0o077 for p in holding} == {0}
    assert [place for place, content in run.seen.items() if b"PRIVATE KEY" in content] == []
