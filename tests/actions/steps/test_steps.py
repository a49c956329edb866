"""The steps: each refusal is one step's, and each has something to say of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import forecourt.actions.steps
from forecourt.actions.explain_request import Explanation
from forecourt.actions.steps import STEPS, Step
from forecourt.compiler.refusals import Refusal
from tests.actions.explaining import House, refused_step

_FOLDER = Path(forecourt.actions.steps.__path__[0])

# How the log names each caller, and what they call.
ADA: dict[str, Any] = {"path": "/payments/v2/x", "consumer": "developer:ada"}
ORDERS: dict[str, Any] = {
    "path": "/users/v1/x",
    "listener": "internal",
    "consumer": "service:orders",
    "credential": "spiffe:orders",
}
NOBODY: dict[str, Any] = {"consumer": None, "credential": None}


@pytest.fixture
async def house() -> House:
    return await House().open()


def test_every_module_with_a_step_is_told() -> None:
    modules = [p for p in _FOLDER.glob("*.py") if "\nSTEP = StepKind(" in p.read_text()]
    assert len(modules) == len(STEPS)
    names = {re.search(r'StepKind\(\s*name="([^"]+)"', p.read_text()) for p in modules}
    assert {n[1] for n in names if n} == {kind.name for kind in STEPS}
    assert len({kind.name for kind in STEPS}) == len(STEPS)


@pytest.mark.parametrize("refusal", Refusal, ids=lambda refusal: refusal.word)
@pytest.mark.parametrize("who", [ADA, ORDERS, NOBODY], ids=["a developer", "a service", "nobody"])
async def test_a_refusal_is_one_steps_and_has_a_way_out(
    house: House, refusal: Refusal, who: dict[str, Any]
) -> None:
    """Whatever the log combines: it is read, and nothing is made up."""
    fields = {"credential": house.id("ada"), **who, "status": refusal.status}
    if refusal in _OF_ENVOY:
        fields |= _OF_ENVOY[refusal]
    else:
        fields["reason"] = refusal.word
    explained = await house.logged(**fields)
    assert explained.refusal is refusal
    refused = refused_step(explained)
    assert refused.says
    assert refused.ways_out


_OF_ENVOY: dict[Refusal, dict[str, Any]] = {
    Refusal.RATE_LIMITED: {"details": "local_rate_limited"},
    Refusal.MALFORMED_REQUEST: {"details": "http1.codec_error"},
    Refusal.NO_SUCH_HOST: {"details": "route_not_found"},
    Refusal.TOO_SLOW: {"details": "request_header_timeout"},
    Refusal.OVERLOADED: {"details": "overload"},
    Refusal.HEADERS_TOO_LARGE: {"details": "request_headers_too_large"},
    Refusal.NOT_ADMITTED: {"details": "rbac_access_denied"},
    Refusal.UPSTREAM_UNAVAILABLE: {"flags": "UF", "details": "upstream_reset"},
    Refusal.UPSTREAM_TIMEOUT: {"flags": "UT", "details": "response_timeout"},
    Refusal.UPSTREAM_FAILED: {"status": 500, "replaced": "upstream-failed"},
    Refusal.UNDECLARED_STATUS: {"replaced": "undeclared-status"},
    Refusal.UNDECLARED_MEDIA_TYPE: {"replaced": "undeclared-media-type", "status": 404},
    Refusal.ENCODED_ANSWER: {"replaced": "encoded-answer"},
    Refusal.UNREADABLE_ANSWER: {"replaced": "unreadable-answer"},
    Refusal.EDGE_FAULT: {"replaced": "edge-fault"},
    Refusal.NO_EXAMPLE: {"replaced": "no-example"},
    Refusal.CALLER_LEFT: {"flags": "DC", "details": "downstream_remote_disconnect"},
}


async def test_a_used_up_plan_says_where_it_is_written(house: House) -> None:
    refused = refused_step(
        await house.logged(
            path="/payments/v2/x",
            consumer="developer:ada",
            credential=house.id("ada"),
            status=429,
            details="local_rate_limited",
        )
    )
    assert refused.name == "limit"
    assert "plan `free`'s 20 a minute, 10 at once" in refused.says
    assert refused.ways_out[1].endswith("plans.yaml:2:10")


def upstream_step(explained: Explanation) -> Step:
    (step,) = (s for s in explained.steps if s.name == "upstream")
    return step


@pytest.mark.parametrize(
    ("fields", "says", "way_out"),
    [
        ({}, "(a test key never reaches the upstream) answered 200 in 12 ms", None),
        (
            {"status": 501, "details": "via_upstream", "replaced": "no-example"},
            "finds nothing in the contract to show",
            "give the operation an example in the contract in apis/payments/v1.openapi.yaml:4:",
        ),
        (
            {"status": 503, "flags": "UF", "details": "upstream_reset"},
            "could not be reached",
            "the mock runs within it",
        ),
        ({"status": 500, "details": "via_upstream"}, "that it failed", "who owns the API"),
    ],
    ids=["an answer", "nothing to show", "no mock", "a fault that the contract shows"],
)
async def test_a_test_key_went_to_the_mock(
    house: House, fields: dict[str, Any], says: str, way_out: str | None
) -> None:
    about = {"consumer": "developer:ada", "credential": house.id("tests"), "audience": "public"}
    explained = await house.logged(path="/payments/v2/things", version="2", **about, **fields)
    step = upstream_step(explained)
    assert says in step.says
    assert not any("upstream" in str(ground) for ground in step.grounds), "no line of a file"
    assert [way_out in told for told in step.ways_out] == ([] if way_out is None else [True])


async def test_a_test_key_beside_another_credential_went_there_too(house: House) -> None:
    explained = await house.logged(
        path="/payments/v2/things",
        route="payments@2#0123456789ab/mock",
        version="2",
        consumer="developer:ada",
        credential=house.id("ada"),
        audience="public",
    )
    assert "a test key never reaches the upstream" in upstream_step(explained).says


async def test_a_test_key_would_go_to_the_mock(house: House) -> None:
    explained = await house.assumed("tests", "/payments/v2/things")
    assert upstream_step(explained).says.startswith("it would go to the built-in mock (")
    live = await house.assumed("ada", "/payments/v2/things")
    assert "mock" not in upstream_step(live).says


# --- where the document says it -------------------------------------------------------------------

_DOCUMENT = "apis/payments/v1.openapi.yaml"
_WITH_MORE = """\
openapi: "3.1.0"
info: {title: T, version: "1"}
paths:
  /things: {get: {responses: {"200": {description: fine}}}}
  /charges:
    get:
      x-audience: internal
      responses: {"200": {description: fine}}
  /broken:
    get:
      responses: {"200": {$ref: "#/components/responses/Nowhere"}}
"""


@pytest.fixture
async def described(house: House) -> House:
    house.acme.save(_DOCUMENT, _WITH_MORE)
    await house.acme.publish()
    return house


def grounds_of(explained: Explanation, name: str) -> list[str]:
    (step,) = (s for s in explained.steps if s.name == name)
    return [str(ground) for ground in step.grounds]


async def test_an_operation_is_told_by_its_own_line(described: House) -> None:
    explained = await described.assumed("ada", "/payments/v2/things")
    assert grounds_of(explained, "operation") == [f"{_DOCUMENT}:4:13"]
    assert grounds_of(explained, "contract")[0] == f"{_DOCUMENT}:4:13"


@pytest.mark.parametrize(
    ("path", "method", "says", "place"),
    [
        ("broken", "GET", "is left out of what is served: ", f"{_DOCUMENT}:11:"),
        ("charges", "GET", "but such callers are not served it", f"{_DOCUMENT}:6:5"),
        ("things", "PUT", "but not with this method", f"{_DOCUMENT}:4:13"),
        ("nothing", "GET", "the contract has no operation", "apis/payments/api.yaml:"),
    ],
)
async def test_an_operation_that_is_not_served_is_told_by_what_stands_there(
    described: House, path: str, method: str, says: str, place: str
) -> None:
    explained = await described.assumed("ada", f"/payments/v2/{path}", method=method)
    refused = refused_step(explained)
    assert refused.name == "operation"
    assert says in refused.says
    assert str(refused.grounds[0]).startswith(place)
    assert any(place in way_out or "api.yaml:" in way_out for way_out in refused.ways_out)
