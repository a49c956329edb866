"""What the upstream receives: who calls, in our words alone, and nothing that opens a door."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream

_INTERNAL_TO_THE_EDGE = ("upstream", "reason", "deprecation", "sunset", "link")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A gateway in front of a recording upstream."""

    gateway: Gateway
    upstream: Upstream


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    deprecated = {
        "contract": "openapi.yaml",
        "status": "deprecated",
        "deprecated": "2020-01-01",
        "sunset": "2999-01-01",
    }
    with an_upstream() as upstream:
        gateway = an_estate(
            apis={
                "lamps": an_api(
                    upstream=f"{upstream.url}/lamps",
                    versions={"1": {"contract": "openapi.yaml"}, "0": deprecated},
                ),
                "stock": an_api("internal", upstream=f"{upstream.url}/stock"),
            },
            partners={"one": a_partner("lamps", enabled_features=["bulk"])},
            organization={"features": {"bulk": "enterprise"}},
            local=False,
        )
        yield Served(gateway=started_once(gateway), upstream=upstream)


def _forecourt(upstream: Upstream) -> dict[str, str]:
    """The fields that only we may say."""
    told = {n: value for n, value in upstream.last().headers if n.startswith("forecourt-")}
    for name in ("forecourt-ratelimit", "forecourt-ratelimit-policy"):
        assert told.pop(name).startswith('"minute";')
    return told


def test_a_developers_call_says_who_calls(served: Served) -> None:
    key = served.gateway.a_key(developer="ada", application="shop")
    assert served.gateway.call("/lamps/v1/things", key=key).status_code == 200
    told = _forecourt(served.upstream)
    assert told.pop("forecourt-application").startswith("app_")
    assert told.pop("forecourt-credential").startswith("key_")
    assert told == {
        "forecourt-consumer": "developer:ada",
        "forecourt-audience": "public",
        "forecourt-version": "1",
        "forecourt-operation": "GET /things",
        "forecourt-path": "/lamps/v1/things",
    }


def test_a_partners_call_says_its_features_and_scopes(served: Served) -> None:
    key = served.gateway.forecourt(
        *("key", "issue", "--partner", "one", "--application", "batch"),
        *("--scope", "things:write", "--scope", "things:read"),
    ).stdout.strip()
    assert served.gateway.call("/lamps/v1/things", key=key).status_code == 200
    told = _forecourt(served.upstream)
    assert told["forecourt-consumer"] == "partner:partner_one"
    assert told["forecourt-audience"] == "partner"
    assert told["forecourt-features"] == "bulk"
    assert told["forecourt-scopes"] == "things:read things:write"


def test_a_services_call_says_which_service(served: Served) -> None:
    assert served.gateway.call("/stock/things", service="orders").status_code == 200
    assert _forecourt(served.upstream) == {
        "forecourt-consumer": "service:orders",
        "forecourt-application": "orders",
        "forecourt-audience": "internal",
        "forecourt-credential": "spiffe:orders",
        "forecourt-path": "/stock/things",
    }


def test_a_service_is_named_internal_on_a_public_api_too(served: Served) -> None:
    assert served.gateway.call("/lamps/v1/things", service="orders").status_code == 200
    assert _forecourt(served.upstream)["forecourt-audience"] == "internal"


@pytest.mark.parametrize(
    "field",
    [
        *("Consumer", "Application", "Audience", "Credential", "Subject", "Scopes"),
        *("Features", "Version", "Path", "Anything", "Ratelimit", "Ratelimit-Policy", "Upstream"),
    ],
)
@pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
def test_what_a_caller_forges_never_arrives(served: Served, field: str, http2: bool) -> None:
    key = served.gateway.a_key(developer="mallory", application=f"{field} {http2}")
    headers = [(f"Forecourt-{field}", "forged"), (f"forecourt-{field.lower()}", "forged too")]
    answer = served.gateway.call("/lamps/v1/things", key=key, headers=headers, http2=http2)
    assert answer.status_code == 200
    assert "forged" not in str(served.upstream.last().headers)


def test_a_service_cannot_forge_either(served: Served) -> None:
    headers = {"forecourt-consumer": "service:billing", "forecourt-audience": "internal"}
    answer = served.gateway.call("/stock/things", service="orders", headers=headers)
    assert answer.status_code == 200
    assert served.upstream.last().values("forecourt-consumer") == ["service:orders"]


def test_no_credential_arrives(served: Served) -> None:
    key = served.gateway.a_key()
    gateway = served.gateway
    for headers in ({"x-api-key": key}, {"authorization": f"Bearer {key}"}):
        assert gateway.call("/lamps/v1/things", headers=headers).status_code == 200
        assert key not in str(served.upstream.last())
        assert not {"x-api-key", "authorization"} & served.upstream.last().names()
    token = gateway.a_service_token("orders")
    headers = {"x-internal-service-token": token}
    answer = gateway.call("/stock/things", listener="internal", headers=headers)
    assert answer.status_code == 200
    assert "x-internal-service-token" not in served.upstream.last().names()
    assert gateway.call("/stock/things", service="orders").status_code == 200
    assert "x-forwarded-client-cert" not in served.upstream.last().names()


def test_what_the_edge_tells_itself_does_not_arrive(served: Served) -> None:
    key = served.gateway.a_key()
    assert served.gateway.call("/lamps/v0/things", key=key).status_code == 200
    names = served.upstream.last().names()
    assert not names & {f"forecourt-{word}" for word in _INTERNAL_TO_THE_EDGE}


def test_the_path_is_that_of_the_upstream_and_the_query_is_kept(served: Served) -> None:
    key = served.gateway.a_key()
    served.gateway.call("/lamps/v1/things/7?a=1&b=%2F&a=2", key=key)
    assert served.upstream.last().path == "/lamps/things/7?a=1&b=%2F&a=2"
    assert served.upstream.last().header("forecourt-path") == "/lamps/v1/things/7?a=1&b=%2F&a=2"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_method_and_the_body_arrive_as_they_were_sent(served: Served, method: str) -> None:
    key = served.gateway.a_key(developer=f"sender-{method}")
    body = None if method in ("GET", "HEAD") else b'{"price": 1.10, "n": 12345678901234567890}'
    typed = {} if body is None else {"content-type": "application/json"}
    answer = served.gateway.call(
        "/lamps/v1/things", key=key, method=method, body=body, headers=typed
    )
    assert answer.status_code == 200
    assert served.upstream.last().method == method
    assert served.upstream.last().body == (body or b"")


def test_the_answer_is_the_upstreams_but_for_what_it_says_of_itself(served: Served) -> None:
    body = b'{"name":"1.10"}'
    said = {"content-type": "application/json", "etag": '"7"', "x-powered-by": "PHP", "server": "x"}
    served.upstream.answers(201, said, body)
    try:
        answer = served.gateway.call("/lamps/v1/things", key=served.gateway.a_key(), method="POST")
    finally:
        served.upstream.answers(200, {"content-type": "application/json"}, b"{}")
    assert answer.status_code == 201
    assert answer.content == body
    assert answer.headers["etag"] == '"7"'
    assert "x-powered-by" not in answer.headers
    assert answer.headers["server"] == "forecourt"
    assert not [name for name in answer.headers if name.startswith(("forecourt-", "x-envoy-"))]
