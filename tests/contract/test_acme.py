"""The contracts of the example estate are the kind that others may learn from."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.contract import Contract, read_contract
from forecourt.contract.values import Json, decode, descend
from tests.contract.builders import the_example

ACME = Path(__file__).resolve().parents[2] / "examples" / "acme"
CONTRACTS = {
    path.relative_to(ACME).as_posix(): path for path in sorted(ACME.glob("apis/*/*openapi.yaml"))
}


@pytest.fixture(params=CONTRACTS, scope="module")
def contract(request: pytest.FixtureRequest) -> Contract:
    contract, diagnostics = read_contract(CONTRACTS[request.param].read_text(), request.param)
    assert diagnostics == ()
    assert contract is not None
    return contract


def test_there_is_a_contract_for_each_version() -> None:
    assert sorted(CONTRACTS) == [
        "apis/analytics/2023-06-01.openapi.yaml",
        "apis/analytics/2024-01-15.openapi.yaml",
        "apis/payments/v1.openapi.yaml",
        "apis/payments/v2.openapi.yaml",
        "apis/users/openapi.yaml",
    ]


def test_every_operation_has_a_name_and_a_summary(contract: Contract) -> None:
    assert [str(o) for o in contract.operations if not (o.id and o.summary)] == []


def test_every_operation_says_what_goes_wrong(contract: Contract) -> None:
    assert [str(o) for o in contract.operations if o.responses[-1].status != "default"] == []


def test_every_error_is_a_problem(contract: Contract) -> None:
    others = {
        (str(operation), response.status)
        for operation in contract.operations
        for response in operation.responses
        if not response.status.startswith("2")
        and [c.media_type for c in response.contents] != ["application/problem+json"]
    }
    assert others == set()


def test_a_problem_repeats_its_status(contract: Contract) -> None:
    for operation in contract.operations:
        for response in operation.responses:
            if response.status.startswith(("4", "5")):
                status = int(response.status)
                shown = the_example(contract, operation, status=status).value
                assert isinstance(shown, dict)
                assert shown["status"] == status


def test_no_audience_is_marked(contract: Contract) -> None:
    assert contract.audience_marks == ()


def test_version_2_offers_what_the_lenses_of_version_1_need() -> None:
    """`charge` becomes `createPayment`; everything else keeps its name."""
    first, second = (
        {o.id for o in the_contract(f"apis/payments/{v}.openapi.yaml").operations}
        for v in ("v1", "v2")
    )
    assert first - second == {"charge"}
    assert second - first == {"createPayment", "capturePayment"}


def the_contract(path: str) -> Contract:
    contract, _ = read_contract(CONTRACTS[path].read_text(), path)
    assert contract is not None
    return contract


def test_amounts_became_money() -> None:
    def amount(version: str) -> Json:
        document = decode(the_contract(f"apis/payments/{version}.openapi.yaml").document)
        return descend(document, ("components", "schemas", "Payment", "properties", "amount"))

    assert isinstance(v1 := amount("v1"), dict)
    assert v1["type"] == "integer"
    assert amount("v2") == {"$ref": "#/components/schemas/Money"}
