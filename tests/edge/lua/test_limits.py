"""Limits as callers read them: draft-ietf-httpapi-ratelimit-headers-10, parsed back."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from forecourt.compiler.ir.bucket import UNITS_PER_MINUTE, bucket
from forecourt.compiler.ir.callers import Limit
from tests.edge.luajit import Lua

LIMITS = Lua().module("limits")

# A list of structured-field strings with integer parameters (RFC 9651, sections 3.1 and 3.3).
_ITEM = re.compile(r'"(?P<name>[ !#-\[\]-~]*)"(?P<parameters>(;[a-z][a-z0-9]*=-?\d{1,15})*)')

a_limit = st.integers(1, 10_000_000)
a_share = st.floats(0, 1)


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


@given(a_limit, a_share)
def test_states_what_is_left_as_the_draft_writes_it(limit: int, share: float) -> None:
    sized = bucket(Limit(per_minute=limit, capacity=max(limit / 4, min(limit, 10))))
    units = sized.cost * sized.capacity
    remaining = int(units * share)
    state = parsed(LIMITS.state(remaining, sized.cost, units))
    assert state["minute"]["r"] == remaining // sized.cost <= sized.capacity
    assert 0 <= state["minute"]["t"] <= units * 60 / UNITS_PER_MINUTE + 1


def test_a_full_bucket_is_full_now() -> None:
    assert parsed(LIMITS.state(25, 1, 25)) == {"minute": {"r": 25, "t": 0}}


@given(a_limit, a_share)
def test_after_the_wait_one_request_passes(limit: int, share: float) -> None:
    cost = bucket(Limit(per_minute=limit, capacity=limit)).cost
    remaining = int(cost * share * 0.999)
    wait = LIMITS.retry_after(remaining, cost)
    assert wait >= 1
    assert remaining + wait * UNITS_PER_MINUTE / 60 >= cost


def test_counts_the_units_that_the_compiler_counts() -> None:
    assert LIMITS.retry_after(0, UNITS_PER_MINUTE) == 60
