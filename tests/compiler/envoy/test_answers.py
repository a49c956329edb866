"""Which routes hold their answers to a contract, and what it costs the others: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from forecourt.compiler.envoy.answers import (
    ANSWERS_FILTER,
    MARK_FIELD,
    MOST_BYTES,
    answers_filter,
    are_held,
    chosen_filter,
)
from forecourt.compiler.envoy.routes import route_resources
from forecourt.compiler.ir.apis import Api, ContractRef
from forecourt.compiler.lowering.apis import lower_api
from forecourt.edge.code import LUA_FOLDER
from forecourt.estate.api import Scheme
from forecourt.estate.audience import Audience
from tests.compiler.builders import raised_api
from tests.compiler.envoy.test_filters import a_vantage
from tests.governance.builders import an_api

PUBLIC, INTERNAL = Audience.PUBLIC, Audience.INTERNAL


def held_api(*audiences: Audience, response_check: str | None = None) -> Api:
    references = tuple(ContractRef(audience=a, way_in="1", way_out="2") for a in audiences)
    api = lower_api(an_api(), mocked=False, contracts={"1": references})
    callers = api.callers
    if response_check is not None:
        callers = tuple(replace(c, response_check=response_check) for c in callers)
    versions = tuple(replace(v, contracts=references) for v in api.versions)
    return replace(api, callers=callers, versions=versions)


@pytest.mark.parametrize(
    ("api", "on_external", "on_internal"),
    [
        (held_api(), False, False),
        (held_api(PUBLIC), True, False),
        (held_api(PUBLIC, INTERNAL), True, False),
        (held_api(PUBLIC, response_check="off"), False, False),
        (held_api(INTERNAL, response_check="observe"), False, True),
    ],
    ids=[
        *("no contract", "as a public API is", "inside nobody is held to it by default"),
        *("by waiver", "observed inside"),
    ],
)
def test_a_route_is_held_where_somebody_who_calls_there_is(
    api: Api, on_external: bool, on_internal: bool
) -> None:
    assert are_held(api, api.versions, on_external=True) is on_external
    assert are_held(api, api.versions, on_external=False) is on_internal


def routes(listener: str, api: Api) -> list[Any]:
    """The routes to an API, twins too."""
    made = route_resources(listener, ("localhost",), [api], always=())
    return [route for route in _within(made) if "metadata" in route]


def _within(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            if str(value.get("@type", "")).endswith("route.v3.Route"):
                yield value
            for inner in value.values():
                yield from _within(inner)
        case list():
            for inner in value:
                yield from _within(inner)


def test_a_route_that_is_held_has_its_filter_and_what_that_needs() -> None:
    found = routes("external", held_api(PUBLIC))
    assert found
    for route in found:
        assert route["typed_per_filter_config"]["forecourt.faults"]["disabled"] is True
        assert ANSWERS_FILTER not in route["typed_per_filter_config"]
        assert "accept-encoding" in route["request_headers_to_remove"]
        assert route["request_body_buffer_limit"] >= MOST_BYTES
        assert MARK_FIELD in route["response_headers_to_remove"], "whatever an upstream says"
        assert MARK_FIELD in added(route)


def test_a_version_with_a_sunset_says_both_its_mark_and_that() -> None:
    api = held_api(PUBLIC)
    api = replace(api, versions=tuple(replace(v, status="deprecated") for v in api.versions))
    for route in routes("external", api):
        assert {MARK_FIELD, "deprecation", "sunset"} <= added(route)


def added(route: Any) -> set[str]:
    return {each["header"]["key"] for each in route.get("response_headers_to_add", ())}


def test_any_other_route_has_the_other_filter_alone() -> None:
    found = routes("internal", held_api(PUBLIC))
    assert found
    for route in found:
        assert route["typed_per_filter_config"][ANSWERS_FILTER]["disabled"] is True
        assert "forecourt.faults" not in route["typed_per_filter_config"]
        assert "accept-encoding" not in route.get("request_headers_to_remove", ())
        assert MARK_FIELD not in added(route), "nobody would take it off"


def test_no_route_is_without_both() -> None:
    for held in (True, False):
        assert len(chosen_filter(held=held)) == 1


def test_as_much_is_held_back_as_the_edge_reads() -> None:
    memory = (LUA_FOLDER / "forecourt" / "json" / "memory.lua").read_text()
    assert f"_M.BYTES = {MOST_BYTES // 1024 // 1024} * 1024 * 1024\n" in memory


def test_closes_what_it_cannot_hold() -> None:
    config: Any = answers_filter(a_vantage())["typed_config"]
    source = config["default_source_code"]["inline_string"]
    assert "local is_held, has_place, has_ended = pcall(answers.hold, handle)" in source
    assert "if not is_held then closed.close(handle) end" in source
    assert "envoy_on_request" not in source


def test_answers_that_are_lowered_are_held_whoever_calls() -> None:
    api = raised_api("users", "internal", scheme=Scheme.PATH)
    assert are_held(api, api.versions[:1], on_external=False)
    assert not are_held(api, api.versions[1:], on_external=False)
