from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.examples import choose_example
from forecourt.estate.audience import Audience
from forecourt.server.mock import mock
from forecourt.server.serving import serving, unix_listener
from tests.contract.builders import a_contract, a_response, an_operation

ACME = Path(__file__).resolve().parents[2] / "examples" / "acme"

PATHS: dict[str, Any] = {
    "/orders/{id}": {
        "get": {
            "responses": {
                "200": {
                    "content": {
                        "application/json": {
                            "examples": {
                                "paid": {"value": {"id": 1, "total": "PAID"}},
                                'a "b"': {"value": "odd"},
                            }
                        }
                    }
                },
                "404": a_response({"status": 404}, "application/problem+json"),
            }
        },
        "delete": {"responses": {"204": a_response("ignored", "text/plain")}},
    },
    "/orders/{other}": {"put": an_operation()},
    "/orders/latest": {"get": an_operation()},
    "/orders": {"post": {"responses": {"201": a_response({"id": 2})}}},
    "/": {"get": an_operation()},
}


def client(contracts: Mapping[tuple[str, str], Contract] | None = None) -> httpx.AsyncClient:
    known = {("shop", "2"): a_contract(paths=PATHS)} if contracts is None else contracts
    application = mock(lambda api, version: known.get((api, version)), whole)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(application),
        base_url="http://mock",
        headers={"forecourt-version": "2", "forecourt-audience": "public"},
    )


def whole(contract: Contract, _: Audience) -> Contract:
    return contract


async def ask(method: str, path: str, **headers: str) -> httpx.Response:
    async with client() as http:
        return await http.request(
            method, path, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )


# --- an operation ---------------------------------------------------------------------------------


async def test_answers_with_the_example_of_the_contract() -> None:
    response = await ask("GET", "/shop/orders/7")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == {"id": 1, "total": "PAID"}


async def test_names_the_api_and_version_that_answers() -> None:
    response = await ask("GET", "/shop/orders/7")
    assert response.headers["x-forecourt-mock"] == "shop@2"


async def test_answers_an_api_without_versions() -> None:
    async with client({("users", ""): a_contract()}) as http:
        for headers in ({"forecourt-version": ""}, {}):
            http.headers = httpx.Headers({"forecourt-audience": "internal", **headers})
            response = await http.get("/users/things")
            assert response.status_code == 200
            assert response.headers["x-forecourt-mock"] == "users@"


async def test_answers_a_body_that_it_does_not_read() -> None:
    async with client() as http:
        response = await http.post("/shop/orders", content=b"x" * 1_000_000)
        assert (response.status_code, response.json()) == (201, {"id": 2})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/shop/orders/latest", {"ok": True}),
        ("/shop/orders/lat%65st", {"ok": True}),
        ("/shop/orders/a%2Fb", {"id": 1, "total": "PAID"}),
        ("/shop/orders/7?a=/latest", {"id": 1, "total": "PAID"}),
        ("/shop/", {"ok": True}),
        ("/shop", {"ok": True}),
    ],
)
async def test_finds_the_operation_that_a_path_means(path: str, body: object) -> None:
    assert (await ask("GET", path)).json() == body


async def test_finds_a_method_on_a_template_with_other_names() -> None:
    assert (await ask("PUT", "/shop/orders/7")).status_code == 200


async def test_repeats_nothing_of_the_request() -> None:
    forged = {"forecourt_consumer": "acme", "forecourt_subject": "mia", "x_own": "acme"}
    response = await ask("GET", "/shop/orders/acme", **forged)
    everything = response.text + str(response.headers)
    assert "acme" not in everything
    assert "mia" not in everything
    assert [n for n in response.headers if n.startswith("forecourt-")] == []


async def test_gives_the_same_answer_again() -> None:
    async with client() as http:
        first, second = [await http.get("/shop/orders/7") for _ in range(2)]
    assert first.content == second.content
    assert first.headers == second.headers


async def test_answers_from_the_contract_that_is_published_now() -> None:
    contracts = {("shop", "2"): a_contract()}
    async with client(contracts) as http:
        assert (await http.get("/shop/things")).json() == {"ok": True}
        operation = {"responses": {"200": a_response({"ok": "again"})}}
        contracts["shop", "2"] = a_contract(paths={"/things": {"get": operation}})
        assert (await http.get("/shop/things")).json() == {"ok": "again"}


async def test_answers_from_more_contracts_than_it_keeps_decoded() -> None:
    contracts = {
        (f"api{n}", "2"): a_contract(
            paths={"/n": {"get": {"responses": {"200": a_response(n)}}}},
        )
        for n in range(70)
    }
    async with client(contracts) as http:
        for _ in range(2):
            assert [(await http.get(f"/api{n}/n")).json() for n in range(70)] == list(range(70))


# --- who sees what --------------------------------------------------------------------------------


def without_what_is_narrower(contract: Contract, audience: Audience) -> Contract:
    """As if every path but `/orders` were for partners."""
    seen = tuple(o for o in contract.operations if o.template == "/orders")
    return replace(contract, operations=seen) if audience is Audience.PUBLIC else contract


async def ask_as(audience: str, path: str) -> httpx.Response:
    application = mock(lambda _api, _version: a_contract(paths=PATHS), without_what_is_narrower)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://mock"
    ) as http:
        return await http.post(path, headers={"forecourt-audience": audience})


async def test_answers_only_with_what_callers_of_that_audience_see() -> None:
    assert (await ask_as("public", "/shop/orders")).status_code == 201
    assert (await ask_as("public", "/shop/orders/latest")).status_code == 404
    assert (await ask_as("partner", "/shop/orders/latest")).status_code == 405


async def test_keeps_what_one_audience_sees_from_another() -> None:
    known = {("shop", "2"): a_contract(paths=PATHS)}
    application = mock(lambda api, version: known.get((api, version)), without_what_is_narrower)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application), base_url="http://mock"
    ) as http:
        statuses = [
            (
                await http.get(
                    "/shop/orders/7",
                    headers={"forecourt-audience": audience, "forecourt-version": "2"},
                )
            ).status_code
            for audience in ("partner", "public", "internal", "public")
        ]
    assert statuses == [200, 404, 200, 404]


@pytest.mark.parametrize("audience", ["", "strangers", "public,internal", "PUBLIC"])
async def test_answers_nobody_who_does_not_come_by_the_edge(audience: str) -> None:
    answer = await ask_as(audience, "/shop/orders")
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:forecourt:problem:no-audience"
    assert "x-forecourt-mock" not in answer.headers


# --- HEAD, and answers without a body -------------------------------------------------------------


async def test_answers_head_as_get_without_the_body() -> None:
    get, head = await ask("GET", "/shop/orders/7"), await ask("HEAD", "/shop/orders/7")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers


async def test_answers_head_on_nothing_without_a_body() -> None:
    head = await ask("HEAD", "/shop/nothing")
    assert (head.status_code, head.content) == (404, b"")


async def test_answers_204_without_a_body() -> None:
    response = await ask("DELETE", "/shop/orders/7")
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers


# --- Prefer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefer", "status", "body", "applied"),
    [
        ("status=404", 404, {"status": 404}, "status=404"),
        ('status="404"', 404, {"status": 404}, "status=404"),
        ("respond-async, Status = 404; x=y", 404, {"status": 404}, "status=404"),
        ("status=404, status=200", 404, {"status": 404}, "status=404"),
        ("example=paid", 200, {"id": 1, "total": "PAID"}, "example=paid"),
        ("status=200, example=paid", 200, {"id": 1, "total": "PAID"}, "status=200, example=paid"),
        ('example="a \\"b\\""', 200, "odd", 'example="a \\"b\\""'),
        ("status=503", 200, {"id": 1, "total": "PAID"}, None),
        ("status=100", 200, {"id": 1, "total": "PAID"}, None),
        ("status=²00", 200, {"id": 1, "total": "PAID"}, None),
        ("status, example=", 200, {"id": 1, "total": "PAID"}, None),
        ("example=unknown", 200, {"id": 1, "total": "PAID"}, None),
        ('note="a, status=404"', 200, {"id": 1, "total": "PAID"}, None),
        ('"', 200, {"id": 1, "total": "PAID"}, None),
    ],
)
async def test_honours_a_preference(
    prefer: str, status: int, body: object, applied: str | None
) -> None:
    async with client() as http:
        response = await http.get("/shop/orders/7", headers=[(b"prefer", prefer.encode("latin-1"))])
    assert (response.status_code, response.json()) == (status, body)
    assert response.headers.get("preference-applied") == applied


# --- values made from a schema --------------------------------------------------------------------

CARD = {
    "type": "object",
    "required": ["number", "brand"],
    "properties": {
        "number": {"type": "string", "pattern": "^[0-9]{16}$"},
        "brand": {"enum": ["visa", "amex", "maestro"]},
        "pin": {"type": "string", "writeOnly": True},
        "issued": {"type": "string", "format": "date"},
    },
}
IMPOSSIBLE = {
    "type": "object",
    "required": ["a"],
    "properties": {"a": {"$ref": "#/paths/~1none/x-s"}},
}
MADE: dict[str, Any] = {
    "/cards": {"get": {"responses": {"200": {"content": {"application/json": {"schema": CARD}}}}}},
    "/none": {
        "get": {"responses": {"200": {"content": {"application/json": {"schema": IMPOSSIBLE}}}}},
        "head": {"responses": {"204": {"content": {"application/json": {"schema": False}}}}},
        "x-s": {"type": "integer", "minimum": 2, "maximum": 1},
    },
    "/both": {
        "get": {
            "responses": {
                "200": {
                    "content": {
                        "application/xml": {"schema": CARD},
                        "application/json": {"schema": {"type": "integer"}},
                    }
                }
            }
        }
    },
}


async def ask_made(path: str, prefer: str = "", method: str = "GET") -> httpx.Response:
    async with client({("shop", "2"): a_contract(paths=MADE)}) as http:
        return await http.request(method, f"/shop{path}", headers={"prefer": prefer})


async def test_makes_a_value_where_the_contract_has_no_example() -> None:
    response = await ask_made("/cards")
    assert response.status_code == 200
    assert response.json() == {"number": "0" * 16, "brand": "visa", "issued": "2030-01-01"}
    assert "preference-applied" not in response.headers


async def test_makes_the_same_of_the_same_seed_and_others_of_others() -> None:
    first, again = [await ask_made("/cards", "seed=blue") for _ in range(2)]
    assert first.content == again.content
    assert first.headers["preference-applied"] == "seed=blue"
    seeds = [await ask_made("/cards", f"seed={n}") for n in range(10)]
    assert len({response.content for response in seeds}) == 10


@pytest.mark.parametrize("seed", ['"a b"', "é", "x" * 65, ""])
async def test_passes_over_a_seed_that_is_no_short_word(seed: str) -> None:
    async with client({("shop", "2"): a_contract(paths=MADE)}) as http:
        prefer = [(b"prefer", f"seed={seed}".encode("latin-1"))]
        response = await http.get("/shop/cards", headers=prefer)
    assert response.json()["brand"] == "visa"
    assert "preference-applied" not in response.headers


async def test_a_seed_does_not_change_an_example_of_the_contract() -> None:
    response = await ask("GET", "/shop/orders/7", prefer="seed=blue")
    assert response.json() == {"id": 1, "total": "PAID"}
    assert "preference-applied" not in response.headers


async def test_prefers_a_media_type_that_it_can_write() -> None:
    response = await ask_made("/both")
    assert (response.headers["content-type"], response.json()) == ("application/json", 0)


async def test_says_that_it_has_nothing_to_show_and_which_schema_is_why() -> None:
    response = await ask_made("/none")
    assert response.status_code == 501
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:forecourt:problem:no-example",
        "title": "The contract has no example to show",
        "status": 501,
        "detail": "no value was found for the schema at `#/paths/~1none/x-s`: no integer was found "
        "that keeps its bounds and steps; give the response an `example`",
        "request_id": "",
    }
    assert response.headers["x-forecourt-problem"] == "no-example"
    assert (await ask_made("/none")).content == response.content


async def test_says_that_no_answer_is_declared() -> None:
    async with client({("shop", "2"): a_contract(paths={"/a": {"get": {}}})}) as http:
        response = await http.get("/shop/a")
    assert response.status_code == 501
    assert response.headers["x-forecourt-problem"] == "no-example"
    assert response.json()["detail"] == (
        "no response is declared at `#/paths/~1a/get`: the edge lets nothing through that is not"
        " declared; declare the status that it answers with"
    )


async def test_a_schema_costs_nothing_where_there_is_no_body() -> None:
    assert (await ask_made("/none", method="HEAD")).status_code == 204


async def test_makes_many_at_once_without_making_any_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def counted(*arguments: Any, **options: Any) -> Any:
        made.append(options)
        return choose_example(*arguments, **options)

    monkeypatch.setattr("forecourt.server.mock.choose_example", counted)
    async with client({("shop", "2"): a_contract(paths=MADE)}) as http:
        answers = await asyncio.gather(*(http.get("/shop/cards") for _ in range(20)))
    assert {a.status_code for a in answers} == {200}
    assert len(made) == 1


@pytest.mark.slow
async def test_goes_on_after_more_seeds_than_it_keeps() -> None:
    async with client({("shop", "2"): a_contract(paths=MADE)}) as http:
        for n in range(2_100):
            answer = await http.get("/shop/cards", headers={"prefer": f"seed={n}"})
            assert answer.status_code == 200


# --- what there is not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/shop/nothing",
        "/shop/orders/",
        "/shop//orders",
        "/other/orders/7",
        "/",
        "//",
        "/shop%2Forders/7",
    ],
)
async def test_says_that_there_is_no_such_operation(path: str) -> None:
    async with client() as http:
        response = await http.get(httpx.URL("http://mock", raw_path=path.encode()))
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "urn:forecourt:problem:no-such-operation"
    assert response.json()["status"] == 404


async def test_does_not_name_an_api_that_it_does_not_know() -> None:
    response = await ask("GET", "/sh%0d%0aop/x", forecourt_version="2")
    assert response.status_code == 404
    assert "x-forecourt-mock" not in response.headers


async def test_answers_no_other_version() -> None:
    assert (await ask("GET", "/shop/orders/7", forecourt_version="1")).status_code == 404


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "BREW"])
async def test_says_which_methods_a_path_has(method: str) -> None:
    response = await ask(method, "/shop/orders/7")
    assert response.status_code == 405
    assert response.headers["allow"] == "DELETE, GET, HEAD, PUT"
    assert response.json()["type"] == "urn:forecourt:problem:no-such-operation"


# --- media types ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "example", "sent", "body"),
    [
        ("text/csv", "a,b\n1,2\n", "text/csv", b"a,b\n1,2\n"),
        ("text/plain; charset=utf-8", "é", "text/plain; charset=utf-8", "é".encode()),
        ("application/xml", {"not": "said how"}, "application/xml", b""),
        ("application/xml", "<a/>", "application/xml", b"<a/>"),
        ("application/hal+json", {"a": 1}, "application/hal+json", b'{"a":1}'),
        ("application/json; charset=utf-8", "x", "application/json; charset=utf-8", b'"x"'),
        ("*/*", {"a": 1}, "application/json", b'{"a":1}'),
        ("application/*", [1], "application/json", b"[1]"),
        ("text/*", "x", "text/plain", b"x"),
        ("image/*", "x", "application/octet-stream", b"x"),
        ("json", "x", "application/octet-stream", b"x"),
        ("text/plain\r\nset-cookie: a=b", "x", "application/octet-stream", b"x"),
        ("text/plain; a=\r\nset-cookie: a=b", "x", "application/octet-stream", b"x"),
    ],
)
async def test_sends_a_body_as_its_media_type_says(
    declared: str, example: object, sent: str, body: bytes
) -> None:
    responses = {"200": a_response(example, declared)}
    contract = a_contract(paths={"/a": {"get": {"responses": responses}}})
    async with client({("shop", "2"): contract}) as http:
        response = await http.get("/shop/a")
    assert response.headers["content-type"] == sent
    assert response.content == body
    assert "set-cookie" not in response.headers


async def test_sends_the_fields_that_a_response_declares_and_its_own() -> None:
    location = {"required": True, "schema": {"type": "string", "example": "/b"}}
    headers = {"Location": location, "X-Forecourt-Mock": {"example": "no", "schema": {}}}
    responses = {"302": {"description": "Elsewhere", "headers": headers}}
    contract = a_contract(paths={"/a": {"get": {"responses": responses}}})
    async with client({("shop", "2"): contract}) as http:
        response = await http.get("/shop/a")
    assert (response.status_code, response.headers["location"]) == (302, "/b")
    assert response.headers["x-forecourt-mock"] == "shop@2"


async def test_keeps_numbers_as_the_contract_writes_them() -> None:
    text = (
        "openapi: 3.1.0\npaths: {/a: {get: {responses: {200: {content: {application/json: "
        "{example: [1.10, 12345678901234567890]}}}}}}}\n"
    )
    async with client({("shop", "2"): a_contract(text)}) as http:
        assert (await http.get("/shop/a")).content == b"[1.10,12345678901234567890]"


# --- over a real socket ---------------------------------------------------------------------------


@pytest.fixture
async def over_a_socket(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    contract = a_contract(paths=PATHS)
    listener = unix_listener(tmp_path / "mock")
    transport = httpx.AsyncHTTPTransport(uds=str(tmp_path / "mock"), verify=False)
    headers = {"forecourt-version": "2", "forecourt-audience": "public"}
    async with (
        serving(mock(lambda _api, _version: contract, whole), listener),
        httpx.AsyncClient(transport=transport, base_url="http://mock", headers=headers) as http,
    ):
        yield http


async def test_keeps_a_connection_over_every_kind_of_answer(
    over_a_socket: httpx.AsyncClient,
) -> None:
    answers = [
        await over_a_socket.request(method, path, content=body)
        for method, path, body in [
            ("GET", "/shop/orders/7", None),
            ("HEAD", "/shop/orders/7", None),
            ("POST", "/shop/orders", b"x" * 500_000),
            ("DELETE", "/shop/orders/7", None),
            ("HEAD", "/shop/nothing", None),
            ("PATCH", "/shop/orders/7", b"{}"),
            ("GET", "/shop/orders/7", None),
        ]
    ]
    assert [a.status_code for a in answers] == [200, 200, 201, 204, 404, 405, 200]
    assert int(answers[1].headers["content-length"]) == len(answers[0].content)
    assert [a.headers.get("connection", "keep-alive") for a in answers] == ["keep-alive"] * 7


async def test_turns_a_websocket_away() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await mock(lambda _api, _version: None, whole)({"type": "websocket"}, receive, send)
    assert [m["type"] for m in sent] == ["websocket.close"]


async def test_is_quiet_when_a_caller_goes_away() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/shop/a", "headers": []}
    await mock(lambda _api, _version: None, whole)(scope, receive, send)
    assert sent == []


# --- the example estate ---------------------------------------------------------------------------

ACME_CONTRACTS = {
    ("payments", "1"): "payments/v1.openapi.yaml",
    ("payments", "2"): "payments/v2.openapi.yaml",
    ("analytics", "2023-06-01"): "analytics/2023-06-01.openapi.yaml",
    ("analytics", "2024-01-15"): "analytics/2024-01-15.openapi.yaml",
    ("users", ""): "users/openapi.yaml",
}


def acme_contract(path: str) -> Contract:
    contract, _ = read_contract((ACME / "apis" / path).read_text(), path)
    assert contract is not None
    return contract


@pytest.mark.parametrize(("api", "version"), ACME_CONTRACTS)
async def test_serves_every_example_of_the_example_estate(api: str, version: str) -> None:
    contract = acme_contract(ACME_CONTRACTS[api, version])
    served = 0
    async with client({(api, version): contract}) as http:
        for operation in contract.operations:
            path = f"/{api}{operation.template}".replace("{", "some-").replace("}", "")
            for response in operation.responses:
                status = 500 if response.status == "default" else int(response.status)
                names = [n for content in response.contents for n in content.examples]
                for prefer in [
                    f"status={status}",
                    *(f"status={status}, example={n}" for n in names),
                ]:
                    headers = {"forecourt-version": version, "prefer": prefer}
                    answer = await http.request(operation.method, path, headers=headers)
                    assert answer.status_code == status
                    assert answer.headers["preference-applied"] == prefer
                    assert bool(answer.content) is bool(response.contents)
                    served += 1
    assert served >= 2 * len(contract.operations)
