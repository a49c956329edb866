"""Limits within a caller's own: of each person, of an API, and of an operation."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem

_THINGS, _APPROVALS = "/lamps/v1/things", "/lamps/v1/things/7"


def _asked_seldom(per_minute: int) -> dict[str, Any]:
    contract = a_contract("lamps")
    contract["paths"]["/things/{id}"]["get"]["x-rate-limit"] = {"requests_per_minute": per_minute}
    return contract


_ISSUER = {
    "name": "acme-id",
    "issuer": "https://id.acme.example/",
    "jwks": "https://id.acme.example/jwks.json",
    "token_audience": "https://api.acme.example",
    "callers": "public",
    "plan": "apps",
}


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    """APIs with an operation that is asked for seldom, one that limits callers, and people."""
    return started_once(
        an_estate(
            apis={
                "lamps": an_api(
                    versions={"1": {"contract": "openapi.yaml"}, "2": {"contract": "openapi.yaml"}}
                ),
                "chairs": an_api(posture={"rate_limit": {"requests_per_minute": 4}}),
                "stock": an_api("internal"),
            },
            plans={
                "wide": {"rate_limit": {"requests_per_minute": 600}},
                "apps": {
                    "rate_limit": {
                        "requests_per_minute": 12,
                        "per_user": {"requests_per_minute": 3},
                    }
                },
            },
            partners={"one": a_partner("lamps", "chairs")},
            organization={"identity": {"issuers": [_ISSUER]}},
            files={
                "apis/lamps/openapi.yaml": as_yaml(_asked_seldom(3)),
                "apis/stock/openapi.yaml": as_yaml(_asked_seldom(3)),
            },
        )
    )


_NUMBERS = count()


def _a_key(gateway: Gateway) -> str:
    return gateway.a_key(application=f"app {next(_NUMBERS)}", plan="wide")


def _passed(call: Callable[[], httpx.Response], *, most: int = 40) -> tuple[int, httpx.Response]:
    """How many requests pass until one is refused, and its answer."""
    for passed in range(most):
        answer = call()
        if answer.status_code == 429:
            return passed, answer
        assert answer.status_code == 200, answer.text
    raise AssertionError(f"{most} passed")


def _reason(gateway: Gateway, answer: httpx.Response) -> str:
    return str(gateway.logged(answer)["reason"])


def _left(answer: httpx.Response) -> dict[str, int]:
    """What is left, by policy."""
    items = (item.split(";") for item in answer.headers["ratelimit"].split(", "))
    return {item[0].strip('"'): int(item[1].removeprefix("r=")) for item in items}


# --- an operation ---------------------------------------------------------------------------------


def test_an_operation_is_asked_for_no_oftener_than_its_contract_says(gateway: Gateway) -> None:
    key = _a_key(gateway)
    passed, answer = _passed(lambda: gateway.call(_APPROVALS, key=key))
    assert passed in (3, 4)
    assert problem(answer.text)["type"] == "urn:forecourt:problem:rate-limited"
    assert "this operation" in problem(answer.text)["detail"]
    assert answer.headers["ratelimit"].startswith('"operation";r=0;')
    assert answer.headers["ratelimit-policy"] == '"minute";q=600;w=60, "operation";q=3;w=60'
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    assert _reason(gateway, answer) == "operation-limited"


def test_what_an_operation_refuses_costs_its_caller_nothing(gateway: Gateway) -> None:
    key = _a_key(gateway)
    _passed(lambda: gateway.call(_APPROVALS, key=key))
    before = _left(gateway.call(_THINGS, key=key))["minute"]
    for _ in range(20):
        assert gateway.call(_APPROVALS, key=key).status_code == 429
    assert _left(gateway.call(_THINGS, key=key))["minute"] >= before - 1


def test_no_version_key_method_or_spelling_is_another_operation(gateway: Gateway) -> None:
    keys = [gateway.a_key(application="shared", plan="wide") for _ in range(2)]
    ways = (
        lambda key: gateway.call(_APPROVALS, key=key),
        lambda key: gateway.call("/lamps/v2/things/8", key=key),
        lambda key: gateway.call("/lamps/v1/%74hings/9?x=1", key=key),
        lambda key: gateway.call(_APPROVALS, key=key, method="HEAD"),
        lambda key: gateway.call(_APPROVALS, key=key, http2=True),
    )
    turns = (ways[i % len(ways)](keys[i % 2]) for i in count())
    passed, _ = _passed(lambda: next(turns))
    assert passed in (3, 4)


def test_operations_that_declare_none_say_nothing_of_it(gateway: Gateway) -> None:
    answer = gateway.call(_THINGS, key=_a_key(gateway))
    assert answer.headers["ratelimit-policy"] == '"minute";q=600;w=60'
    assert _left(answer).keys() == {"minute"}


def test_services_are_held_to_it_though_nothing_else_of_the_contract_holds_them(
    gateway: Gateway,
) -> None:
    passed, answer = _passed(lambda: gateway.call("/stock/things/7", service="orders"))
    assert passed in (3, 4)
    assert problem(answer.text)["reason"] == "operation-limited"
    assert gateway.call("/stock/things/7", service="billing").status_code == 200
    assert gateway.call("/stock/things", service="orders").status_code == 200
    assert gateway.call("/stock/nothing", service="orders").status_code != 429


def test_a_publish_that_leaves_it_alone_refills_no_operation(gateway: Gateway) -> None:
    key = _a_key(gateway)
    began = time.monotonic()
    passed, _ = _passed(lambda: gateway.call(_APPROVALS, key=key))
    lamps = json.loads(gateway.read("apis/lamps/api.yaml"))
    dated = {"status": "deprecated", "deprecated": "2020-01-01", "sunset": "2950-01-01"}
    lamps["versions"]["2"] |= dated
    gateway.save("apis/lamps/api.yaml", as_yaml(lamps))
    other = _a_key(gateway)
    eventually(
        lambda: "sunset" in gateway.call("/lamps/v2/things", key=other).headers, what="published"
    )
    more, _ = _passed(lambda: gateway.call(_APPROVALS, key=key))
    assert passed + more <= 3 + (time.monotonic() - began) / 20 + 1


# --- an API ---------------------------------------------------------------------------------------


def test_each_caller_asks_of_an_api_no_more_than_it_says(gateway: Gateway) -> None:
    key = _a_key(gateway)
    passed, answer = _passed(lambda: gateway.call("/chairs/v1/things", key=key))
    assert passed in (4, 5)
    assert answer.headers["ratelimit-policy"] == '"minute";q=600;w=60, "api";q=4;w=60'
    assert answer.headers["ratelimit"].startswith('"api";r=0;')
    assert _reason(gateway, answer) == "api-limited"
    assert gateway.call(_THINGS, key=key).status_code == 200, "others are not concerned"
    assert gateway.call("/chairs/v1/things", key=_a_key(gateway)).status_code == 200


def test_partners_are_held_to_what_an_api_says_where_that_is_stricter(gateway: Gateway) -> None:
    key = gateway.a_partner_key("one")
    passed, _ = _passed(lambda: gateway.call("/chairs/v1/things", key=key))
    assert passed in (4, 5)


def test_who_does_not_see_an_api_learns_of_no_limit_of_it(gateway: Gateway) -> None:
    key = gateway.a_key(application="narrow", plan="wide", api="lamps")
    answer = gateway.call("/chairs/v1/things", key=key)
    assert answer.status_code == 404
    assert answer.headers["ratelimit-policy"] == '"minute";q=600;w=60'
    assert _left(answer).keys() == {"minute"}


# --- a person -------------------------------------------------------------------------------------


def test_one_person_does_not_use_up_what_all_of_an_application_have(gateway: Gateway) -> None:
    ada, bob = (gateway.a_token("acme-id", "shop", name) for name in ("ada", "bob"))
    passed, answer = _passed(lambda: gateway.call(_THINGS, token=ada))
    assert passed in (3, 4)
    assert answer.headers["ratelimit-policy"] == '"minute";q=12;w=60, "user";q=3;w=60'
    assert answer.headers["ratelimit"].startswith('"user";r=0;')
    assert "person" in problem(answer.text)["detail"]
    assert _reason(gateway, answer) == "user-limited"
    for _ in range(10):
        assert gateway.call(_THINGS, token=ada).status_code == 429
    told = _left(gateway.call(_THINGS, token=bob))
    assert told["user"] == 2
    assert told["minute"] >= 12 * 10 // 12 - passed - 1, "who was refused took nothing"


def test_a_person_has_one_share_whatever_tokens_it_brings(gateway: Gateway) -> None:
    tokens = [gateway.a_token("acme-id", "desk", "ada") for _ in range(2)]
    turns = (gateway.call(_THINGS, token=tokens[i % 2]) for i in count())
    passed, _ = _passed(lambda: next(turns))
    assert passed in (3, 4)


def test_all_persons_together_have_what_the_application_has(gateway: Gateway) -> None:
    tokens = [gateway.a_token("acme-id", "crowd", f"person {n}") for n in range(6)]
    began, passed = time.monotonic(), 0
    for token in tokens:
        more, answer = _passed(lambda its=token: gateway.call(_THINGS, token=its))
        passed += more
    assert _reason(gateway, answer) == "rate-limited"
    assert passed <= 10 + (time.monotonic() - began) / 5 + 1


def test_a_client_that_acts_for_nobody_has_all_of_it(gateway: Gateway) -> None:
    token = gateway.a_token("acme-id", "batch")
    passed, answer = _passed(lambda: gateway.call(_THINGS, token=token))
    assert 10 <= passed <= 12
    assert _left(answer).keys() == {"minute"}


# --- what is told of it ---------------------------------------------------------------------------


def test_why_says_which_limit_refused_and_where_it_is_written(gateway: Gateway) -> None:
    key = _a_key(gateway)
    _, of_operation = _passed(lambda: gateway.call(_APPROVALS, key=key))
    _, of_api = _passed(lambda: gateway.call("/chairs/v1/things", key=key))
    token = gateway.a_token("acme-id", "asking", "ada")
    _, of_person = _passed(lambda: gateway.call(_THINGS, token=token))

    def told(answer: httpx.Response) -> str:
        gateway.logged(answer)
        return gateway.run("why", answer.headers["x-request-id"]).stdout

    text = told(of_operation)
    assert "more than 3 times a minute" in text
    assert "apis/lamps/openapi.yaml" in text
    assert "more than 4 a minute" in told(of_api)
    text = told(of_person)
    assert "`ada` had used up one person's share of plan `apps`'s 12 a minute" in text
    assert "plans.yaml" in text
