"""Who brings no credential: what it may call, and what its address pays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forecourt.compiler.contracts.compile import compile_contract
from forecourt.contract import read_contract
from forecourt.estate.audience import Audience
from tests.edge.entitled import a_caller, a_policy
from tests.edge.lua.test_gate import KEY, Gate, refusal

CONTRACT = """
openapi: 3.1.0
info: {title: Rates, version: "1"}
security: [{key: []}]
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
paths:
  /rates: {get: {security: [], responses: {"200": {description: today}}}}
  /few:
    get:
      security: []
      x-rate-limit: {requests_per_minute: 2}
      responses: {"200": {description: few}}
  /orders: {get: {responses: {"200": {description: all}}}}
"""
TILL = 2_000_000
A_STRANGER = {"per_minute": 60, "capacity": 15, "bucket": ""}


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    contract, _ = read_contract(CONTRACT, "rates.openapi.yaml")
    assert contract is not None
    compiled = compile_contract(contract, Audience.PUBLIC, anonymous=True)
    (tmp_path / "contracts").mkdir()
    for name, content in compiled.contents.items():
        (tmp_path / "contracts" / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)  # where the Lua looks for contracts
    return compiled.way_in_digest


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def a_route(digest: str, name: str = "payments", **caller: Any) -> dict[str, Any]:
    """A route of which anybody may call `GET /rates`."""
    version = {
        "name": "2",
        "status": "current",
        "contracts": {"anonymous": {"way_in": digest, "way_out": digest}},
        "anonymous_till": TILL,
    }
    callers = {
        "public": a_caller("constant", "api_key"),
        "anonymous": a_caller("constant", "anonymous") | A_STRANGER | caller,
    }
    policy = a_policy(api=name, versions=[version], callers=callers, shift=7)
    return {"route": f"{name}@2#{sorted(caller.items())}", "policy": policy}


RATES = {":path": "/payments/v2/rates"}


def left(handle: Any) -> int:
    """How many requests are left, as the answer says it."""
    said = handle.sent.get(handle.sent, "forecourt-ratelimit")
    return int(said.partition("r=")[2].partition(";")[0])


def test_is_let_through_without_asking_anybody(gate: Gate, digest: str) -> None:
    handle = gate.ask(RATES, **a_route(digest))
    assert handle.answer is None
    assert gate.asked == []
    assert handle.sent.get(handle.sent, "forecourt-consumer") == "anonymous"
    assert handle.sent.get(handle.sent, "forecourt-audience") == "public"


def test_what_it_may_not_call_is_refused_as_where_nothing_is_open(gate: Gate, digest: str) -> None:
    for path in ("orders", "nothing", "rates/more", ""):
        handle = gate.ask({":path": f"/payments/v2/{path}"}, **a_route(digest))
        assert refusal(handle) == (401, "missing")
        assert handle.sent.get(handle.sent, "forecourt-ratelimit") is None, "it costs nothing"


def test_ends_on_its_day_by_the_edges_own_clock(gate: Gate, digest: str) -> None:
    gate.time = TILL - 1
    assert gate.ask(RATES, **a_route(digest)).answer is None
    gate.time = TILL
    assert refusal(gate.ask(RATES, **a_route(digest))) == (401, "missing")


def test_without_its_contract_nobody_may_call_anything(gate: Gate, digest: str) -> None:
    assert refusal(gate.ask(RATES, **a_route("0" * 32))) == (401, "missing")


@pytest.mark.parametrize(
    "settings", [{"partner_host": "two.acme.example"}, {"mesh": True, "listener": "internal"}]
)
def test_is_met_nowhere_else(tmp_path: Path, digest: str, settings: dict[str, Any]) -> None:
    gate = Gate(tmp_path, **settings)
    assert refusal(gate.ask(RATES, **a_route(digest))) == (401, "missing")


def test_an_address_pays_for_itself_and_no_other(gate: Gate, digest: str) -> None:
    for n in range(15):
        handle = gate.ask(RATES, **a_route(digest), address=f"203.0.113.7:{n + 1}")
        assert left(handle) == 14 - n
    refused = gate.ask(RATES, **a_route(digest), address="203.0.113.7:99")
    assert refusal(refused) == (429, "rate-limited")
    assert gate.ask(RATES, **a_route(digest), address="203.0.113.8:1").answer is None


SAME = [
    ("[2001:db8:0:1::1]:5", "[2001:db8:0:1:ffff:ffff:ffff:ffff]:6"),
    ("[::ffff:203.0.113.7]:5", "203.0.113.7:6"),
    ("[::ffff:cb00:7107]:5", "203.0.113.7:6"),
    ("nonsense", "more nonsense"),
]
DIFFERENT = [
    ("[2001:db8:0:1::1]:5", "[2001:db8:0:2::1]:5"),
    ("[::ffff:203.0.113.7]:5", "[::ffff:203.0.113.8]:5"),
    ("[::1]:5", "[::ffff:0.0.0.1]:5"),
    ("203.0.113.7:5", "nonsense"),
]


@pytest.mark.parametrize(
    ("one", "other", "is_same"), [*((*p, True) for p in SAME), *((*p, False) for p in DIFFERENT)]
)
def test_one_network_is_one_address(
    gate: Gate, digest: str, one: str, other: str, is_same: bool
) -> None:
    gate.ask(RATES, **a_route(digest), address=one)
    assert left(gate.ask(RATES, **a_route(digest), address=other)) == (13 if is_same else 14)


def test_apis_share_an_address_but_for_one_with_a_limit_of_its_own(gate: Gate, digest: str) -> None:
    gate.ask(RATES, **a_route(digest))
    assert left(gate.ask(RATES, **a_route(digest, name="search"))) == 13
    own = a_route(digest, per_minute=10, capacity=10, bucket="payments")
    handle = gate.ask(RATES, **own)
    assert left(handle) == 9
    assert handle.sent.get(handle.sent, "forecourt-ratelimit-policy") == '"minute";q=10;w=60'


def test_what_an_operation_allows_each_caller_it_allows_each_address(
    gate: Gate, digest: str
) -> None:
    few = {":path": "/payments/v2/few"}
    for _ in range(2):
        assert gate.ask(few, **a_route(digest)).answer is None
    assert refusal(gate.ask(few, **a_route(digest))) == (429, "operation-limited")
    assert left(gate.ask(RATES, **a_route(digest))) == 12, "what was refused costs nothing"
    assert gate.ask(few, **a_route(digest), address="203.0.113.8:1").answer is None


def test_another_gateway_has_other_buckets_for_the_same_addresses(
    tmp_path: Path, digest: str
) -> None:
    ids = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        gate = Gate(tmp_path / name)
        taken = gate.lua.run(
            """
            local ids, buckets = {}, require("forecourt.address_buckets")
            local of = buckets.of
            buckets.of = function(...) ids[#ids + 1] = of(...) return ids[#ids] end
            return ids
            """
        )
        gate.ask(RATES, **a_route(digest))
        ids.update(taken.values())
    assert len(ids) == 2, "the key of ids is the gateway's own"
    assert all(0 < id < 2**52 for id in ids)


def test_a_known_caller_calls_the_same_as_itself(gate: Gate, digest: str) -> None:
    handle = gate.ask(RATES | {"x-api-key": KEY}, **a_route(digest))
    assert handle.sent.get(handle.sent, "forecourt-consumer") == "developer:ada"


@pytest.mark.parametrize("module", ["fallback", "functions"])
def test_what_strangers_have_others_do_for_them_they_pay_together(
    gate: Gate, digest: str, module: str
) -> None:
    taken = gate.lua.run(
        """
        local ids, buckets = {}, require("forecourt.buckets")
        buckets.take = function(id) ids[#ids + 1] = id return 1, 1 end
        return ids
        """
    )
    errands = gate.lua.module(module)
    for n in range(3):
        handle = gate.ask(RATES, **a_route(digest), address=f"203.0.113.{n}:1")
        if module == "functions":
            errands.charge(handle, 0)
        else:
            settings = gate.lua.value({"control_cluster": "control"})
            handle.httpCall = lambda *_: (None, None)
            errands.judge(handle, settings, digest, "root", "1", 0)
    assert set(taken.values()) == {errands.bucket(1)}


def test_nothing_that_is_forgotten_forgets_strangers(gate: Gate, digest: str) -> None:
    gate.lua.module("entitlements").drop_everything()
    assert gate.ask(RATES, **a_route(digest)).answer is None
