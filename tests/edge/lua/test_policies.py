"""What holds on a route, as the gate reads it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.edge.entitled import a_policy, an_internal_policy
from tests.edge.luajit import Lua


@pytest.fixture
def policies(lua: Lua) -> Any:
    return lua.module("policies")


def test_nothing_holds_where_no_api_stands(lua: Lua, policies: Any) -> None:
    assert policies.of(lua.handle(route="", policy=a_policy())) is None
    assert policies.of(lua.handle(route="elsewhere")) is None


def test_reads_a_policy_with_its_lists_as_sets(lua: Lua, policies: Any) -> None:
    policy = lua.plain(policies.of(lua.handle(route="users@#1", policy=an_internal_policy())))
    assert policy["api"] == "users"
    assert policy["allow"] == {"orders": True, "billing": True, "": True}


def test_names_kinds_of_credentials_as_the_control_plane_does(lua: Lua, policies: Any) -> None:
    policy = lua.plain(policies.of(lua.handle(route="payments@2#1", policy=a_policy())))
    accepted = {who: set(c["credentials"]) for who, c in policy["callers"].items()}
    assert accepted == {
        "internal": {"internal_token", "spiffe", "certificate"},
        "partner": {"api_key", "token", "access_token", "certificate"},
        "public": {"api_key", "token", "access_token", "certificate"},
    }


def test_reads_a_route_once_by_its_name(lua: Lua, policies: Any) -> None:
    first = policies.of(lua.handle(route="payments@2#1", policy=a_policy()))
    again = policies.of(lua.handle(route="payments@2#1", policy=a_policy(team="other")))
    renamed = policies.of(lua.handle(route="payments@2#2", policy=a_policy(team="other")))
    assert again.team == first.team == "payments-team"
    assert renamed.team == "other"


def test_an_api_without_a_list_allows_every_service(lua: Lua, policies: Any) -> None:
    policy = an_internal_policy()
    del policy["allow"]
    assert policies.of(lua.handle(route="users@#1", policy=policy)).allow is None


def test_forgets_when_too_many_names_have_passed(lua: Lua, policies: Any) -> None:
    policies.of(lua.handle(route="payments@2#1", policy=a_policy()))
    for number in range(20_000):
        name = f"r{number}"
        policies.of(lua.handle(route=name, policy={"api": name, "callers": {}}))
    read_again = policies.of(lua.handle(route="payments@2#1", policy=a_policy(team="other")))
    assert read_again.team == "other"
