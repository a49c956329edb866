"""Refusals: the same for every stranger, plain inside, and never more telling than they must be."""

from __future__ import annotations

import subprocess

import pytest

from forecourt.actions.api_key import new_key
from tests.docs.estates import follow, ports_of
from tests.docs.pages import blocks, page
from tests.docs.terminal import a_terminal
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem, without_its_id

_SECURITY = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_OUTSIDE = {**_SECURITY, "strict-transport-security": "max-age=63072000; includeSubDomains"}

# A sound key that nobody was given here.
_UNKNOWN = new_key(lambda size: b"\x07" * size, is_test=False)


def test_a_stranger_reads_the_same_whatever_is_wrong_with_a_credential(
    running_acme: Gateway,
) -> None:
    revoked = running_acme.a_key(developer="gone")
    running_acme.forecourt("key", "revoke", revoked)
    answers = [
        running_acme.call("/v2/payments", key=key)
        for key in (revoked, _UNKNOWN, "fc_live_short", "nonsense", "")
    ]
    answers += [
        running_acme.call("/v2/payments", headers={"authorization": value})
        for value in ("Bearer nonsense", "Basic dXNlcjpwdw==", "Bearer", "a.b.c")
    ]
    assert {answer.status_code for answer in answers} == {401}
    bodies = [without_its_id(problem(answer.text)) for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["type"] == "urn:forecourt:problem:credential-invalid"
    assert bodies[0].keys() == {"type", "title", "status", "detail"}
    fields = [
        {n: v for n, v in a.headers.items() if n not in ("date", "x-request-id")} for a in answers
    ]
    assert all(field == fields[0] for field in fields)


def test_a_stranger_reads_the_same_whether_something_stands_at_a_path_or_not(
    running_acme: Gateway,
) -> None:
    paths = ("/v2/payments", "/v2/nothing", "/users/users", "/analytics/metrics", "/")
    answers = [running_acme.call(path) for path in paths]
    bodies = [without_its_id(problem(answer.text)) for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert bodies[0]["type"] == "urn:forecourt:problem:credential-required"
    names = [answer.headers.keys() for answer in answers]
    assert all(name == names[0] for name in names)
    assert all(answer.headers["www-authenticate"] == 'Bearer realm="Acme"' for answer in answers)


@pytest.mark.parametrize("path", ["/v2/payments", "/v1/charges", "/nothing", "/users/users", "/"])
@pytest.mark.parametrize("is_known", [True, False], ids=["with a key", "without"])
def test_every_answer_outside_carries_the_same_security_fields(
    running_acme: Gateway, path: str, is_known: bool
) -> None:
    key = running_acme.partner_key("acme-corp") if is_known else None
    answer = running_acme.call(path, key=key)
    assert {name: answer.headers[name] for name in _OUTSIDE} == _OUTSIDE
    assert answer.headers["server"] == "forecourt"


@pytest.mark.parametrize("path", ["/users/users", "/nothing"])
def test_inside_the_same_but_for_what_only_browsers_need(running_acme: Gateway, path: str) -> None:
    for service in ("orders", "reports"):
        answer = running_acme.call(path, service=service)
        assert {name: answer.headers[name] for name in _SECURITY} == _SECURITY


def test_a_refusal_is_never_stored(running_acme: Gateway) -> None:
    for answer in (
        running_acme.call("/v2/payments"),
        running_acme.call("/nothing", key=running_acme.developer_key),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/problem+json"


def test_inside_a_refusal_says_why_and_whom_to_ask(running_acme: Gateway) -> None:
    told = problem(running_acme.call("/users/users", service="reports").text)
    assert told["reason"] == "not-allowed"
    assert told["detail"] == "The API's `allow` does not name this service."
    assert (told["api"], told["owner"]) == ("users", "identity")


def test_outside_no_refusal_says_what_it_is_about(running_acme: Gateway) -> None:
    for path in ("/users/users", "/analytics/metrics", "/v9/payments"):
        told = problem(running_acme.call(path, key=running_acme.developer_key).text)
        assert told.keys() == {"type", "title", "status", "detail", "request_id"}
        assert told["type"] == "urn:forecourt:problem:not-found"


def test_the_request_id_is_in_the_answer_the_problem_and_the_log(running_acme: Gateway) -> None:
    answer = running_acme.call("/v2/payments")
    told = problem(answer.text)
    assert told["request_id"] == answer.headers["x-request-id"]
    assert running_acme.logged(answer)["request_id"] == told["request_id"]


def test_a_caller_does_not_choose_the_request_id(running_acme: Gateway) -> None:
    forged = "00000000-0000-4000-8000-000000000000"
    answer = running_acme.call("/v2/payments", headers={"x-request-id": forged})
    assert answer.headers["x-request-id"] != forged


@pytest.mark.parametrize(
    ("request_line", "fields"),
    [
        (b"GET /v2/payments HTTP/1.1", b"host: localhost\r\nx_y: 1\r\n"),
        (b"GET /v2/a%2fb HTTP/1.1", b"host: localhost\r\n"),
        (b"GET /v2/payments HTTP/1.1", b"host: elsewhere.example\r\n"),
        (b"GET /v2/payments HTTP/1.1", b""),
        (b"GET /v2/payments HTTP/1.1", b"host: localhost\r\ncontent-length: x\r\n"),
    ],
    ids=["underscore", "escaped slash", "foreign host", "no host", "no length"],
)
def test_what_could_be_read_two_ways_is_refused_and_says_nothing(
    running_acme: Gateway, request_line: bytes, fields: bytes
) -> None:
    key = running_acme.developer_key.encode()
    answer = running_acme.raw(
        request_line + b"\r\nx-api-key: " + key + b"\r\n" + fields + b"connection: close\r\n\r\n"
    )
    assert answer is not None
    assert answer.status in (400, 404)
    assert b"payments" not in answer.body


def test_more_header_fields_than_are_read_is_said(running_acme: Gateway) -> None:
    answer = running_acme.call("/v2/payments", headers=[(f"x-{i}", "y") for i in range(200)])
    assert answer.status_code == 431
    assert problem(answer.text)["type"] == "urn:forecourt:problem:headers-too-large"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_methods_that_reflect_or_tunnel_are_refused(running_acme: Gateway, method: str) -> None:
    target = "localhost:443" if method == "CONNECT" else "/v2/payments"
    request = f"{method} {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    answer = running_acme.raw(request.encode())
    assert answer is None or answer.status in (400, 403, 404, 405)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["a known one", "fc_live_no", "nobody's"])
def test_who_still_sends_a_body_is_told_why_it_is_refused(running_acme: Gateway, key: str) -> None:
    """Curl over HTTP/2 shows nothing of an answer whose stream ends before it has sent all."""
    keys = {
        "a known one": running_acme.developer_key,
        "nobody's": _UNKNOWN,
    }
    for _ in range(20):
        said = subprocess.run(
            (
                *("curl", "--silent", "--cacert", running_acme.state / "authority/servers.pem"),
                *("--header", f"X-Api-Key: {keys.get(key, key)}", "--data", '{"loaf": 1}'),
                *("--header", "Content-Type: application/json"),
                f"{running_acme.base()}/v2/nothing/here",
            ),
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said
        assert said.stdout.startswith('{"type":"urn:forecourt:problem:')


def test_the_page_about_contracts_begins_with_one(running_acme: Gateway) -> None:
    first = next(blocks(page("docs/contracts.md"), "console"))
    folder = running_acme.home / "checkout"
    (folder / "examples").mkdir(parents=True)
    (folder / "examples" / "acme").symlink_to(running_acme.estate)
    with a_terminal(folder, running_acme.settings) as terminal:
        follow(first, terminal, ports_of(running_acme))
