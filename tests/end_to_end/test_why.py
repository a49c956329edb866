"""`forecourt why` of requests that a running edge answered: each refusal, and those let through."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from forecourt.actions.api_key import new_key
from forecourt.compiler.deciding import refused_unread
from forecourt.compiler.refusals import Refusal
from forecourt.compiler.request_line import METHODS, RequestLine, request_line
from forecourt.edge.shared_level import SharedLevel
from tests.actions.builders import chance
from tests.compiler.test_refusals import OF_ANSWERS, lua_reasons
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, a_partner, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SOON, eventually
from tests.end_to_end.gateway import Gateway

_CONTRACT = {"contract": "openapi.yaml"}
_ENDED = {"status": "deprecated", "deprecated": "2020-01-01", "sunset": "2022-01-01"}
_PREVIEW = {"status": "preview", "feature": "early"}
_BROWNED_OUT = {
    **_ENDED,
    "sunset": str(datetime.now(UTC).date() + timedelta(days=30)),
    "brownouts": [{"before": "60d", "length": "59d"}],
}
_ISSUER = {
    "name": "acme-id",
    "issuer": "https://id.acme.example/",
    "jwks": "https://id.acme.example/jwks.json",
    "token_audience": "https://api.acme.example",
    "callers": "public",
    "plan": "shared",
}
_NOBODYS = new_key(chance("nobody"), is_test=False)


@dataclass(slots=True, kw_only=True)
class House:
    """A gateway, with keys of callers of every kind."""

    gateway: Gateway
    ada: str
    slow: str
    revoked: str
    elsewhere: str
    one: str
    two: str

    def why(self, *words: str) -> Any:
        return json.loads(self.gateway.forecourt("why", "--format", "json", *words).stdout)

    def why_of(self, answer: httpx.Response) -> Any:
        self.gateway.logged(answer)
        return self.why(answer.headers["x-request-id"])


# Equal contracts are one to the edge, whatever their titles.
_OF_ITS_OWN = {**a_contract(), "paths": {"/things": a_contract()["paths"]["/"]}}


def _judged() -> dict[str, Any]:
    """A contract in which everything can be wrong; `/words` is for the control plane to judge."""
    number = {"name": "n", "in": "path", "required": True, "schema": {"type": "integer"}}
    word = {"type": "string", "pattern": "(?=a)a"}
    contract = a_contract()
    answers = contract["paths"]["/things"]["post"]["responses"]

    def posted(schema: Any) -> dict[str, Any]:
        body = {"required": True, "content": {"application/json": {"schema": schema}}}
        return {"requestBody": body, "responses": answers}

    contract["paths"]["/numbers/{n}"] = {"get": {"parameters": [number], "responses": answers}}
    seldom = {"x-rate-limit": {"requests_per_minute": 1}, "responses": answers}
    contract["paths"]["/seldom"] = {"get": seldom}
    contract["paths"]["/orders"] = {"post": posted({"type": "object"})}
    contract["paths"]["/words"] = {"post": posted(word)}
    return contract


def _sold(*, price: Any, kinds: list[str], example: Any, **more: Any) -> dict[str, Any]:
    """A contract whose sales have such prices and kinds; `more` are further paths."""
    sale = {"type": "object", "required": ["price"], "properties": {"price": price}}
    new = {"type": "object", "properties": {"kind": {"type": "string", "enum": kinds}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewSale"}}}}
    answer = {
        "description": "a sale",
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Sale"},
                "example": {"price": example},
            }
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Sales", "version": "1"},
        "paths": {
            "/sales": {
                "get": {"responses": {"200": answer}},
                "post": {"requestBody": body, "responses": {"201": {"description": "sold"}}},
            },
            **more,
        },
        "components": {"schemas": {"Sale": sale, "NewSale": new}},
    }


_MONEY = {
    "type": "object",
    "required": ["value", "currency"],
    "properties": {"value": {"type": "string"}, "currency": {"type": "string"}},
}
_GONE = {"get": {"operationId": "listTills", "responses": {"204": {"description": "none"}}}}
_SALES = {
    "apis/sales/v1.openapi.yaml": _sold(
        price={"type": "integer"}, kinds=["walk-in", "phone"], example=4990, **{"/tills": _GONE}
    ),
    "apis/sales/v2.openapi.yaml": _sold(
        price=_MONEY, kinds=["counter"], example={"value": "49.90", "currency": "EUR"}
    ),
    "apis/sales/changes/2.yaml": {
        "version": "2",
        "summary": "Prices have a currency, and nobody sells by telephone",
        "changes": [
            {
                "convert": "price",
                "in": ["Sale"],
                "from": "minor_units",
                "to": "money",
                "currency": "USD",
                "because": "there are others",
            },
            {
                "map": "kind",
                "values": {"walk-in": "counter"},
                "in": ["NewSale"],
                "because": "nobody calls",
            },
            {"operation": "listTills", "because": "there are no tills"},
        ],
    },
}


def _post(
    house: House, path: str, body: bytes, *, key: str | None = None, below: str = "/lamps/v2"
) -> httpx.Response:
    return house.gateway.call(
        f"{below}{path}",
        method="POST",
        key=key or house.ada,
        headers={"content-type": "application/json"},
        body=body,
    )


@pytest.fixture(scope="module")
def house(started_once: Started) -> House:
    gateway = started_once(
        an_estate(
            apis={
                "lamps": an_api(
                    versions={
                        "1": {**_CONTRACT, **_ENDED},
                        "2": _CONTRACT,
                        "3": {**_CONTRACT, **_PREVIEW},
                        "4": {**_CONTRACT, **_BROWNED_OUT},
                    },
                    posture={"body_limits": {"bytes": "64 KB"}},
                ),
                "prices": an_api(
                    "partner",
                    versioning={"scheme": "header"},
                    versions={"2024-01-01": _CONTRACT, "2025-01-01": _CONTRACT},
                ),
                "ledger": an_api("partner", posture={"credentials": ["jwt"]}),
                "stock": an_api("internal", allow=["orders"]),
                "scarce": an_api(posture={"rate_limit": {"requests_per_minute": 1}}),
                "unused": an_api(),
                "sales": {
                    **an_api(
                        versions={
                            "1": {"contract": "v1.openapi.yaml"},
                            "2": {"contract": "v2.openapi.yaml"},
                        }
                    ),
                    "upstream": {"url": "http://sales.acme.example:8080", "version": "2"},
                },
            },
            files={
                "apis/unused/openapi.yaml": as_yaml(_OF_ITS_OWN),
                "apis/lamps/openapi.yaml": as_yaml(_judged()),
                **{path: as_yaml(content) for path, content in _SALES.items()},
            },
            partners={
                "one": a_partner(
                    apis={"prices": {"allowed_versions": ["2025-01-01"]}, "ledger": {}}
                ),
                "two": a_partner(
                    id="partner_two",
                    apis={"prices": {}},
                    certificates={"sha256": ["ab" * 32]},
                ),
            },
            organization={
                "features": {"early": "early access"},
                "identity": {"issuers": [_ISSUER]},
            },
            plans={
                "slow": {"rate_limit": {"requests_per_minute": 1}},
                "single": {"rate_limit": {"requests_per_minute": 600, "concurrent_requests": 1}},
                "shared": {
                    "rate_limit": {
                        "requests_per_minute": 600,
                        "per_user": {"requests_per_minute": 1},
                    }
                },
                "few": {"rate_limit": {"requests_per_minute": 6000, "requests_per_day": 1}},
                "fast": {"rate_limit": {"requests_per_minute": 10_000}},
            },
        )
    )
    revoked = gateway.a_key(developer="gone")
    gateway.forecourt("key", "revoke", revoked)
    return House(
        gateway=gateway,
        ada=gateway.a_key(plan="fast"),
        slow=gateway.a_key(developer="bob", plan="slow"),
        revoked=revoked,
        elsewhere=gateway.a_key(developer="nomad", **{"from": "203.0.113.0/24"}),
        one=gateway.a_partner_key("one"),
        two=gateway.a_partner_key("two"),
    )


def the_refusal(document: Any) -> Any:
    """The one step that refused."""
    (step,) = (s for s in document["steps"] if s["outcome"] == "refused")
    return step


# --- what is let through --------------------------------------------------------------------------


def test_a_key_that_was_let_through_is_explained_to_the_upstream(house: House) -> None:
    answer = house.gateway.call("/lamps/v2/things", key=house.ada)
    assert answer.status_code == 200
    document = house.why_of(answer)
    assert (document["is_admitted"], document["status"], document["notes"]) == (True, 200, [])
    assert (document["api"], document["api_version"]) == ("lamps", "2")
    steps = {s["name"]: s for s in document["steps"]}
    assert "of developer:ada" in steps["caller"]["says"]
    assert "plan `fast`" in steps["limit"]["says"]
    assert "the built-in mock answered 200" in steps["upstream"]["says"]


def test_a_version_that_a_field_named_is_told_though_only_its_name_was_logged(
    house: House,
) -> None:
    answer = house.gateway.call(
        "/prices/things", key=house.one, headers={"api-version": "2025-06-30"}
    )
    document = house.why_of(answer)
    assert (document["is_admitted"], document["api_version"]) == (True, "2025-01-01")
    assert document["notes"] == []


@pytest.mark.parametrize("by", ["certificate", "token"])
def test_a_service_that_was_let_through_is_told_by_its_credential(house: House, by: str) -> None:
    if by == "certificate":
        answer = house.gateway.call("/stock/things", service="orders")
    else:
        token = {"x-internal-service-token": house.gateway.a_service_token("orders")}
        answer = house.gateway.call("/stock/things", listener="internal", headers=token)
    document = house.why_of(answer)
    assert (document["is_admitted"], document["notes"]) == (True, [])
    (caller,) = (s for s in document["steps"] if s["name"] == "caller")
    assert caller["says"].startswith("service:orders by")


# --- what is refused ------------------------------------------------------------------------------


def _unavailable(house: House) -> httpx.Response:
    stranger = house.gateway.a_key(developer="late")
    with house.gateway.paused():
        return house.gateway.call("/lamps/v2/things", key=stranger)


def _limited(house: House) -> httpx.Response:
    answers = [house.gateway.call("/lamps/v2/things", key=house.slow) for _ in range(3)]
    return answers[-1]


def _after_another(house: House, path: str, **by: Any) -> httpx.Response:
    """The second of two, where one is all that may come in a minute."""
    return [house.gateway.call(path, **by) for _ in range(2)][-1]


def _beyond_a_persons_share(house: House) -> httpx.Response:
    token = house.gateway.a_token("acme-id", "app", "somebody")
    return _after_another(house, "/lamps/v2/things", token=token)


def _one_too_many(house: House) -> httpx.Response:
    """While another of the caller waits for its body, once each worker knows whose it is."""
    key = house.gateway.a_key(developer="sue", plan="single")
    head = "POST /lamps/v2/orders HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n"
    fields = f"content-type: application/json\r\nx-api-key: {key}\r\n\r\n"

    def refused() -> httpx.Response | None:
        with house.gateway.socket() as waiting:
            waiting.sendall(f"{head}{fields}".encode())
            time.sleep(0.05)
            answer = house.gateway.call("/lamps/v2/things", key=key)
        return answer if answer.status_code == 429 else None

    return eventually(refused, what="another is under way")


def _exhausted(house: House) -> httpx.Response:
    key = house.gateway.a_key(developer="fay", plan="few")

    def refused() -> httpx.Response | None:
        answer = house.gateway.call("/lamps/v2/things", key=key)
        return answer if answer.status_code == 429 else None

    return eventually(refused, what="its quota was counted")


def _shed(house: House) -> httpx.Response:
    level = SharedLevel(house.gateway.state / "run" / "buckets")
    level.say(100.0, till=time.monotonic() + 5)
    try:
        return house.gateway.call("/lamps/v2/things", key=house.ada)
    finally:
        level.say(0.0, till=0.0)


def _without_the_contract(house: House) -> httpx.Response:
    """The edge has a contract in memory from its first use; this version's nobody used yet."""
    folder = house.gateway.state / "contracts"
    folder.rename(folder.with_name("hidden"))
    try:
        return house.gateway.call("/unused/v1/things", key=house.ada)
    finally:
        folder.with_name("hidden").rename(folder)


def _with_nobody_to_judge(house: House) -> httpx.Response:
    assert house.gateway.call("/lamps/v2/things", key=house.ada).status_code == 200
    with house.gateway.paused():
        return _post(house, "/words", b'"a"')


def _with_too_much_to_judge(house: House) -> httpx.Response:
    key = house.gateway.a_key(developer="eve", plan="fast")
    answers = (_post(house, "/words", b'"a"', key=key) for _ in range(100))
    return next(answer for answer in answers if answer.status_code == 429)


def _blocked(house: House) -> httpx.Response:
    key = house.gateway.a_key(developer="mallory")
    house.gateway.forecourt("block", "add", "developer:mallory")

    def refused() -> httpx.Response | None:
        answer = house.gateway.call("/lamps/v2/things", key=key)
        return answer if answer.status_code == 403 else None

    return eventually(refused, what="the edge heard of the block")


_MADE: dict[Refusal, tuple[str, Callable[[House], httpx.Response]]] = {
    Refusal.MISSING: ("caller", lambda h: h.gateway.call("/lamps/v2/things")),
    Refusal.MALFORMED: ("caller", lambda h: h.gateway.call("/lamps/v2/things", key="nonsense")),
    Refusal.UNKNOWN: ("caller", lambda h: h.gateway.call("/lamps/v2/things", key=_NOBODYS)),
    Refusal.UNAVAILABLE: ("caller", _unavailable),
    Refusal.TWO_CALLERS: (
        "caller",
        lambda h: h.gateway.call("/lamps/v2/things", key=h.ada, token=h.one),
    ),
    Refusal.BLOCKED: ("caller", _blocked),
    Refusal.ADDRESS_NOT_ALLOWED: (
        "address",
        lambda h: h.gateway.call("/lamps/v2/things", key=h.elsewhere),
    ),
    Refusal.CERTIFICATE_REQUIRED: (
        "certificate",
        lambda h: h.gateway.call("/prices/x", key=h.two),
    ),
    Refusal.NOT_FOUND: ("route", lambda h: h.gateway.call("/nothing", key=h.ada)),
    Refusal.NOT_GRANTED: ("entitlement", lambda h: h.gateway.call("/lamps/v2/x", key=h.one)),
    Refusal.NOT_ALLOWED: (
        "allow list",
        lambda h: h.gateway.call("/stock/things", service="billing"),
    ),
    Refusal.CREDENTIAL_NOT_ACCEPTED: (
        "credential",
        lambda h: h.gateway.call("/ledger/v1/things", key=h.one),
    ),
    Refusal.NO_SUCH_VERSION: (
        "version",
        lambda h: h.gateway.call("/lamps/v3/things", key=h.ada),
    ),
    Refusal.BROWNOUT: ("version", lambda h: h.gateway.call("/lamps/v4/things", key=h.ada)),
    Refusal.VERSION_NOT_NAMED: (
        "version",
        lambda h: h.gateway.call("/prices/x", key=h.one, headers={"api-version": "2024-01-01"}),
    ),
    Refusal.RETIRED: ("version", lambda h: h.gateway.call("/lamps/v1/things", key=h.ada)),
    Refusal.NO_SUCH_OPERATION: (
        "operation",
        lambda h: h.gateway.call("/lamps/v2/nothing/at/all", key=h.ada),
    ),
    Refusal.METHOD_NOT_DECLARED: (
        "operation",
        lambda h: h.gateway.call("/lamps/v2/things/7", method="PUT", key=h.ada),
    ),
    Refusal.OPERATION_GONE: (
        "operation",
        lambda h: h.gateway.call("/sales/v1/tills", key=h.ada),
    ),
    Refusal.CONTRACT_MISSING: ("operation", _without_the_contract),
    Refusal.SCOPE_MISSING: (
        "scope",
        lambda h: h.gateway.call("/lamps/v2/approvals", key=h.ada),
    ),
    Refusal.BODY_TOO_LARGE: (
        "body",
        lambda h: h.gateway.call("/lamps/v2/things", method="POST", key=h.ada, body=b"x" * 70_000),
    ),
    Refusal.PARAMETERS_INVALID: (
        "contract",
        lambda h: h.gateway.call("/lamps/v2/numbers/one", key=h.ada),
    ),
    Refusal.BODY_MISSING: ("contract", lambda h: _post(h, "/orders", b"")),
    Refusal.BODY_UNEXPECTED: (
        "contract",
        lambda h: h.gateway.call("/lamps/v2/things", key=h.ada, body=b"{}"),
    ),
    Refusal.BODY_UNPARSEABLE: ("contract", lambda h: _post(h, "/orders", b"{")),
    Refusal.BODY_INVALID: ("contract", lambda h: _post(h, "/orders", b"1")),
    Refusal.MEDIA_TYPE_NOT_SUPPORTED: (
        "contract",
        lambda h: h.gateway.call("/lamps/v2/orders", method="POST", key=h.ada, body=b"{}"),
    ),
    Refusal.NOT_REPRESENTABLE: (
        "contract",
        lambda h: _post(h, "/sales", b'{"kind": "phone"}', below="/sales/v1"),
    ),
    Refusal.CANNOT_JUDGE: ("contract", _with_nobody_to_judge),
    Refusal.CHECK_LIMITED: ("contract", _with_too_much_to_judge),
    Refusal.METHOD: (
        "request",
        lambda h: h.gateway.call("/lamps/v2/things", method="TRACE", key=h.ada),
    ),
    Refusal.AMBIGUOUS_PATH: (
        "request",
        lambda h: h.gateway.call("/lamps/v2/a%3bb", key=h.ada),
    ),
    Refusal.RATE_LIMITED: ("limit", _limited),
    Refusal.USER_LIMITED: ("limit", _beyond_a_persons_share),
    Refusal.CONCURRENCY_LIMITED: ("limit", _one_too_many),
    Refusal.API_LIMITED: (
        "API limit",
        lambda h: _after_another(h, "/scarce/v1/things", key=h.ada),
    ),
    Refusal.OPERATION_LIMITED: (
        "call limit",
        lambda h: _after_another(h, "/lamps/v2/seldom", key=h.ada),
    ),
    Refusal.QUOTA_EXHAUSTED: ("limit", _exhausted),
    Refusal.SHED: ("limit", _shed),
}


def test_every_refusal_of_the_gate_is_tried_and_429_too() -> None:
    takes_a_flood = {"overloaded"}  # tests/end_to_end/test_bodies.py
    there_are = lua_reasons() - OF_ANSWERS - takes_a_flood
    assert {r.word for r in _MADE} == there_are | {"rate-limited"}


@pytest.mark.parametrize("refusal", _MADE, ids=lambda refusal: refusal.word)
def test_a_refusal_is_explained_as_the_edge_meant_it(house: House, refusal: Refusal) -> None:
    step, make = _MADE[refusal]
    answer = make(house)
    assert answer.status_code == refusal.status, answer.text
    document = house.why_of(answer)
    assert (document["reason"], document["status"]) == (refusal.word, refusal.status)
    assert answer.json()["type"] == f"urn:forecourt:problem:{document['problem']}"
    assert the_refusal(document)["name"] == step
    assert document["ways_out"]
    assert document["notes"] == []


def test_an_answer_that_has_no_equal_is_explained(house: House) -> None:
    answer = house.gateway.call("/sales/v1/sales", key=house.ada)
    assert answer.status_code == 406, answer.text
    document = house.why_of(answer)
    assert the_refusal(document)["name"] == "upstream"
    assert "answer-not-representable" in str(document)


def test_no_key_is_repeated(house: House) -> None:
    answer = house.gateway.call(f"/lamps/v2/things?key={house.ada}", key=house.ada)
    house.gateway.logged(answer)
    said = house.gateway.forecourt("why", answer.headers["x-request-id"]).output
    said += house.gateway.forecourt("why", "--as", house.ada, "GET", "/lamps/v2/things").output
    assert house.ada[12:-4] not in said


# --- what was not asked ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "path", "header"),
    [
        ("ada", "/lamps/v2/things", None),
        ("ada", "/lamps/v1/things", None),
        ("ada", "/prices/things", None),
        ("revoked", "/lamps/v2/things", None),
        ("one", "/prices/things", None),
        ("one", "/prices/things", "2024-01-01"),
        ("one", "/lamps/v2/things", None),
        ("one", "/ledger/v1/things", None),
        ("two", "/prices/things", None),
        ("two", "/nothing", None),
    ],
)
def test_a_request_not_made_ends_as_one_that_is(
    house: House, who: str, path: str, header: str | None
) -> None:
    key = getattr(house, who)
    fields = {} if header is None else {"api-version": header}
    made = house.gateway.logged(house.gateway.call(path, key=key, headers=fields))
    option = () if header is None else ("--header", f"API-Version: {header}")
    told = house.why("--as", key[:12], *option, "GET", path)
    assert told["reason"] == made["reason"]
    if made["reason"] is None:
        assert told["api_version"] == made["version"]
    else:
        assert told["status"] == made["status"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/lamps/v2/numbers/1", None),
        ("/lamps/v2/numbers/one", "path `n`: type (expected integer)"),
        ("/lamps/v2/numbers/%31", None),
        ("/lamps/v2/numbers/1?limit=x", None),
    ],
)
def test_path_and_query_of_a_request_not_made_are_judged_by_the_edges_own_code(
    house: House, path: str, says: str | None
) -> None:
    made = house.gateway.logged(house.gateway.call(path, key=house.ada))
    told = house.why("--as", house.ada[:12], "GET", path)
    assert told["reason"] == made["reason"] == (None if says is None else "parameters-invalid")
    if says is not None:
        assert says in the_refusal(told)["says"]
        assert told["status"] == made["status"]


_LINES = (
    *(
        "/lamps/v2\\things",
        "/lamps/v2/x/..//things",
        "/lamps/v2/a;/../things",
        "/lamps/v2/..;/v2/a",
    ),
    *(
        "/%6camps/v2/%2e/things",
        "/lamps/v2/x\\..;/things",
        "/lamps/v2/%2e%2e;/a",
        "/lamps/v2/..;%2fa",
    ),
    *(
        "/lamps/v2/things#a",
        "/lamps/v2/things?a=b#c",
        "/lamps/v2/things?\u00e9",
        "/lamps/v2/\u00e4",
    ),
    *(
        "/lamps/v2/l\x7f",
        "/lamps/v2/things?x y",
        "/lamps/v2/a%2fb",
        "/lamps/v2/.;%00",
        "/lamps/v2/%00",
    ),
    *(
        '/lamps/v2/{a}|<b>^`"',
        "/lamps/v2/%zz",
        "/lamps/v2//",
        "///",
        "/lamps/v2/%3b?%2f//\\",
        "/??",
    ),
    *(
        "/lamps/v2/%c3%a9/%7e/%09",
        "/lamps/v2/things?" + "a" * 70_000,
        "/.;\\x/b",
        "/../..",
        "/a/..?/..",
    ),
)
_NO_METHODS = ("BREW", "CONNECT", "TRACK", "M-SEARCH", "get", "Get", "QUERY")


def _status(line: RequestLine) -> int:
    """What a request that brings no credential is answered."""
    if line.fault is not None:
        return line.fault.refusal.status
    return (refused_unread(line.method, line.path) or Refusal.MISSING).status


def test_a_request_line_is_read_as_the_edge_reads_it(house: House) -> None:
    asked = [
        *(("GET", target) for target in _LINES),
        *((method, "/lamps/v2/things") for method in (*sorted(METHODS), *_NO_METHODS)),
    ]
    paths = {}
    for method, target in asked:
        line = request_line(method, target)
        head = f"{method} {target} HTTP/1.1\r\nhost: localhost\r\n\r\n"
        answer = house.gateway.raw(head.encode(), method=method)
        assert answer is not None
        assert answer.status == _status(line), (method, target)
        if line.fault is not None:
            assert answer.json()["type"] == f"urn:forecourt:problem:{line.fault.refusal.problem}"
            assert answer.json()["request_id"] is None
            assert "x-request-id" not in answer.headers
        else:
            paths[answer.headers["x-request-id"]] = line.path
    logged = eventually(
        lambda: paths.keys() <= {found["request_id"] for found in house.gateway.access_log()},
        what="a line in the access log about each",
    )
    assert logged
    for found in house.gateway.access_log():
        if (path := paths.get(found["request_id"])) is not None:
            assert found["path"].partition("?")[0] == path


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/lamps/v2\\things", 200),
        ("GET", "/lamps/v2/a;/../things", 200),
        ("GET", "/lamps/v2/things?x y", 400),
        ("get", "/lamps/v2/things", 400),
    ],
)
def test_an_odd_line_of_a_request_not_made_ends_as_one_that_is(
    house: House, method: str, target: str, status: int
) -> None:
    head = f"{method} {target} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {house.ada}\r\n\r\n"
    made = house.gateway.raw(head.encode())
    assert made is not None
    told = house.why("--as", house.ada[:12], method, target)
    assert made.status == (told["status"] or 200) == status


def test_a_body_of_a_request_not_made_is_left_open(house: House) -> None:
    told = house.why("--as", house.ada[:12], "POST", "/lamps/v2/orders")
    assert told["is_admitted"]
    (contract,) = (s for s in told["steps"] if s["name"] == "contract")
    assert contract["outcome"] == "not judged"
    assert "its body" in contract["says"]


def test_a_key_that_is_revoked_says_when_it_was(house: House) -> None:
    told = house.why("--as", house.revoked[:12], "GET", "/lamps/v2/things")
    assert "was revoked on 20" in the_refusal(told)["says"]
    assert told["ways_out"][0].startswith("issue another: forecourt key issue --developer gone")


def test_what_was_narrowed_when_it_was_refused_is_told_after_it_was_opened(house: House) -> None:
    gateway = house.gateway

    def answered(status: int) -> httpx.Response | None:
        answer = gateway.call("/lamps/v2/things", key=house.ada)
        return answer if answer.status_code == status else None

    gateway.forecourt("narrow", "lamps", "--to", "internal", "--because", "a leak")
    refused = eventually(lambda: answered(404), what="narrowed", within=SOON)
    gateway.forecourt("open", "lamps", "--because", "mended")
    assert eventually(lambda: answered(200), what="open again", within=SOON)
    document = house.why_of(refused)
    assert the_refusal(document)["name"] == "route"
    assert "`lamps` was narrowed to internal by hand, by " in the_refusal(document)["says"]
    assert "`lamps`, narrowed by hand then and open again" in document["notes"][0]
    assert document["ways_out"] == [f"it is done: revision {gateway.revision()} lets it through"]


# --- what changed since ---------------------------------------------------------------------------


def test_a_refusal_is_explained_by_what_was_served_then_and_says_what_is_now(
    house: House,
) -> None:
    gateway = house.gateway
    refused = gateway.call("/stock/things", service="billing")
    gateway.logged(refused)
    path = "apis/stock/api.yaml"
    before = gateway.read(path)
    gateway.change(path, '"orders"\n', '"orders", "billing"\n')
    gateway.wait_until_it_says("forecourt open stock")
    waiting = house.why_of(refused)
    assert the_refusal(waiting)["name"] == "allow list"
    assert waiting["ways_out"][0].startswith("it is written, and not published")
    gateway.forecourt("open", "stock", "--because", "billing asks")
    opened = house.why_of(refused)
    assert opened["serving"] > opened["revision"]
    assert the_refusal(opened)["name"] == "allow list"
    assert len(opened["notes"]) == 1
    assert opened["ways_out"] == [f"it is done: revision {opened['serving']} lets it through"]
    serving = gateway.revision()
    gateway.save(path, before)
    gateway.wait_for_revision(serving + 1)


def test_of_http_2_a_method_that_nobody_knows_comes_as_far_as_the_contract(house: House) -> None:
    answer = house.gateway.call("/lamps/v2/things", method="BREW", key=house.ada, http2=True)
    assert house.gateway.logged(answer)["reason"] == "method-not-declared"
