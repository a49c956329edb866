"""Functions of the estate raise and lower what no lens can: the real Envoy and real processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import Started
from tests.end_to_end.estates import an_api, an_estate, as_yaml
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.upstream import Upstream, an_upstream

_NUMBERS = count()

_FUNCTIONS = """\
import os
import sys


def raised(body):
    _mishaps(body["name"])
    first, _, last = body["name"].rpartition(" ")
    if not first:
        raise ValueError("a name needs a first and a last part")
    return {"first": first, "last": last, "amount": body["amount"]}


def lowered(body):
    _mishaps(body["first"])
    if not body["last"]:
        raise ValueError("nobody is called that")
    return {"name": f"{body['first']} {body['last']}", "amount": body["amount"]}


def _mishaps(name):
    if name == "loops":
        while True:
            pass
    if name == "fails":
        raise RuntimeError("secret")
    if name == "ends":
        os._exit(0)
    if name == "makes nothing":
        return {}[name]
    if name.startswith("prints"):
        print("noise", flush=True)
        os.write(1, b"noise")
        sys.stderr.write("noise")
"""

_CHANGES = """\
version: "2"
summary: Names have two parts
changes:
  - {function: names.py, raise: raised, lower: lowered, in: [charge], because: names have parts}
  - {function: names.py, lower: lowered, in: [read], because: names have parts}
"""

_MISHAPS = ("loops", "fails", "ends", "makes nothing")


def _contract(version: str, *members: str) -> str:
    properties = {**{name: {"type": "string"} for name in members}, "amount": {"type": "number"}}
    schema = {"type": "object", "required": list(members), "properties": properties}
    content = {"content": {"application/json": {"schema": schema}}}
    answers = {"200": {"description": "", **content}}
    body = {"required": True, **content}
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {
        "/charges": {"post": {"operationId": "charge", "requestBody": body, "responses": answers}},
        "/charges/{id}": {
            "get": {"operationId": "read", "parameters": [number], "responses": answers}
        },
        "/free": {"get": {"responses": {"200": {"description": ""}}}},
    }
    return as_yaml(
        {"openapi": "3.1.0", "info": {"title": "Shop", "version": version}, "paths": paths}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    gateway: Gateway
    upstream: Upstream

    def a_key(self) -> str:
        """Of an application of its own, which has its budget still."""
        return self.gateway.a_key(application=f"app {next(_NUMBERS)}", plan="fast")

    def charge(self, name: str, **given: Any) -> httpx.Response:
        body = f'{{"name": {json.dumps(name)}, "amount": 1.10}}'.encode()
        given = {"headers": {"content-type": "application/json"}, "body": body, **given}
        return self.gateway.call("/shop/v1/charges", method="POST", **given)

    def read(self, key: str | None, **given: Any) -> httpx.Response:
        return self.gateway.call("/shop/v1/charges/7", key=key, **given)

    def says(self, first: str, last: str, kind: str = "application/json") -> None:
        name = f'"first": {json.dumps(first)}, "last": {json.dumps(last)}'
        text = f'{{{name}, "amount": 1.10, "inner": 1}}'
        self.upstream.answers(200, {"content-type": kind}, text.encode())


@pytest.fixture(scope="module")
def served(started_once: Started) -> Iterator[Served]:
    with an_upstream() as upstream:
        fast = {"rate_limit": {"requests_per_minute": 100_000, "requests_per_day": 10_000_000}}
        versions = {name: {"contract": f"v{name}.openapi.yaml"} for name in ("1", "2")}
        api = {
            **an_api(versioning={"scheme": "path"}),
            "upstream": {"url": upstream.url, "version": "2"},
            "versions": versions,
        }
        estate = an_estate(
            apis={"shop": api},
            files={
                "apis/shop/v1.openapi.yaml": _contract("1", "name"),
                "apis/shop/v2.openapi.yaml": _contract("2", "first", "last"),
                "apis/shop/changes/2.yaml": _CHANGES,
                "apis/shop/changes/names.py": _FUNCTIONS,
            },
            plans={"fast": fast},
            local=False,
            workers=1,  # who knows each key, then, while nobody can be asked
        )
        house = Served(gateway=started_once(estate), upstream=upstream)
        house.says("Ada", "Lovelace")
        key = house.a_key()
        # The processes begin meanwhile.
        eventually(lambda: house.charge("Ada L", key=key).status_code == 200, what="they run")
        yield house


def test_a_call_goes_up_and_comes_down_by_functions(served: Served) -> None:
    served.says("Ada", "Lovelace")
    answer = served.charge("Ada King Lovelace", key=served.a_key())
    assert answer.status_code == 200, answer.text
    assert answer.text == '{"name":"Ada Lovelace","amount":1.10}'
    heard = served.upstream.last()
    assert heard.body == b'{"first":"Ada King","last":"Lovelace","amount":1.10}'
    assert heard.header("content-length") == str(len(heard.body))
    assert heard.header("forecourt-version") == "2"
    assert not [name for name in heard.names() if name.startswith("forecourt-f")]


def test_what_a_function_refuses_never_reaches_the_service(served: Served) -> None:
    before = len(served.upstream.received)
    answer = served.charge("Ada", key=served.a_key())
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "urn:forecourt:problem:not-representable"
    assert problem["faults"] == [{"in": "body", "pointer": "", "rule": "function"}]
    assert "first and a last" not in answer.text, "that is for those of the house"
    answer = served.charge("Ada", service="orders")
    assert answer.json()["detail"] == "a name needs a first and a last part"
    assert len(served.upstream.received) == before


def test_what_cannot_come_down_does_not_come_as_it_is(served: Served) -> None:
    served.says("Plato", "")
    answer = served.charge("Ada L", key=served.a_key())
    assert (answer.status_code, answer.json()["done"]) == (406, True)
    assert "Plato" not in answer.text
    answer = served.read(None, service="orders")
    assert answer.status_code == 406
    assert answer.json()["detail"] == "nobody is called that"
    assert "done" not in answer.json()


@pytest.mark.parametrize("name", _MISHAPS)
def test_a_function_that_goes_wrong_lets_nothing_in_and_nothing_out(
    served: Served, name: str
) -> None:
    before, key = len(served.upstream.received), served.a_key()
    answer = served.charge(name, key=key)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "secret" not in answer.text
    assert len(served.upstream.received) == before
    served.says(name, "secret")
    answer = served.read(key)
    assert answer.status_code == 502
    assert "secret" not in answer.text
    assert served.gateway.logged(answer)["replaced"] == "function-failed"
    # And the next one is served, by another process where that one had to end.
    served.says("Ada", "Lovelace")
    eventually(lambda: served.charge("Ada L", key=key).status_code == 200, what="it goes on")


def test_one_that_prints_says_nothing_to_anybody(served: Served) -> None:
    served.says("prints", "L")
    answer = served.charge("prints L", key=served.a_key())
    assert answer.text == '{"name":"prints L","amount":1.10}'
    assert "noise" not in served.gateway.said()


def test_an_answer_that_is_no_json_does_not_leave(served: Served) -> None:
    served.says("Ada", "L", kind="text/plain")
    answer = served.read(None, service="orders")
    assert answer.status_code == 502
    assert "Ada" not in answer.text


def test_without_the_control_plane_both_ways_are_closed_and_others_go_on(served: Served) -> None:
    served.says("Ada", "secret")
    key = served.a_key()
    assert served.read(key).status_code == 200
    assert served.gateway.call("/shop/v2/charges/7", key=key).status_code == 200
    before = len(served.upstream.received)
    with served.gateway.paused():
        answer = served.charge("Ada L", key=key)
        assert (answer.status_code, len(served.upstream.received)) == (503, before)
        answer = served.read(key)
        assert (answer.status_code, len(served.upstream.received)) == (502, before + 1)
        assert "secret" not in answer.text
        assert served.gateway.call("/shop/v1/free", key=key).status_code == 200
        assert served.gateway.call("/shop/v2/charges/7", key=key).status_code == 200
    eventually(lambda: served.read(key).status_code == 200, what="it answers again")


def test_too_many_at_once_are_told_to_wait(served: Served) -> None:
    key = served.a_key()
    with served.gateway.connection() as client:
        statuses = set()
        for _ in range(80):
            answer = client.post(
                "/shop/v1/charges", headers={"x-api-key": key}, json={"name": "x", "amount": 1}
            )
            statuses.add(answer.status_code)
            if answer.status_code == 429:
                break
    assert statuses == {422, 429}
    assert answer.json()["type"] == "urn:forecourt:problem:check-limited"
    assert int(answer.headers["retry-after"]) > 0


def test_another_text_of_a_function_is_served_once_it_is_saved(served: Served) -> None:
    served.says("Ada", "Lovelace")
    path, key = "apis/shop/changes/names.py", served.a_key()
    served.gateway.save(path, _FUNCTIONS.replace("{body['first']} {body['last']}", "it changed"))
    eventually(
        lambda: '"it changed"' in served.read(key).text, what="the new function makes the answer"
    )
    served.gateway.save(path, "def raised(:\n")
    assert '"it changed"' in served.read(key).text
