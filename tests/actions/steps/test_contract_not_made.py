"""The contract of a request that nobody made: what the edge says of it, and what stays open."""

from __future__ import annotations

import pytest

from forecourt.actions.explain_request import Explanation
from forecourt.actions.steps import Outcome, Step
from forecourt.compiler.refusals import Refusal
from forecourt.edge.trial import Fault, Tried
from tests.actions.explaining import House, refused_step

_PATH = "/payments/v2/things"
_BROKEN = Fault(where="query", name="limit", rule="type", expected="integer")


@pytest.fixture
async def house() -> House:
    return await House().open()


def contract_step(explained: Explanation) -> Step:
    (step,) = (s for s in explained.steps if s.name == "contract")
    return step


async def test_the_edge_is_asked_about_path_and_query(house: House) -> None:
    await house.assumed("ada", _PATH, query="limit=x")
    (asked,) = house.trials.asked
    assert (asked.method, asked.prefix) == ("GET", "/payments/v2/")
    assert asked.target == f"{_PATH}?limit=x"


async def test_what_the_edge_refuses_is_refused_with_each_fault(house: House) -> None:
    house.trials.says = Tried(verdict="parameters-invalid", faults=(_BROKEN,))
    explained = await house.assumed("ada", _PATH, query="limit=x")
    assert explained.refusal is Refusal.PARAMETERS_INVALID
    refused = refused_step(explained)
    assert refused.says.endswith("query `limit`: type (expected integer)")
    assert refused.ways_out[0] == "send what it declares"
    assert "v1.openapi.yaml:" in refused.ways_out[1]


@pytest.mark.parametrize(
    ("tried", "outcome", "says"),
    [
        (Tried(verdict="kept"), Outcome.PASSED, "path and query are what the contract declares"),
        (
            Tried(verdict="kept", needed=(Fault(where="header", name="x-h", rule="required"),)),
            Outcome.NOT_JUDGED,
            "if so is its header `x-h`: path",
        ),
        (Tried(verdict="cannot-judge"), Outcome.NOT_JUDGED, "to the control plane"),
        (Tried(verdict="malformed-request"), Outcome.NOT_JUDGED, "for no path and query"),
        (Tried(verdict="contract-missing"), Outcome.NOT_JUDGED, "says `contract-missing`"),
        (None, Outcome.NOT_JUDGED, "if parameters and body are what the contract declares"),
    ],
)
async def test_what_is_not_refused_says_what_stays_open(
    house: House, tried: Tried | None, outcome: Outcome, says: str
) -> None:
    house.trials.says = tried
    explained = await house.assumed("ada", _PATH, query="")
    step = contract_step(explained)
    assert explained.refusal is None
    assert step.outcome is outcome
    assert says in step.says


@pytest.mark.parametrize(
    ("who", "path"), [("revoked", _PATH), ("ada", "/payments/v2/nothing"), ("ada", "/nothing")]
)
async def test_it_is_not_asked_about_what_comes_to_no_contract(
    house: House, who: str, path: str
) -> None:
    await house.assumed(who, path, query="")
    assert house.trials.asked == []
