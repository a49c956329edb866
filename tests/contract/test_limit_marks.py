"""An operation's limit is read, or what is wrong with it is told where it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from forecourt.contract.reading import read_contract
from forecourt.estate.rate_limit import RateLimit
from tests.contract.builders import a_document, an_operation, diagnostics_of

_TEN = {"x-rate-limit": {"requests_per_minute": 10}}


def told(**document: Any) -> list[str]:
    return [f"{d.code} {d.name}: {d.message}" for d in diagnostics_of(a_document(**document))]


def limit_of(operation: dict[str, Any]) -> RateLimit | None:
    contract, _ = read_contract(a_document(paths={"/a": {"get": operation}}), "v1.openapi.json")
    assert contract is not None
    return contract.operations[0].rate_limit


def test_an_operation_has_the_limit_that_it_declares() -> None:
    assert limit_of(an_operation(**_TEN)) == RateLimit(requests_per_minute=10)
    more = {"x-rate-limit": {"requests_per_minute": 600, "burst_allowance": 1.5}}
    limit = RateLimit(requests_per_minute=600, burst_allowance=Decimal("1.5"))
    assert limit_of(an_operation(**more)) == limit
    assert limit_of(an_operation()) is None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (10, "`x-rate-limit` is no mapping with `requests_per_minute`"),
        ({}, "`x-rate-limit` does not say `requests_per_minute`"),
        (
            {"requests_per_day": 10},
            "`requests_per_day` is not one of requests_per_minute, burst_allowance",
        ),
        *(
            (
                {"requests_per_minute": number},
                f"`requests_per_minute` is {shown} a whole number from 1 to 10,000,000",
            )
            for number, shown in (
                (0, "`0`, which is not"),
                (1.5, "`1.5`, which is not"),
                ("9", "not"),
                (True, "not"),
            )
        ),
        (
            {"requests_per_minute": 1, "burst_allowance": 0},
            "`burst_allowance` is `0`, which is not a number from 1 to 100",
        ),
    ],
)
def test_refuses_what_is_no_limit(written: Any, message: str) -> None:
    operation = an_operation(**{"x-rate-limit": written})
    assert told(paths={"/a": {"get": operation}}) == [f"FC127 bad-rate-limit-mark: {message}"]
    assert limit_of(operation) is None


@pytest.mark.parametrize(
    "document",
    [
        _TEN,
        {"paths": {"/a": {"get": an_operation(), **_TEN}}},
        {"components": {"schemas": {"S": _TEN}}},
        {"components": {"responses": {"R": {"description": "it", **_TEN}}}},
    ],
    ids=["the document", "a path", "a schema", "an answer"],
)
def test_refuses_a_limit_where_no_operation_stands(document: dict[str, Any]) -> None:
    message = "FC128 misplaced-rate-limit-mark: `x-rate-limit` limits nothing here"
    assert message in told(**document)


@pytest.mark.parametrize(
    "document",
    [
        {"components": {"headers": {"x-rate-limit": {"schema": {"type": "integer"}}}}},
        {"components": {"schemas": {"S": {"properties": {"x-rate-limit": {}}}}}},
        {"components": {"schemas": {"S": {"example": _TEN}}}},
        {"x-somebody-elses": _TEN},
    ],
    ids=["a header's name", "a property's name", "an example", "an extension"],
)
def test_what_is_only_called_so_is_no_limit(document: dict[str, Any]) -> None:
    assert not [each for each in told(**document) if "rate-limit" in each]
