"""`forecourt up`: what it prints is so, it stops without a trace, and what it keeps outlives it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import acme, an_api, an_estate
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.problems import problem, without_its_id

# --- what it prints -------------------------------------------------------------------------------

_CALL = re.compile(
    r"^  # (?P<shows>.+): (?P<expect>\d{3}.*)\n  (?P<command>curl (?:.*\\\n)*.+)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A call that was copied from the welcome, and what came of it."""

    expect: str
    command: str
    status: int
    body: str


def _copied(gateway: Gateway) -> list[Copied]:
    found = list(_CALL.finditer(gateway.said_on_stdout()))
    return [_run(gateway, call["expect"], call["command"]) for call in found]


def _run(gateway: Gateway, expect: str, command: str) -> Copied:
    program, *arguments = shlex.split(command.replace("\\\n", " "))
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(
        [program, "--silent", "--show-error", "--write-out", "\n%{http_code}", *arguments],
        cwd=gateway.home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    return Copied(expect=expect, command=command, status=int(status), body=body)


def test_every_call_that_is_printed_gives_the_answer_that_is_printed(running_acme: Gateway) -> None:
    copied = _copied(running_acme)
    assert [call.expect[:3] for call in copied] == ["200", "401", "200", "404", "200", "404", "404"]
    for call in copied:
        assert str(call.status) == call.expect[:3], call


def test_a_call_without_a_key_is_told_what_to_send(running_acme: Gateway) -> None:
    told = next(call for call in _copied(running_acme) if "what to send" in call.expect)
    assert "X-Api-Key" in problem(told.body)["detail"]


def test_a_service_that_is_not_allowed_is_told_why(running_acme: Gateway) -> None:
    told = next(call for call in _copied(running_acme) if "and why" in call.expect)
    assert problem(told.body)["reason"] == "not-allowed"


def test_what_a_caller_may_not_see_looks_as_if_it_were_not_there(running_acme: Gateway) -> None:
    nothing = running_acme.call("/nothing/here", key=running_acme.developer_key)
    hidden = [
        call for call in _copied(running_acme) if "404" in call.expect and "why" not in call.expect
    ]
    assert len(hidden) == 2
    for call in hidden:
        assert without_its_id(problem(call.body)) == without_its_id(problem(nothing.text))


def test_each_api_is_listed_where_it_stands(running_acme: Gateway) -> None:
    said = running_acme.said_on_stdout()
    external = f"https://localhost:{running_acme.ports.external}"
    internal = f"https://localhost:{running_acme.ports.internal}"
    for line in (
        rf"analytics +partner +{external}/analytics/ ",
        rf"payments +public +{external}/v1/ ",
        rf"users +internal +{internal}/users/ ",
    ):
        assert re.search(line, said), line


# --- stopping and starting ------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_stopping_leaves_nothing_running(started: Started, number: signal.Signals) -> None:
    gateway = started(an_estate(apis={"lamps": an_api()}))
    assert gateway.stop(number) == 0
    assert gateway.envoys() == []
    for port in (gateway.ports.external, gateway.ports.internal, gateway.ports.operations):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert "Traceback" not in gateway.said()


def test_a_request_in_flight_does_not_keep_it_from_stopping(started: Started) -> None:
    gateway = started(an_estate(apis={"lamps": an_api()}))
    with gateway.socket() as open_connection:
        open_connection.sendall(b"GET /lamps/v1/things HTTP/1.1\r\nhost: localho")
        assert gateway.stop() == 0
    assert gateway.envoys() == []


def test_starting_again_keeps_keys_and_the_revision(started: Started) -> None:
    gateway = started(acme())
    own_key = gateway.a_key()
    before = (gateway.developer_key, gateway.partner_key("acme-corp"), gateway.revision())
    certificate = gateway.client("orders").certificate.read_bytes()
    gateway.stop()
    said = gateway.start()
    assert (gateway.developer_key, gateway.partner_key("acme-corp"), gateway.revision()) == before
    assert gateway.client("orders").certificate.read_bytes() == certificate
    assert f"revision {before[-1]}." in said
    assert gateway.call("/v2/payments", key=own_key).status_code == 200
    assert gateway.call("/v2/payments", key=gateway.developer_key).status_code == 200
    assert gateway.call("/users/users", service="orders").status_code == 200


def test_what_changed_while_nothing_ran_is_served_from_the_next_start(started: Started) -> None:
    gateway = started(acme())
    gateway.stop()
    gateway.change("apis/payments/api.yaml", "sunset: 2029-07-01", "sunset: 2029-06-30")
    gateway.change("waivers/payments-v1-sunset.yaml", "2029-08-01", "2029-07-31")
    gateway.start()
    answer = gateway.call("/v1/payments/pay_1", key=gateway.developer_key)
    assert answer.headers["sunset"] == "Sat, 30 Jun 2029 00:00:00 GMT"


def test_what_would_open_while_nothing_ran_is_held_at_the_next_start(started: Started) -> None:
    gateway = started(
        an_estate(apis={"lamps": an_api("partner"), "stock": an_api("internal", allow=["orders"])})
    )
    gateway.stop()
    gateway.change("apis/stock/api.yaml", '"orders"', '"orders", "billing"')
    gateway.start()
    assert "held: stock would open:" in gateway.said()
    assert gateway.call("/stock/things", service="orders").status_code == 200
    assert gateway.call("/stock/things", service="billing").status_code == 404


def test_an_envoy_that_is_killed_serves_again_in_under_two_seconds(started: Started) -> None:
    gateway = started(an_estate(apis={"lamps": an_api()}))
    key, died = gateway.developer_key, gateway.envoy_pid

    def is_served() -> bool:
        try:
            return gateway.call("/lamps/v1/things", key=key).status_code == 200
        except httpx.TransportError:
            return False

    def seconds() -> float:
        began = time.monotonic()
        os.kill(gateway.envoy_pid, signal.SIGKILL)
        # Of connections that it had taken none is answered; the first that is, its successor's.
        eventually(is_served, what="another envoy serves")
        return time.monotonic() - began

    # What else runs on this machine may hold up one of them.
    assert min(seconds() for _ in range(2)) < 2
    assert gateway.envoy_pid != died
    eventually(lambda: gateway.operations("/health/ready").is_success, what="it is ready")


def test_an_estate_is_served_by_one_up_only(running_acme: Gateway) -> None:
    second = Gateway(home=running_acme.home, ports=running_acme.ports)
    done = subprocess.run(
        [sys.executable, "-m", "forecourt", *second.arguments],
        env={**os.environ, **second.settings},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 3
    assert "served already" in done.stderr
    assert "Traceback" not in done.stderr
    assert running_acme.call("/v2/payments", key=running_acme.developer_key).status_code == 200


def test_a_port_that_is_taken_is_said_in_a_line() -> None:
    gateway = an_estate(apis={"lamps": an_api()})
    try:
        with socket.create_server(("127.0.0.1", gateway.ports.external)):
            process = gateway.spawn()
            assert process.wait(30) == 3
        assert f"cannot listen on 127.0.0.1:{gateway.ports.external}" in gateway.said()
        assert "Traceback" not in gateway.said()
        assert gateway.envoys() == []
    finally:
        gateway.clear_away()
