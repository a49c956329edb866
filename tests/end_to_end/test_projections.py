"""What a caller does not see of a contract is not there for it, and a mark never goes by a save."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream

_ORDERS = "/shop/v1/orders"
_OVERLAY = "apis/shop/audience.overlay.yaml"


def _contract() -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": "fine"}}
    order = {
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "margin": {"type": "integer"},
            "tier": {"enum": ["free", "gold"], "x-enum-audience": {"gold": "partner"}},
        },
        "additionalProperties": True,
    }
    body = {"content": {"application/json": {"schema": order}}}
    ours = {"properties": {"risk": {}}, "x-audience": "internal"}
    anything = {"type": "object", "additionalProperties": True}
    paid = {"required": ["paid"], "properties": {"fee": {"x-audience": "internal"}}}
    answer = {"application/json": {"schema": {"allOf": [order, ours, {"anyOf": [paid, anything]}]}}}
    told = {"200": {"description": "it", "content": answer}}
    deep = {"name": "deep", "in": "query", "schema": {"type": "integer"}, "x-audience": "internal"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/orders": {
                "get": {"parameters": [deep], "responses": answers},
                "post": {"requestBody": body, "responses": answers},
                "delete": {"x-audience": "partner", "responses": answers},
            },
            "/told": {"get": {"responses": told}},
            "/fields": {
                "get": {
                    "x-allow-unknown-parameters": True,
                    "parameters": [
                        deep,
                        {**deep, "name": "X-Discount", "in": "header"},
                        {**deep, "name": "role", "in": "cookie"},
                    ],
                    "responses": {
                        "200": {
                            "description": "it",
                            "headers": {"X-Margin": {"x-audience": "internal", "schema": {}}},
                            "content": {"application/json": {"schema": {"type": "object"}}},
                        }
                    },
                },
            },
            "/audit": {"x-audience": "internal", "get": {"responses": answers}},
            "/{page}": {
                "parameters": [{"name": "page", "in": "path", "required": True, "schema": {}}],
                "get": {"responses": answers},
            },
        },
    }


def _overlay(audience: str) -> str:
    target = "$.paths..properties.margin"
    action = {"target": target, "update": {"x-audience": audience}}
    return as_yaml({"overlay": "1.0.0", "actions": [action]})


def _a_gateway(upstream: Upstream | None = None) -> Gateway:
    url = None if upstream is None else upstream.url
    return an_estate(
        apis={"shop": an_api(upstream=url, overlays=["audience.overlay.yaml"])},
        partners={"one": a_partner("shop")},
        files={"apis/shop/openapi.yaml": as_yaml(_contract()), _OVERLAY: _overlay("partner")},
        local=upstream is None,
    )


@pytest.fixture(scope="module")
def gateway(started_once: Started) -> Gateway:
    gateway = started_once(_a_gateway())
    assert "error" not in gateway.said(), gateway.said()
    return gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A gateway, what is behind it, and the keys of a stranger and of a partner."""

    gateway: Gateway
    upstream: Upstream
    key: str
    partner_key: str


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream:
        gateway = started_once(_a_gateway(upstream))
        yield Served(
            gateway=gateway,
            upstream=upstream,
            key=gateway.a_key(),
            partner_key=gateway.a_partner_key("one"),
        )


def _status(gateway: Gateway, who: str, method: str, path: str, body: Any = None) -> int:
    caller = _caller(gateway, who)
    sent: dict[str, Any] = {}
    if body is not None:
        sent = {"body": json.dumps(body).encode(), "headers": {"content-type": "application/json"}}
    return gateway.call(path, method=method, **caller, **sent).status_code


def _caller(gateway: Gateway, who: str) -> dict[str, Any]:
    match who:
        case "public":
            return {"key": gateway.developer_key}
        case "partner":
            return {"key": gateway.partner_key("one")}
        case _:
            return {"service": "orders"}


@pytest.mark.parametrize(
    ("method", "path", "seen"),
    [
        ("GET", _ORDERS, "public partner internal"),
        ("DELETE", _ORDERS, "partner internal"),
        ("GET", "/shop/v1/audit", "internal"),
    ],
)
@pytest.mark.parametrize("who", ["public", "partner", "internal"])
def test_an_operation_is_there_for_those_who_see_it(
    gateway: Gateway, who: str, method: str, path: str, seen: str
) -> None:
    absent = 405 if path == _ORDERS else 404
    assert _status(gateway, who, method, path) == (200 if who in seen.split() else absent)


@pytest.mark.parametrize(
    "page", ["Audit", "audit;x=1", "AUDIT;", "audit.", "audit%20", "audit.json"]
)
def test_no_spelling_that_others_read_as_a_hidden_path_is_taken_for_another(
    gateway: Gateway, page: str
) -> None:
    assert _status(gateway, "public", "GET", f"/shop/v1/{page}") == 404
    assert _status(gateway, "public", "GET", f"/shop/v1/x{page}") == 200
    assert _status(gateway, "internal", "GET", f"/shop/v1/{page}") == 200


def test_allow_names_no_method_that_is_hidden(gateway: Gateway) -> None:
    refused = gateway.call(_ORDERS, method="DELETE", key=gateway.developer_key)
    assert "DELETE" not in refused.headers["allow"]


@pytest.mark.parametrize(
    ("body", "public", "partner"),
    [
        ({"id": 1, "other": 2}, 200, 200),
        ({"margin": 3}, 200, 200),
        ({"tier": "free"}, 200, 200),
        ({"tier": "gold"}, 422, 200),
    ],
    ids=["what all see", "a property for partners", "a value for all", "a value for partners"],
)
def test_a_hidden_name_answers_as_any_other_and_a_hidden_value_as_none(
    gateway: Gateway, body: Any, public: int, partner: int
) -> None:
    assert _status(gateway, "public", "POST", _ORDERS, body) == public
    assert _status(gateway, "partner", "POST", _ORDERS, body) == partner


def test_a_hidden_parameter_is_one_that_is_not_declared(gateway: Gateway) -> None:
    assert _status(gateway, "partner", "GET", f"{_ORDERS}?deep=1") == 400
    assert _status(gateway, "internal", "GET", f"{_ORDERS}?deep=1") == 200


def test_what_is_hidden_does_not_leave_even_where_anything_may_pass(served: Served) -> None:
    gateway, upstream = served.gateway, served.upstream
    body = b'{"id":1,"margin":2,"risk":3,"tier":"gold","fee":5,"other":4}'
    upstream.answers(200, {"content-type": "application/json"}, body)
    keys = served.key, served.partner_key
    seen = [gateway.call("/shop/v1/told", key=key).text for key in keys]
    assert seen == ['{"id":1,"other":4}', '{"id":1,"margin":2,"tier":"gold","other":4}']


def test_a_saved_overlay_that_shows_more_is_held_until_somebody_opens_it(
    started: Started,
) -> None:
    gateway = started(_a_gateway())
    gateway.save(_OVERLAY, _overlay("public"))
    gateway.wait_until_it_says("held: shop would open:")
    assert "public callers: the property `margin` of `POST /orders` in shop" in gateway.said()
    # Of a name that nobody has nothing is asked.
    assert _status(gateway, "public", "POST", _ORDERS, {"margin": "much"}) == 200
    gateway.forecourt("open", "shop", "--because", "no secret any more")
    eventually(
        lambda: _status(gateway, "public", "POST", _ORDERS, {"margin": "much"}) == 422,
        what="it is open",
        within=SOON,
    )


def test_hidden_parameters_and_fields_pass_neither_way(served: Served) -> None:
    """Undeclared header fields and cookies pass: what is hidden is not among them."""
    gateway, upstream = served.gateway, served.upstream
    upstream.answers(200, {"content-type": "application/json", "x-margin": "42"}, b"{}")
    key, path = served.key, "/shop/v1/fields"

    def status(path: str, **fields: str) -> int:
        return gateway.call(path, key=key, headers=fields).status_code

    assert status(f"{path}?other=1", cookie="other=1") == 200
    for hidden in ("deep=1", "deep[a]=1", "deep%5Ba=1", "%64eep=1"):
        assert status(f"{path}?a=1&{hidden}") == 200
        assert upstream.last().path.endswith("?a=1")
    for hidden in ("role=root", "role =root; a=1", "a=1;\trole=root"):
        assert status(path, cookie=hidden) == 200
        assert "root" not in str(upstream.last().headers)
    left = gateway.call(path, key=key, headers={"X-Discount": "90", "x-other": "1"})
    assert (left.status_code, left.headers.get("x-margin")) == (200, None)
    reached = dict(upstream.last().headers)
    assert "x-discount" not in reached
    assert reached["x-other"] == "1"
    inside = gateway.call(path, service="orders", headers={"X-Discount": "90"})
    assert inside.headers["x-margin"] == "42"
    assert dict(upstream.last().headers)["x-discount"] == "90"


@pytest.mark.parametrize("says_length", [True, False], ids=["with a length", "in chunks"])
@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_a_hidden_member_of_a_body_goes_no_further(
    served: Served, says_length: bool, http2: bool
) -> None:
    sent, rest = b'{"id":1,"margin":2,"x":1.10}', b'{"id":1,"x":1.10}'
    kind = {"content-type": "application/json", "content-digest": "sha-256=:x:"}
    for key, arrives in ((served.key, rest), (served.partner_key, sent)):
        body = sent if says_length else iter([sent[:9], sent[9:]])
        answer = served.gateway.call(
            _ORDERS, method="POST", key=key, body=body, headers=kind, http2=http2
        )
        received = served.upstream.last()
        assert (answer.status_code, received.body) == (200, arrives)
        assert received.header("content-length") in (None, str(len(arrives)))
        assert (received.header("content-digest") is None) is (arrives == rest)
