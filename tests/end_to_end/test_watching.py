"""What is told of the gateway: a line a request, metrics, and whether it is well."""

from __future__ import annotations

import os
import re
import signal
from datetime import UTC, datetime, timedelta

import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway

# --- the access log -------------------------------------------------------------------------------


def test_a_line_says_who_called_what_and_what_came_of_it(running_acme: Gateway) -> None:
    key = running_acme.a_key(developer="logged", application="shop")
    answer = running_acme.call("/v2/payments?limit=3", key=key)
    line = running_acme.logged(answer)
    assert line.pop("request_id") == answer.headers["x-request-id"]
    began = datetime.fromisoformat(line.pop("time"))
    assert abs(datetime.now(UTC) - began) < timedelta(minutes=1)
    assert 0 <= line.pop("upstream_duration") <= line.pop("duration") < 10_000
    assert line.pop("application").startswith("app_")
    assert line.pop("credential").startswith("key_")
    assert line.pop("sent") == len(answer.content)
    assert line.pop("route").startswith("payments@2#")
    assert line == {
        "listener": "external",
        "method": "GET",
        "path": "/v2/payments",
        "operation": "GET /payments",
        "version": "2",
        "upstream_version": "2",
        "audience": "public",
        "consumer": "developer:logged",
        "status": 200,
        "reason": None,
        "replaced": None,
        "details": "via_upstream",
        "flags": "-",
        "received": 0,
        "address": "127.0.0.1",
        "place": None,
    }


def test_a_line_about_a_refusal_says_why(running_acme: Gateway) -> None:
    refusals = {
        "missing": running_acme.call("/v2/payments"),
        "malformed": running_acme.call("/v2/payments", key="nonsense"),
        "not-found": running_acme.call("/users/users", key=running_acme.developer_key),
        "not-allowed": running_acme.call("/users/users", service="reports"),
    }
    for reason, answer in refusals.items():
        line = running_acme.logged(answer)
        assert line["reason"] == reason
        assert line["status"] == answer.status_code
        assert line["path"] in ("/v2/payments", "/users/users")


def test_a_refused_callers_line_says_who_it_was(running_acme: Gateway) -> None:
    line = running_acme.logged(running_acme.call("/users/users", service="reports"))
    assert line["listener"] == "internal"
    assert line["consumer"] == "service:reports"
    assert line["audience"] == "internal"


def test_no_line_holds_a_credential(running_acme: Gateway) -> None:
    key, token = running_acme.a_key(developer="secretive"), running_acme.a_service_token("orders")
    running_acme.call("/v2/payments", key=key)
    running_acme.call("/v2/payments", token=key)
    last = running_acme.call(
        "/users/users", listener="internal", headers={"x-internal-service-token": token}
    )
    running_acme.logged(last)
    text = (running_acme.state / "logs" / "access.log").read_text()
    assert key not in text
    assert token.split(".")[-1] not in text
    assert running_acme.developer_key not in running_acme.said().partition("--- stderr")[2]


@pytest.mark.parametrize(
    "forged",
    ['"}\n{"status":200', "a\\u0000b", "\x7f", "é" * 40],
    ids=["a line", "nul", "del", "é"],
)
def test_nobody_writes_lines_of_their_own(running_acme: Gateway, forged: str) -> None:
    raw = forged.encode().replace(b"\n", b"%0a").replace(b'"', b"%22")
    before = len(running_acme.access_log())
    running_acme.raw(
        b"GET /v2/" + raw + b" HTTP/1.1\r\nhost: localhost\r\nuser-agent: " + raw + b"\r\n"
        b"connection: close\r\n\r\n"
    )
    running_acme.logged(running_acme.call("/v2/payments"))
    assert len(running_acme.access_log()) <= before + 2  # and each of them was read as JSON


# --- metrics and health ---------------------------------------------------------------------------


def test_metrics_are_prometheus_text_of_ours_and_of_envoy(running_acme: Gateway) -> None:
    running_acme.call("/v2/payments", key=running_acme.a_key(developer="counted"))
    answer = running_acme.operations("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    entitled = re.search(
        r'^forecourt_resolutions_total\{outcome="entitled"\} (\S+)$', answer.text, re.MULTILINE
    )
    assert entitled
    assert float(entitled[1]) >= 1
    assert "forecourt_resolution_seconds_bucket" in answer.text
    assert "envoy_server_live" in answer.text


def test_it_says_that_it_lives_and_is_ready(running_acme: Gateway) -> None:
    assert running_acme.operations("/health/live").json() == {"status": "live"}
    ready = running_acme.operations("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")


def test_operations_do_not_stand_on_the_listeners(running_acme: Gateway) -> None:
    for path in (
        "/metrics",
        "/health/live",
        "/health/ready",
        "/resolve",
        "/stats",
        "/quitquitquit",
    ):
        assert running_acme.call(path).status_code == 401
        assert running_acme.call(path, key=running_acme.developer_key).status_code == 404
        assert running_acme.call(path, service="orders").status_code == 404


def test_it_is_not_ready_while_envoy_does_not_serve(started: Started) -> None:
    gateway = started(an_estate(apis={"lamps": an_api()}))
    assert gateway.operations("/health/ready").status_code == 200
    envoy = gateway.envoy_pid
    os.kill(envoy, signal.SIGSTOP)
    try:
        answer = eventually(
            lambda: (found := gateway.operations("/health/ready")).status_code == 503 and found,
            what="not ready",
        )
        assert "envoy" in answer.json()["not_ready"]
        assert gateway.operations("/health/live").status_code == 200
    finally:
        os.kill(envoy, signal.SIGCONT)
    eventually(lambda: gateway.operations("/health/ready").is_success, what="ready again")
