"""What comes in is held to the contract, by the real Envoy: the same cases as Lua's alone."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from tests.edge.lua.inward.parameter_cases import CASES, Case
from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate, as_yaml
from tests.end_to_end.eventually import SECONDS
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem
from tests.end_to_end.upstream import Upstream, an_upstream

_MB = 1024 * 1024
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_BYTES = "application/octet-stream"
_ORDER = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
_ANSWERS = {"200": {"description": "fine"}}
_NUMBERS = count()

both = pytest.mark.parametrize("http2", [False, True], ids=["http/1.1", "http/2"])
declared_or_not = pytest.mark.parametrize(
    "is_declared", [True, False], ids=["with its length", "without"]
)


def _contract() -> dict[str, Any]:
    upload = {"type": "object", "properties": {"name": {"maxLength": 3}, "file": {}}}
    contents: dict[str, Any] = {
        _JSON: {"schema": _ORDER},
        _FORM: {"schema": _ORDER},
        "multipart/form-data": {"schema": upload},
        _BYTES: {},
    }
    paths: dict[str, Any] = {
        "/orders": {
            "get": {"responses": _ANSWERS},
            "post": {
                "requestBody": {"required": True, "content": contents},
                "responses": _ANSWERS,
            },
        },
    }
    ranged = {"content": {"*/*": {"schema": _ORDER}}}
    paths["/any"] = {"post": {"requestBody": ranged, "responses": _ANSWERS}}
    for number, case in enumerate(CASES):
        template = f"/cases/{number}/{{p}}" if case.where == "path" else f"/cases/{number}"
        paths[template] = {"get": {"parameters": [case.parameter], "responses": _ANSWERS}}
    return {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": paths}


class Eager:
    """An upstream that says when the first bytes of a body are there."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        received = b""
        while received.count(b"x") < 200_000:
            received += connection.recv(65536)
            if b"\r\n\r\nx" in received:
                self.has_begun.set()
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    gateway: Gateway
    upstream: Upstream
    inside: Upstream
    eager: Eager
    key: str

    def a_newcomers_key(self) -> str:
        """One that the edge has not met."""
        return self.gateway.a_key(application=f"app {next(_NUMBERS)}", plan="fast")

    def post(
        self,
        body: bytes,
        media_type: str | None = _JSON,
        *,
        key: str | None = None,
        http2: bool = False,
        is_declared: bool = True,
        path: str = "/shop/v1/orders",
        **headers: str,
    ) -> httpx.Response:
        pieces = iter([body[i : i + 8000] for i in range(0, len(body), 8000)])
        typed = {} if media_type is None else {"content-type": media_type}
        with self.gateway.connection(http2=http2) as client:
            return client.post(
                path,
                headers={"x-api-key": key or self.key, **typed, **headers},
                content=body if is_declared else pieces,
            )


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream, an_upstream() as inside:
        eager = Eager()
        uploads = {"requestBody": {"content": {_BYTES: {}}}, "responses": _ANSWERS}
        files = {
            "apis/shop/openapi.yaml": as_yaml(_contract()),
            "apis/watched/openapi.yaml": as_yaml(_contract()),
            "apis/files/openapi.yaml": as_yaml(
                {**_contract(), "paths": {"/files": {"post": uploads}}}
            ),
        }
        fast = {"rate_limit": {"requests_per_minute": 100_000, "requests_per_day": 10_000_000}}
        estate = an_estate(
            apis={
                "shop": an_api(upstream=upstream.url),
                "files": an_api(upstream=eager.url),
                "watched": an_api(
                    "internal",
                    upstream=inside.url,
                    posture={"request_check": "observe"},
                ),
            },
            files=files,
            plans={"fast": fast},
            local=False,
        )
        gateway = started_once(estate)
        assert "error" not in gateway.said(), gateway.said()
        key = gateway.a_key(plan="fast")
        yield Served(gateway=gateway, upstream=upstream, inside=inside, eager=eager, key=key)


def _refused(answer: httpx.Response, name: str, status: int) -> list[dict[str, str]]:
    """The faults of a problem, which has the members that each has."""
    said = problem(answer.text)
    assert (said["type"], answer.status_code) == (f"urn:forecourt:problem:{name}", status)
    members = {"type", "title", "status", "detail", "request_id", "faults"}
    assert set(said) == members - (set() if "faults" in said else {"faults"})
    faults: list[dict[str, str]] = said.get("faults", [])
    return faults


# --- parameters -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    with served.gateway.connection() as client:
        yield client


def _asked(number: int, case: Case) -> tuple[str, dict[str, str]]:
    target = f"/shop/v1/cases/{number}"
    match case.where:
        case "path":
            return f"{target}/{case.sent}", {}
        case "query":
            return f"{target}?{case.sent}", {}
        case "header":
            return target, {"p": case.sent}
        case _:
            return target, {"cookie": case.sent}


@pytest.mark.parametrize(
    ("number", "case"), [*enumerate(CASES)], ids=[case.claim for case in CASES]
)
def test_judges(served: Served, client: httpx.Client, number: int, case: Case) -> None:
    target, headers = _asked(number, case)
    # Not as a URL: httpx would spell it anew.
    url = client.base_url.copy_with(raw_path=target.encode())
    request = client.build_request("GET", url, headers={"x-api-key": served.key, **headers})
    answer = client.send(request)
    if case.breaks:
        faults = _refused(answer, "parameters-invalid", 400)
        assert tuple(fault["rule"] for fault in faults) == case.breaks
        assert {fault["in"] for fault in faults} == {case.where}
    else:
        assert answer.status_code == 200, answer.text
        assert served.upstream.last().path.removeprefix("/") in target


# --- bodies ---------------------------------------------------------------------------------------


def an_order(size: int) -> bytes:
    """A JSON body of so many bytes."""
    return b'{"id":1,"x":"' + b"x" * (size - 15) + b'"}'


@both
@declared_or_not
@pytest.mark.parametrize("is_newcomer", [True, False], ids=["a newcomer's", "a known caller's"])
@pytest.mark.parametrize("media_type", [_JSON, _BYTES])
@pytest.mark.parametrize("size", [15, 40_000, 300_000, _MB])
def test_a_body_passes_up_to_the_bound(
    served: Served, size: int, media_type: str, is_newcomer: bool, http2: bool, is_declared: bool
) -> None:
    key = served.a_newcomers_key() if is_newcomer else served.key
    body = an_order(size)
    answer = served.post(body, media_type, key=key, http2=http2, is_declared=is_declared)
    assert answer.status_code == 200, answer.text
    assert served.upstream.last().body == body


# httpx reads no answer over HTTP/2 that comes before all is sent.
@declared_or_not
@pytest.mark.parametrize("is_newcomer", [True, False], ids=["a newcomer's", "a known caller's"])
@pytest.mark.parametrize("media_type", [_JSON, _BYTES, _FORM])
def test_a_byte_more_never_reaches_the_upstream(
    served: Served, media_type: str, is_newcomer: bool, is_declared: bool
) -> None:
    before = len(served.upstream.received)
    key = served.a_newcomers_key() if is_newcomer else served.key
    answer = served.post(an_order(_MB + 1), media_type, key=key, is_declared=is_declared)
    assert _refused(answer, "body-too-large", 413) == []
    assert len(served.upstream.received) == before


@declared_or_not
@pytest.mark.parametrize("is_newcomer", [True, False], ids=["a newcomer's", "a known caller's"])
@pytest.mark.parametrize(
    ("size", "http2"), [(15, False), (15, True), (40_000, False), (40_000, True), (300_000, False)]
)
def test_another_media_type_is_refused_at_once(
    served: Served, size: int, is_newcomer: bool, http2: bool, is_declared: bool
) -> None:
    key = served.a_newcomers_key() if is_newcomer else served.key
    answer = served.post(
        an_order(size), "text/plain", key=key, http2=http2, is_declared=is_declared
    )
    _refused(answer, "media-type-not-supported", 415)
    accepted = f"{_JSON}, {_FORM}, multipart/form-data, {_BYTES}"
    assert sorted(answer.headers["accept"].split(", ")) == sorted(accepted.split(", "))
    assert answer.headers["accept-post"] == answer.headers["accept"]


@both
@declared_or_not
def test_a_body_that_breaks_the_contract_is_told_why(
    served: Served, http2: bool, is_declared: bool
) -> None:
    before = len(served.upstream.received)
    answer = served.post(b'{"id":"s3cret"}', http2=http2, is_declared=is_declared)
    assert _refused(answer, "body-invalid", 422) == [
        {"in": "body", "pointer": "/id", "rule": "type", "expected": "integer"}
    ]
    assert "s3cret" not in answer.text
    assert len(served.upstream.received) == before
    assert served.gateway.logged(answer)["reason"] == "body-invalid"


@pytest.mark.parametrize(
    ("body", "media_type", "name", "status", "rules"),
    [
        (b"id=12", _FORM, None, 200, []),
        (b"id=x", _FORM, "body-invalid", 422, ["type"]),
        (b"id=%zz", _FORM, "body-unparseable", 400, ["encoding"]),
        (b"{", _JSON, "body-unparseable", 400, ["syntax"]),
        (b'{"id":1,"id":2}', _JSON, "body-unparseable", 400, ["duplicate"]),
        (b'{"id":1}\x00', _JSON, "body-unparseable", 400, ["control"]),
        (b"[" * 65, _JSON, "body-unparseable", 400, ["depth"]),
        (b"", _JSON, "body-missing", 400, ["required"]),
        (b"", _BYTES, "body-missing", 400, ["required"]),
        (b"{}", f"{_JSON}; charset=utf-16", "media-type-not-supported", 415, []),
        (b"{}", f"{_JSON}, text/html", "media-type-not-supported", 415, []),
        (b"{}", "text/json", "media-type-not-supported", 415, []),
        (b"{}", None, "media-type-not-supported", 415, []),
        (b"x", "multipart/form-data; boundary=b", "body-unparseable", 400, ["multipart"]),
        (
            b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnna\r\n--b--',
            "multipart/form-data; boundary=b",
            "body-invalid",
            422,
            ["maxLength"],
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnn\r\n--b--',
            "multipart/form-data; boundary=b",
            None,
            200,
            [],
        ),
        (b"\x00\xff", _BYTES, None, 200, []),
    ],
)
def test_bodies_of_every_kind(
    served: Served,
    body: bytes,
    media_type: str | None,
    name: str | None,
    status: int,
    rules: list[str],
) -> None:
    answer = served.post(body, media_type)
    if name is None:
        assert answer.status_code == status, answer.text
        assert served.upstream.last().body == body
    else:
        assert [fault["rule"] for fault in _refused(answer, name, status)] == rules


def test_a_form_under_a_range_does_not_pass_unread(served: Served) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nx\r\n--b--\r\n'
    for body, media_type in ((b"id=x", _FORM), (part, "multipart/form-data; boundary=b")):
        answer = served.post(body, media_type, path="/shop/v1/any")
        assert [f["rule"] for f in _refused(answer, "body-invalid", 422)] == ["type"]


def test_a_compressed_body_is_refused(served: Served) -> None:
    answer = served.post(b"\x1f\x8b", **{"content-encoding": "gzip"})
    _refused(answer, "media-type-not-supported", 415)
    assert answer.headers["accept-encoding"] == "identity"


@both
@declared_or_not
@pytest.mark.parametrize("is_newcomer", [True, False], ids=["a newcomer's", "a known caller's"])
def test_a_body_where_none_is_declared_is_refused(
    served: Served, is_newcomer: bool, http2: bool, is_declared: bool
) -> None:
    key = served.a_newcomers_key() if is_newcomer else served.key
    with served.gateway.connection(http2=http2) as client:
        answer = client.request(
            "GET",
            "/shop/v1/orders",
            headers={"x-api-key": key, "content-type": _JSON},
            content=b"{}" if is_declared else iter([b"{}"]),
        )
    assert _refused(answer, "body-unexpected", 400) == []


@both
def test_a_request_without_a_body_passes(served: Served, http2: bool) -> None:
    with served.gateway.connection(http2=http2) as client:
        answer = client.get("/shop/v1/orders", headers={"x-api-key": served.key})
    assert answer.status_code == 200
    assert served.upstream.last().header("transfer-encoding") is None


def test_what_nobody_looks_into_flows(served: Served) -> None:
    """The upstream has the first bytes before the last are sent."""
    half = b"x" * 100_000

    def pieces() -> Iterator[bytes]:
        yield half
        assert served.eager.has_begun.wait(SECONDS), "it was held back"
        yield half

    with served.gateway.connection() as client:
        length = {"content-length": str(2 * len(half))}
        answer = client.post(
            "/files/v1/files",
            headers={"x-api-key": served.key, "content-type": _BYTES, **length},
            content=pieces(),
        )
    assert answer.status_code == 200


# --- callers inside -------------------------------------------------------------------------------


def test_observing_lets_pass_and_says_what_it_would_refuse(served: Served) -> None:
    token = served.gateway.a_service_token("orders")
    with served.gateway.connection(listener="internal") as client:
        answer = client.post(
            "/watched/orders?a=1",
            headers={"x-internal-service-token": token, "content-type": _JSON},
            content=b'{"id":"x"}',
        )
    assert answer.status_code == 200
    assert served.inside.last().body == b'{"id":"x"}'
    assert served.gateway.logged(answer)["reason"] == "observed body-invalid"


# --- what a problem says --------------------------------------------------------------------------


def test_the_problem_is_json_whatever_is_in_the_name(served: Served) -> None:
    target = "/shop/v1/orders?%22%5C%3C%0A%22=1&%C3%A9" + "x" * 200
    with served.gateway.connection() as client:
        url = client.base_url.copy_with(raw_path=target.encode())
        request = client.build_request("GET", url, headers={"x-api-key": served.key})
        answer = client.send(request)
    names = [fault["name"] for fault in _refused(answer, "parameters-invalid", 400)]
    assert names == ['"\\<\n"', "é" + "x" * 62 + "…"]
    assert json.loads(answer.text)
