"""What the edge asks about a body that it cannot judge, and what it makes of the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.edge.buckets import prepare_buckets
from forecourt.server.fault_lines import fault_lines
from tests.edge.entitled import an_answer
from tests.edge.luajit import Lua

DIGEST = "0" * 32
ROOT = "1.body application/json; charset=é"


def as_lua(text: str) -> str:
    """A text as its bytes, which is how Lua has it."""
    return text.encode().decode("latin-1")


FALLBACK = Lua().module("fallback")


class Edge:
    """One worker, and one caller that it knows."""

    def __init__(self, folder: Path) -> None:
        self.lua = Lua()
        prepare_buckets(folder / "buckets")
        self.buckets = self.lua.module("buckets")
        self.buckets.follow(str(folder / "buckets"))
        self.entitlements = self.lua.module("entitlements")
        self.fallback = self.lua.module("fallback")
        self.settings = self.lua.value({"control_cluster": "control"})
        self.slot = self.known("fc_live_x")
        self.handle: Any = None

    def known(self, key: str, **answer: Any) -> int:
        slot: int = self.entitlements.remember(
            "x-api-key", key, self.lua.value(an_answer(**answer)), 0
        )
        return slot

    def judge(
        self, status: str | None, body: str = "", slot: int | None = None, meanwhile: Any = None
    ) -> Any:
        def answered(_fields: Any, _body: Any) -> Any:
            if meanwhile is not None:
                meanwhile()
            return (None if status is None else {":status": status}, body)

        self.handle = self.lua.handle(resolve=answered)
        slot = self.slot if slot is None else slot
        return self.fallback.judge(self.handle, self.settings, DIGEST, as_lua(ROOT), "{}", slot)


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    return Edge(tmp_path)


def test_asks_the_control_plane(edge: Edge) -> None:
    assert edge.judge("204") is True
    cluster, fields, body, timeout = (edge.handle.calls[1][i] for i in range(1, 5))
    assert cluster == "control"
    assert edge.lua.plain(fields) == {
        ":method": "POST",
        ":path": "/judge",
        ":authority": "control",
        "forecourt-contract": DIGEST,
        "forecourt-caller": str(int(edge.fallback.bucket(edge.entitlements.bucket(edge.slot)))),
        "forecourt-root": "1.body%20application/json%3B%20charset%3D%C3%A9",
    }
    assert body == "{}"
    assert timeout <= 1000, "a request waits for it"


def test_tells_what_is_wrong(edge: Edge) -> None:
    keeps, faults = edge.judge("422", fault_lines([("/a", "pattern", "^(?=a)"), ("", "not", None)]))
    assert keeps is False
    assert list(edge.lua.plain(faults).values()) == [
        {"pointer": "/a", "rule": "pattern", "expected": "^(?=a)"},
        {"pointer": "", "rule": "not"},
    ]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(None, "", id="nobody answers"),
        pytest.param("503", "busy\n", id="too many are judged"),
        pytest.param("404", "unknown\n", id="a contract that nobody has"),
        pytest.param("400", "malformed\n", id="misunderstood"),
        pytest.param("200", "", id="another answer"),
        pytest.param("422", "", id="no faults"),
        pytest.param("422", "what\n", id="faults that cannot be read"),
    ],
)
def test_lets_nothing_through_that_nobody_judged(edge: Edge, status: str | None, body: str) -> None:
    assert edge.judge(status, body) == (None, "cannot-judge")


def test_lets_nobody_through_whose_entitlement_ended_meanwhile(edge: Edge) -> None:
    gone = edge.judge("204", meanwhile=edge.entitlements.drop_everything)
    assert gone == (None, "cannot-judge")


def test_lets_nobody_through_in_the_place_of_another(edge: Edge) -> None:
    def another() -> None:
        edge.entitlements.drop_everything()
        edge.known("fc_live_x", credential="another")

    assert edge.judge("204", meanwhile=another) == (None, "cannot-judge")


def test_an_application_has_so_many_at_once_and_waits_then(edge: Edge) -> None:
    at_once = int(edge.fallback.AT_ONCE)
    assert [edge.judge("204") for _ in range(at_once)] == [True] * at_once
    keeps, reason, wait = edge.judge("204")
    assert (keeps, reason) == (None, "check-limited")
    assert 0 < wait <= 60 / edge.fallback.PER_MINUTE
    assert len(list(edge.handle.calls)) == 0


def test_others_and_the_same_application_s_requests_are_not_charged(edge: Edge) -> None:
    for _ in range(int(edge.fallback.AT_ONCE)):
        edge.judge("204")
    other = edge.known("fc_live_y", credential="other", bucket=77)
    assert edge.judge("204", slot=other) is True
    left, _full, *_ = edge.buckets.take(edge.entitlements.bucket(edge.slot), 1, 10, 1e9)
    assert left == 9


@given(st.integers(1, 2**52 - 1))
def test_the_bucket_is_another_one_and_a_bucket(bucket: int) -> None:
    found = FALLBACK.bucket(bucket)
    assert found != bucket
    assert found == int(found)
    assert 0 < found < 2**52


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(["type", "false"]), st.none() | WORDS), min_size=1)
)
def test_reads_what_the_control_plane_writes(faults: list[tuple[str, str, str | None]]) -> None:
    lines = fault_lines(faults)
    found = FALLBACK.parse(lines)
    assert [
        (f["pointer"].encode("latin-1").decode(), f["rule"], f["expected"]) for f in found.values()
    ] == [(p, r, None if not e else e.encode().decode("latin-1")) for p, r, e in faults]
