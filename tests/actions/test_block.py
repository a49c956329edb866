"""What a block does to what a credential stands for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forecourt.actions.block import (
    Block,
    Measure,
    Target,
    TargetKind,
    blocked_by,
    spares,
    unless_blocked,
)
from forecourt.actions.entitlement import Entitlement, Stop, Unknown
from forecourt.compiler.ir.callers import Limit
from forecourt.estate.audience import Audience
from tests.actions.builders import NOW, a_block

MINUTE = timedelta(minutes=1)
ADA = Entitlement(
    credential="key_1",
    application="app_1",
    consumer="developer:ada",
    audience=Audience.PUBLIC,
    bucket="app_1",
    limit=Limit(per_minute=100, capacity=25.0),
)


def held(*blocks: Block) -> Entitlement:
    found = unless_blocked(ADA, blocked_by(blocks), NOW)
    assert isinstance(found, Entitlement)
    return found


@pytest.mark.parametrize(
    ("kind", "id"),
    [
        (TargetKind.CREDENTIAL, "key_1"),
        (TargetKind.APPLICATION, "app_1"),
        (TargetKind.OWNER, "developer:ada"),
    ],
    ids=["its credential", "its application", "its owner"],
)
def test_stops_a_caller_by(kind: TargetKind, id: str) -> None:
    block = a_block(id, kind=kind)
    assert held(block) == replace(ADA, stop=Stop(until=block.until))
    assert held(a_block(f"{id}x", kind=kind)) == ADA


def test_the_longest_of_several_holds() -> None:
    blocks = [
        a_block("key_1", kind=TargetKind.CREDENTIAL, until=NOW + MINUTE),
        a_block("app_1", kind=TargetKind.APPLICATION, until=NOW + 2 * MINUTE),
        a_block("app_1", kind=TargetKind.APPLICATION, until=NOW + MINUTE),
    ]
    assert held(*blocks).stop == Stop(until=NOW + 2 * MINUTE)
    endless = a_block("key_1", kind=TargetKind.CREDENTIAL, until=None)
    assert held(*blocks, endless).stop == held(endless, *blocks).stop == Stop(until=None)


def test_what_ended_does_nothing() -> None:
    assert held(a_block("key_1", kind=TargetKind.CREDENTIAL, until=NOW)) == ADA


def test_an_address_is_no_credential_of_that_name() -> None:
    assert held(a_block("app_1", kind=TargetKind.ADDRESS)) == ADA


def test_what_is_only_reported_does_nothing() -> None:
    assert held(a_block("key_1", kind=TargetKind.CREDENTIAL, measure=Measure.REPORT)) == ADA


def test_a_throttled_caller_has_a_tenth_of_its_limit_in_a_bucket_of_its_own() -> None:
    its = a_block("key_1", kind=TargetKind.CREDENTIAL, measure=Measure.THROTTLE)
    slower = held(replace(its, until=NOW + MINUTE))
    assert (slower.limit, slower.bucket) == (Limit(per_minute=10, capacity=2.5), "app_1/throttled")
    assert slower.beside == "app_1", "it has no more of an operation than before"
    assert slower.stop is None
    assert slower.memory.fresh == 61  # the edge asks again when it has ended
    assert held(replace(its, until=None)).memory == ADA.memory


@pytest.mark.parametrize(("at_once", "left"), [(None, None), (50, 5), (3, 1)])
def test_a_throttled_caller_has_a_tenth_of_its_requests_under_way(
    at_once: int | None, left: int | None
) -> None:
    its = blocked_by([a_block("key_1", kind=TargetKind.CREDENTIAL, measure=Measure.THROTTLE)])
    ada = replace(ADA, limit=replace(ADA.limit, at_once=at_once))
    slower = unless_blocked(ada, its, NOW)
    assert isinstance(slower, Entitlement)
    assert slower.limit.at_once == left


def test_nobody_stays_nobody() -> None:
    nobody = Unknown("revoked")
    its = blocked_by([a_block("key_1", kind=TargetKind.CREDENTIAL)])
    assert unless_blocked(nobody, its, NOW) == nobody


@pytest.mark.parametrize(
    ("id", "is_spared"),
    [
        ("203.0.113.9/32", True),
        ("203.0.0.0/16", True),
        ("0.0.0.0/0", True),
        ("198.51.100.1/32", False),
        ("2001:db8:0:1::/64", True),
        ("2001:db8:1::/64", False),
    ],
)
def test_spares_what_is_declared(id: str, is_spared: bool) -> None:
    declared = ("203.0.113.0/24", "2001:db8::/48")
    assert spares(declared, Target(kind=TargetKind.ADDRESS, id=id)) is is_spared
    assert not spares(declared, Target(kind=TargetKind.APPLICATION, id=id))
