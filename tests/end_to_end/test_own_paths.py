"""What the gateway answers itself never reaches an API, whoever stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx
import pytest

from forecourt.estate.own_paths import INTERNAL_TOKEN_PATH, OAUTH_PATHS
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")
QUERIES = ("?", "?x=1", "??", "?/..", "?;", "?grant_type=client_credentials")
BELOW = ("/", "/?x", "/x", ";", ";x=y?z", "/%2e", "/./", "//")


def spellings(path: str) -> tuple[str, ...]:
    """Others that many servers read as the same path."""
    _, *steps = path.split("/")
    encoded = "/".join(["", *(f"%{ord(step[0]):02x}{step[1:]}" for step in steps)])
    return (
        *(f"/{path}", f"/.{path}", f"/x/..{path}", f"/x/%2e%2e{path}", encoded),
        *(path.replace("/", "//"), f"/x/..;{path}", f"{path}%00"),
        *(f"/{'%2f'.join(steps)}", f"/{chr(92).join(steps)}", f"/{'%5c'.join(steps)}"),
    )


def anything() -> str:
    """A contract by which each path may be called in each way."""
    operation = {"responses": {"200": {"description": "what there is"}}}
    names = [f"p{i}" for i in range(4)]
    paths = {}
    for i in range(1, len(names) + 1):
        told = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names[:i]
        ]
        template = "".join(f"/{{{name}}}" for name in names[:i])
        methods = (m.lower() for m in METHODS if m != "PROPFIND")
        paths[template] = {"parameters": told, **dict.fromkeys(methods, operation)}
    return as_yaml({**a_contract("Around"), "paths": paths})


@dataclass(frozen=True, kw_only=True)
class Served:
    """`callers` may call the API that stands around everything, one on each listener."""

    gateway: Gateway
    upstream: Upstream
    callers: Mapping[str, httpx.Client]

    def status(self, path: str, method: str, listener: str) -> int:
        as_written = {"target": path.encode()}  # httpx would resolve dots and two slashes
        status = self.callers[listener].request(method, "/", extensions=as_written).status_code
        assert status != 429, "nothing would be shown by that"
        return status

    def reaches_the_api(self, path: str, method: str, listener: str) -> bool:
        self.upstream.received.clear()
        self.status(path, method, listener)
        return bool(self.upstream.received)


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream:
        header = {"scheme": "header"}
        around = an_api(upstream=upstream.url, path="/", versioning=header)
        gateway = an_estate(
            apis={"around": around},
            plans={"fast": {"rate_limit": {"requests_per_minute": 10_000_000}}},
            files={"apis/around/openapi.yaml": anything()},
            local=False,
        )
        started_once(gateway)
        key = gateway.a_key(application="around", plan="fast")
        for attacker in (key, "127.0.0.1"):  # what they do would have them blocked
            gateway.forecourt("block", "spare", attacker)
        orders = gateway.client("orders")
        with (
            gateway.connection() as outside,
            gateway.connection(listener="internal", certificate=orders) as inside,
        ):
            outside.headers["x-api-key"] = key
            callers = {"external": outside, "internal": inside}
            yield Served(gateway=gateway, upstream=upstream, callers=callers)


def assert_none_is_an_apis(served: Served) -> None:
    """Each with its query, what is below it, and each method."""
    own = [("external", path) for path in OAUTH_PATHS] + [("internal", INTERNAL_TOKEN_PATH)]
    for listener, path in own:
        for method in METHODS:
            assert not served.reaches_the_api(path, method, listener), (method, path)
        for form in (*(path + more for more in (*QUERIES, *BELOW)), *spellings(path)):
            for method in ("GET", "POST"):
                assert not served.reaches_the_api(form, method, listener), (method, form)


def test_without_a_client_nothing_of_it_reaches_an_api(served: Served) -> None:
    assert served.reaches_the_api("/oauth/tokens", "POST", "external")
    assert served.reaches_the_api("/internal/tokens", "POST", "internal")
    assert_none_is_an_apis(served)
    assert {served.status(path, "POST", "external") for path in OAUTH_PATHS} == {404}


def test_with_one_it_is_answered_with_any_query_and_nothing_below_it(served: Served) -> None:
    served.gateway.forecourt("client", "add", "--developer", "ada", "--application", "shop")
    eventually(
        lambda: served.status("/oauth/jwks", "GET", "external") == 200, what="the own server"
    )
    assert_none_is_an_apis(served)
    for query in QUERIES:
        assert served.status(f"/oauth/jwks{query}", "GET", "external") == 200
        assert served.status(f"/oauth/token{query}", "POST", "external") in {400, 401}
        assert served.status(f"{INTERNAL_TOKEN_PATH}{query}", "POST", "internal") == 200
    for below in ("/", "/x", ";x"):
        assert served.status(f"/oauth/jwks{below}", "GET", "external") == 404
