"""Only what a contract declares leaves, whatever the upstream sends."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from forecourt.compiler.envoy.answers import MOST_BYTES
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import a_contract, an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SECONDS, eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.raw_socket import RawServer, a_raw_server

SECRET = "margin of 40 percent"
THINGS = "/lamps/v1/things"

Json = dict[str, Any]


def _of_type(media_type: str, schema: Json | None = None) -> Json:
    return {
        "description": "an answer",
        "content": {media_type: {} if schema is None else {"schema": schema}},
    }


THING: Json = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
    },
}
PART: Json = {"type": "object", "properties": {"size": {"type": "integer"}}}
FAULT: Json = {"type": "object", "properties": {"code": {"type": "string"}}}


def contract() -> Json:
    """`/things`, which answers JSON; `/files`, which streams; `/nothing`, which says nothing."""
    document = a_contract()
    thing = _of_type("application/json", THING)
    document["components"] = {"schemas": {"Part": PART}}
    document["paths"] = {
        "/things": {
            "get": {
                "responses": {
                    "200": thing,
                    "404": _of_type("application/json", FAULT),
                    "409": {"description": "without a body"},
                }
            },
            "post": {"requestBody": _of_type("application/json"), "responses": {"201": thing}},
        },
        "/files": {
            "get": {
                "responses": {
                    "200": {
                        "description": "as they come",
                        "content": {"text/event-stream": {}, "application/octet-stream": {}},
                    }
                }
            }
        },
        "/nothing": {"delete": {"responses": {"204": {"description": "gone"}}}},
    }
    return document


@dataclass(slots=True, kw_only=True)
class Shop:
    """A gateway whose upstream answers what a test says."""

    gateway: Gateway
    upstream: RawServer
    key: str

    def answered(
        self, sends: bytes | str | Json, *, status: str = "200 OK", path: str = THINGS, **given: Any
    ) -> httpx.Response:
        """What leaves where the upstream answers so; `fields` are its own."""
        fields = {"content-type": "application/json", **given.pop("fields", {})}
        self.upstream.answer = answer(status, sends, fields)
        return self.gateway.call(path, key=self.key, **given)


def answer(status: str, body: bytes | str | Json, fields: dict[str, str]) -> bytes:
    raw = json.dumps(body) if isinstance(body, dict) else body
    raw = raw.encode() if isinstance(raw, str) else raw
    said = {"content-length": str(len(raw)), "connection": "close", **fields}
    lines = [f"HTTP/1.1 {status}", *(f"{n}: {v}" for n, v in said.items() if v), "", ""]
    return "\r\n".join(lines).encode() + raw


@pytest.fixture(scope="module")
def shop(started_once: Started) -> Iterator[Shop]:
    with a_raw_server() as upstream:
        gateway = started_once(
            an_estate(
                apis={
                    "lamps": an_api(upstream=f"{upstream.url}/lamps/"),
                    "stock": an_api("internal", upstream=f"{upstream.url}/stock/"),
                    "shelf": an_api(
                        "internal",
                        upstream=f"{upstream.url}/shelf/",
                        posture={"response_check": "filter"},
                    ),
                    "rooms": an_api(
                        "internal",
                        upstream=f"{upstream.url}/rooms/",
                        posture={"response_check": "observe"},
                    ),
                },
                plans={"fast": {"rate_limit": {"requests_per_minute": 1_000_000}}},
                files={
                    f"apis/{n}/openapi.yaml": as_yaml(contract())
                    for n in ("lamps", "rooms", "shelf")
                },
                local=False,
            )
        )
        yield Shop(gateway=gateway, upstream=upstream, key=gateway.a_key(plan="fast"))


def test_what_is_declared_leaves_byte_by_byte(shop: Shop) -> None:
    text = '{ "name" : "\\u006camp", "parts": [ {"size": 1.0e2} ] }'
    left = shop.answered(text)
    assert left.status_code == 200
    assert left.text == text
    assert left.headers["content-type"] == "application/json"


@pytest.mark.parametrize("mark", ["yes constant", "yes detailed", "yes detailed head", "no", ""])
@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "500 Oh"])
def test_no_upstream_says_to_what_its_answers_are_held(shop: Shop, status: str, mark: str) -> None:
    """The edge tells itself so in a field of the answer: whoever sends one is not heard."""
    left = shop.answered({"margin": SECRET}, status=status, fields={"forecourt-mark": mark})
    assert SECRET not in left.text
    assert "forecourt-mark" not in left.headers


def test_what_is_not_declared_stays_inside_at_every_depth(shop: Shop) -> None:
    left = shop.answered(
        {"name": "lamp", "margin": SECRET, "parts": [{"size": 1, "cost": SECRET}, {"size": 2}]},
        fields={"content-digest": "sha-256=:x:", "content-md5": "x"},
    )
    assert left.status_code == 200
    assert left.json() == {"name": "lamp", "parts": [{"size": 1}, {"size": 2}]}
    assert left.headers["content-length"] == str(len(left.content))
    assert not {"content-digest", "content-md5"} & set(left.headers), "of what did not leave"


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1", "HTTP/2"])
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b'{"name":"a","name":"b"}', {}),
        (b'{"name":"a"', {}),
        (SECRET, {}),
        (b"\xff\xfe" + SECRET.encode("utf-16-le"), {}),
        ("[" * 2000 + "]" * 2000, {}),
        (gzip.compress(b'{"name":"lamp"}'), {"content-encoding": "gzip"}),
        (b'{"name":"lamp"}', {"content-encoding": "br"}),
        (f"<p>{SECRET}</p>", {"content-type": "text/html"}),
        (b'{"name":"lamp"}', {"content-type": "text/plain"}),
        (b'{"name":"lamp"}', {"content-type": "application/problem+json"}),
        (b'{"name":"lamp"}', {"content-type": "application/json, text/html"}),
        (b'{"name":"lamp"}', {"content-type": ""}),
    ],
    ids=[
        *("a key twice", "half a body", "no JSON", "another encoding of texts", "a deep one"),
        *("gzip", "an encoding that it has not", "a page", "JSON in disguise"),
        *("a media type that is not declared", "two media types", "none"),
    ],
)
def test_what_cannot_be_held_to_the_contract_does_not_leave(
    shop: Shop, body: bytes | str, fields: dict[str, str], http2: bool
) -> None:
    left = shop.answered(body, fields={"x-debug": "secret", **fields}, http2=http2)
    assert left.status_code == 502
    said = problem(left.text)
    assert said["type"] == "urn:forecourt:problem:undeclared-answer"
    assert said["status"] == 502
    assert left.headers["content-type"] == "application/problem+json"
    assert left.headers["cache-control"] == "no-store"
    assert not {"x-debug", "content-encoding"} & set(left.headers)
    assert "reason" not in said, "what is wrong with the upstream is nobody's business outside"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *(("202 Accepted", 502), ("302 Found", 502), ("206 Partial Content", 502)),
        *(("400 Bad", 400), ("418 Teapot", 418), ("499 Odd", 499)),
    ],
)
@pytest.mark.parametrize("length", [None, ""], ids=["with a length", "without"])
def test_a_status_that_is_not_declared_says_nothing_but_whether_it_refuses(
    shop: Shop, status: str, expected: int, length: str | None
) -> None:
    fields = {"location": "http://db-7/"} | ({} if length is None else {"content-length": length})
    left = shop.answered({"name": SECRET}, status=status, fields=fields)
    assert left.status_code == expected
    assert problem(left.text)["type"] == "urn:forecourt:problem:undeclared-answer"
    assert problem(left.text)["status"] == expected
    assert problem(left.text)["request_id"] == left.headers["x-request-id"] != ""
    assert SECRET not in left.text
    assert "location" not in left.headers


def test_a_refusal_that_is_declared_is_filtered_like_any_answer(shop: Shop) -> None:
    left = shop.answered({"code": "gone", "trace": SECRET}, status="404 Not Found")
    assert (left.status_code, left.json()) == (404, {"code": "gone"})


def test_where_no_body_is_declared_none_leaves(shop: Shop) -> None:
    left = shop.answered({"trace": SECRET}, status="409 Conflict")
    assert (left.status_code, left.content) == (409, b"")
    assert "content-type" not in left.headers
    gone = shop.answered("", status="204 No Content", path="/lamps/v1/nothing", method="DELETE")
    assert (gone.status_code, gone.content) == (204, b"")


def test_not_modified_needs_no_declaration(shop: Shop) -> None:
    left = shop.answered("", status="304 Not Modified", fields={"etag": '"1"', "content-type": ""})
    assert (left.status_code, left.headers["etag"]) == (304, '"1"')


def test_the_head_of_an_answer_tells_no_size_that_it_would_not_have(shop: Shop) -> None:
    left = shop.answered("", fields={"content-length": "999"}, method="HEAD")
    assert left.status_code == 200
    assert "content-length" not in left.headers
    refused = shop.answered("", fields={"content-type": "text/html"}, method="HEAD")
    assert (refused.status_code, refused.content) == (502, b"")


def test_an_answer_that_does_not_say_its_length_is_filtered_too(shop: Shop) -> None:
    pieces = (b'{"name":"la', b'mp","margin":"', SECRET.encode(), b'"}')
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    fields = {"transfer-encoding": "chunked", "trailer": "x-t", "content-length": ""}
    left = shop.answered(chunks + b"0\r\nx-t: 1\r\n\r\n", fields=fields)
    assert (left.status_code, left.json()) == (200, {"name": "lamp"})


def test_an_answer_that_breaks_off_is_not_made_whole(shop: Shop) -> None:
    try:
        left = shop.answered(b'{"name":"lamp","margin":"', fields={"content-length": "999"})
    except httpx.RemoteProtocolError:
        return
    assert left.status_code >= 500
    assert "margin" not in left.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_large_answer_is_filtered_whole_or_not_at_all(shop: Shop, method: str) -> None:
    status = "200 OK" if method == "GET" else "201 Created"
    large = {"name": "x" * 7_000_000, "margin": SECRET}
    sent: Json = {"method": method} | ({"body": b"{}"} if method == "POST" else {})
    if method == "POST":
        sent["headers"] = {"content-type": "application/json"}
    left = shop.answered(large, status=status, **sent)
    assert left.json() == {"name": "x" * 7_000_000}
    larger = shop.answered({"name": "x" * 9_000_000}, status=status, **sent)
    assert larger.status_code == 500
    assert problem(larger.text)["type"] == "urn:forecourt:problem:answer-too-large"


@pytest.mark.parametrize(
    "media_type", ["application/json", "text/html"], ids=["declared", "one that may not leave"]
)
def test_an_answer_without_end_is_cut_off_at_its_bound_and_its_memory_given_back(
    shop: Shop, media_type: str
) -> None:
    upstream, fields = shop.upstream, {"content-type": media_type, "content-length": ""}
    upstream.endless = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    held = _allocated(shop)
    try:
        for _ in range(5):
            upstream.cut_off.clear()
            left = shop.answered("", fields={**fields, "transfer-encoding": "chunked"})
            assert left.status_code == 500
            assert problem(left.text)["type"] == "urn:forecourt:problem:answer-too-large"
            assert upstream.cut_off.wait(SECONDS), "long before the thirty seconds of a route"
    finally:
        upstream.endless = b""
    assert _allocated(shop) - held < MOST_BYTES, "less than one of the five"


def _allocated(shop: Shop) -> int:
    return int(json.loads(shop.gateway.admin("/memory"))["allocated"])


def test_a_large_head_or_many_fields_change_nothing(shop: Shop) -> None:
    fields = {f"x-field-{i}": "v" * 200 for i in range(40)}
    left = shop.answered({"name": "lamp", "margin": SECRET}, fields=fields)
    assert left.json() == {"name": "lamp"}
    assert left.headers["x-field-39"] == "v" * 200, "fields of the head are no part of this"


def test_other_media_types_leave_as_they_come(shop: Shop) -> None:
    body = bytes(range(256)) * 40
    fields = {"content-type": "application/octet-stream"}
    left = shop.answered(body, path="/lamps/v1/files", fields=fields)
    assert left.content == body
    part = {**fields, "content-range": "bytes 0-9/99"}
    left = shop.answered(body[:10], status="206 Partial", path="/lamps/v1/files", fields=part)
    assert (left.status_code, left.content) == (206, body[:10])


def test_a_stream_is_not_held_back(shop: Shop) -> None:
    """The first event is there while the upstream has not sent the second."""
    fields = {"content-type": "text/event-stream", "content-length": ""}
    upstream = shop.upstream
    upstream.answer = answer("200 OK", b"data: 1\n\n", fields)
    upstream.later = b"data: 2\n\n"
    upstream.goes_on.clear()
    try:
        with (
            shop.gateway.connection() as client,
            client.stream("GET", "/lamps/v1/files", headers={"x-api-key": shop.key}) as left,
        ):
            events = left.iter_raw()
            assert next(events) == b"data: 1\n\n"
            upstream.goes_on.set()
            assert b"".join(events) == b"data: 2\n\n"
    finally:
        upstream.later = b""


def test_an_upstream_is_not_asked_to_compress_what_is_filtered(shop: Shop) -> None:
    shop.answered({"name": "lamp"}, headers={"accept-encoding": "gzip, br"})
    assert b"accept-encoding" not in shop.upstream.requests[-1].lower()


def test_where_answers_are_not_looked_at_they_leave_as_they_are(shop: Shop) -> None:
    upstream = shop.upstream
    upstream.answer = answer("299 Odd", b"\x1f\x8b" + SECRET.encode(), {"content-encoding": "gzip"})
    with (
        shop.gateway.connection(
            listener="internal", certificate=shop.gateway.client("orders")
        ) as client,
        client.stream("GET", "/stock/things") as left,
    ):
        assert left.status_code == 299
        assert b"".join(left.iter_raw()) == b"\x1f\x8b" + SECRET.encode()
    assert b"accept-encoding" in upstream.requests[-1].lower()


def test_services_can_be_held_to_the_contract_too(shop: Shop) -> None:
    shop.upstream.answer = answer(
        "200 OK", {"name": "lamp", "margin": SECRET}, {"content-type": "application/json"}
    )
    assert shop.gateway.call("/shelf/things", service="orders").json() == {"name": "lamp"}
    nowhere = shop.gateway.call("/shelf/elsewhere", service="orders")
    assert nowhere.status_code == 404, "of which the contract could declare no answer"
    shop.upstream.answer = answer("200 OK", "<p/>", {"content-type": "text/html"})
    page = shop.gateway.call("/shelf/things", service="orders")
    assert (page.status_code, problem(page.text)["reason"]) == (502, "undeclared-media-type")


@pytest.mark.parametrize(
    ("body", "fields", "status"),
    [
        (b'{"name":"lamp","margin":40}', {}, "200 OK"),
        (b"no JSON", {}, "200 OK"),
        (b"<p>a page</p>", {"content-type": "text/html"}, "200 OK"),
        (b'{"x":1}', {}, "418 Teapot"),
        (b"", {"content-length": "0"}, "204 No Content"),
        (b"x" * 9_000_000, {}, "200 OK"),
        (b'{"name":"lamp"}', {"content-encoding": "gzip"}, "200 OK"),
    ],
)
def test_what_is_observed_leaves_as_it_came(
    shop: Shop, body: bytes, fields: dict[str, str], status: str
) -> None:
    said = {"content-type": "application/json", **fields}
    shop.upstream.answer = answer(status, body, said)
    with (
        shop.gateway.connection(
            listener="internal", certificate=shop.gateway.client("orders")
        ) as client,
        client.stream("GET", "/rooms/things") as left,
    ):
        assert str(left.status_code) == status.partition(" ")[0]
        assert b"".join(left.iter_raw()) == body


def test_what_envoy_says_itself_is_no_answer_of_the_upstream(shop: Shop) -> None:
    """A body that does not say how large it is, and is too large."""
    pieces = iter([b"[" + b" " * 600_000, b" " * 600_000 + b"]"])
    with shop.gateway.connection() as client:
        headers = {"x-api-key": shop.key, "content-type": "application/json"}
        left = client.post(THINGS, headers=headers, content=pieces)
    assert left.status_code == 413
    assert problem(left.text)["type"] == "urn:forecourt:problem:body-too-large"
    assert "forecourt-mark" not in left.headers


# --- what is told of it ---------------------------------------------------------------------------


def test_what_leaked_is_told_by_place_and_never_by_value(shop: Shop) -> None:
    shop.gateway.forecourt("leaks", "lamps", "--forget")
    body = {
        "name": 7,
        "margin": SECRET,
        "4111111111111111": SECRET,
        "parts": [{"size": 1, "cost": SECRET}, {"size": 2, "ada@example.org": SECRET}],
    }
    _told_within_seconds(shop, body, "lamps", "/parts/*/cost")
    said = shop.gateway.forecourt("leaks", "lamps@1", "--format", "json").stdout
    # Earlier tests may be told of with these.
    assert {(leak["kind"], leak["place"]) for leak in json.loads(said)} >= {
        ("undeclared", "/margin"),
        ("undeclared", "/*"),
        ("undeclared", "/parts/*/cost"),
        ("undeclared", "/parts/*/*"),
        ("mismatched", "/name"),
    }
    assert "percent" not in said
    assert "411111" not in said
    assert "example.org" not in said
    assert "was removed" in shop.gateway.forecourt("leaks", "lamps").stdout


def test_what_is_observed_is_told_as_what_would_be_removed(shop: Shop) -> None:
    shop.gateway.forecourt("leaks", "rooms", "--forget")
    body = {"name": "lamp", "margin": SECRET}
    shop.upstream.answer = answer("200 OK", body, {"content-type": "application/json"})

    def is_told() -> bool:
        left = shop.gateway.call("/rooms/things", service="orders")
        assert left.json() == body
        return "/margin" in shop.gateway.forecourt("leaks", "rooms").stdout

    eventually(is_told, what="what would be removed")
    assert "would be removed" in shop.gateway.forecourt("leaks", "rooms").stdout


def test_an_answer_that_may_not_leave_is_told_of_too(shop: Shop) -> None:
    shop.gateway.forecourt("leaks", "lamps", "--forget")

    def is_told() -> bool:
        shop.answered("<p/>", fields={"content-type": "text/html; charset=x"})
        shop.answered("{}", status="418 Teapot")
        said = shop.gateway.forecourt("leaks", "lamps").stdout
        return "media type text/html" in said and "418" in said

    eventually(is_told, what="the media type and the status")


def _told_within_seconds(shop: Shop, body: Json, api: str, place: str) -> None:
    def is_told() -> bool:
        assert shop.answered(body).status_code == 200
        return place in shop.gateway.forecourt("leaks", api).stdout

    eventually(is_told, what=f"{place} is told")


# --- why it was replaced --------------------------------------------------------------------------


_FORGED = {
    **dict.fromkeys(("forecourt-replaced", "replaced", "forecourt-reason"), "edge-fault"),
    "x-forecourt-problem": "no-example",
}


@pytest.mark.parametrize(
    ("word", "status", "sends"),
    [
        ("undeclared-status", 410, ("410 Gone", "{}", {})),
        ("undeclared-status", 502, ("203 Other", "{}", {})),
        ("undeclared-media-type", 404, ("404 Not Found", "no", {"content-type": "text/plain"})),
        ("encoded-answer", 502, ("200 OK", "{}", {"content-encoding": "gzip"})),
        ("unreadable-answer", 502, ("200 OK", "{", {})),
        ("upstream-failed", 500, ("500 Oops", "{}", {})),
        (None, 200, ("200 OK", "{}", {})),
        (None, 404, ("404 Not Found", "{}", {})),
    ],
)
def test_the_log_says_what_took_an_answers_place_whatever_the_upstream_says(
    shop: Shop, word: str | None, status: int, sends: tuple[str, str, dict[str, str]]
) -> None:
    line, body, fields = sends
    left = shop.answered(
        body,
        status=line,
        fields={**fields, **_FORGED},
        headers={"forecourt-replaced": "edge-fault", "forecourt-reason": "no-example"},
    )
    logged = shop.gateway.logged(left)
    assert (left.status_code, logged["status"]) == (status, status)
    assert (logged["replaced"], logged["reason"]) == (word, None)


def test_why_says_what_the_contract_would_have_to_declare(shop: Shop) -> None:
    left = shop.answered("no", status="404 Not Found", fields={"content-type": "text/plain"})
    shop.gateway.logged(left)
    request_id = left.headers["x-request-id"]
    told = json.loads(shop.gateway.forecourt("why", "--format", "json", request_id).stdout)
    assert (told["status"], told["reason"]) == (404, "undeclared-media-type")
    assert told["problem"] == "undeclared-answer"
    assert left.json()["type"] == "urn:forecourt:problem:undeclared-answer"
    (refused,) = (step for step in told["steps"] if step["outcome"] == "refused")
    assert refused["name"] == "upstream"
    assert any(ground.get("dimension") == "response_check" for ground in refused["grounds"])
    assert told["ways_out"][0].startswith("declare it in the contract in apis/lamps/openapi.yaml:")
