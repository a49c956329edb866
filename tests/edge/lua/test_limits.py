"""Limits as callers read them: draft-ietf-httpapi-ratelimit-headers-10, parsed back."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.edge.luajit import Lua

LUA = Lua()
LIMITS = LUA.module("limits")

# A list of structured-field strings with integer parameters (RFC 9651, sections 3.1 and 3.3).
_ITEM = re.compile(r'"(?P<name>[ !#-\[\]-~]*)"(?P<parameters>(;[a-z][a-z0-9]*=-?\d{1,15})*)')

a_limit = st.integers(1, 10_000_000)


def parsed(field: str) -> dict[str, dict[str, int]]:
    """The items of a field with their parameters."""
    found = {}
    for item in field.split(", "):
        match = _ITEM.fullmatch(item)
        assert match, field
        pairs = [p.split("=") for p in match["parameters"].split(";") if p]
        found[match["name"]] = {name: int(value) for name, value in pairs}
    return found


@given(a_limit)
def test_states_the_policy_as_the_draft_writes_it(limit: int) -> None:
    assert parsed(LIMITS.policy(limit)) == {"minute": {"q": limit, "w": 60}}


@given(a_limit, a_limit, a_limit)
def test_states_quotas_besides(limit: int, daily: int, monthly: int) -> None:
    quotas = LUA.value([f"day {daily}", f"month {monthly}"])
    assert parsed(LIMITS.policy(limit, quotas)) == {
        "minute": {"q": limit, "w": 60},
        "day": {"q": daily, "w": 86400},
        "month": {"q": monthly},
    }


@given(a_limit, a_limit)
def test_states_a_persons_share_besides(limit: int, each: int) -> None:
    policy = LIMITS.policy(limit, None, each)
    assert parsed(policy) == {"minute": {"q": limit, "w": 60}, "user": {"q": each, "w": 60}}


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_states_what_is_left_as_the_draft_writes_it(left: int, seconds: int) -> None:
    assert parsed(LIMITS.state(left, seconds, "minute")) == {"minute": {"r": left, "t": seconds}}


def test_states_many_different_things_one_after_the_other() -> None:
    for turn in range(2):
        for left in range(300):
            for seconds in range(turn, 1024, 17):
                for name in ("minute", "user"):
                    told = LIMITS.state(left, seconds, name)
                    assert told == f'"{name}";r={left};t={seconds}'


@given(st.floats(1e-6, 1e6))
def test_after_the_wait_one_request_passes(wait: float) -> None:
    told = LIMITS.retry_after(wait)
    assert re.fullmatch(r"[1-9]\d*", told)
    assert wait <= int(told) < max(wait + 1, 2)
