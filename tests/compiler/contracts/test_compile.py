"""A contract as the edge loads it."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.contracts.compile import FORMAT, compile_contract, digest_of, spelled
from forecourt.compiler.contracts.serialized import deserialize
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract, an_operation


def test_both_ways_have_the_same_operations_by_the_same_numbers() -> None:
    contract = a_contract(paths={"/b": {"get": an_operation()}, "/a": {"put": an_operation()}})
    made = compile_contract(contract, Audience.PUBLIC)
    way_in: Any = deserialize(made.way_in)
    way_out: Any = deserialize(made.way_out)
    names = [operation["name"] for operation in way_in["operations"]]
    assert names == ["PUT /a", "GET /b"]
    assert [operation["name"] for operation in way_out["operations"]] == names
    assert {way_in["format"], way_out["format"]} == {FORMAT}
    assert way_in["bundle"][:4] in (b"FCB2", "FCB2")


def test_equal_contracts_have_one_name() -> None:
    one, other = (compile_contract(a_contract(), a) for a in (Audience.PUBLIC, Audience.PARTNER))
    assert (one.way_in_digest, one.way_out_digest) == (other.way_in_digest, other.way_out_digest)
    assert one.way_in_digest == digest_of(one.way_in)
    assert len(one.way_in_digest) == 32


@pytest.mark.parametrize(
    ("template", "expected"),
    [("/things/{id}", "GET /things/{id}"), ("/é", "GET /%C3%A9"), ("/a b", "GET /a%20b")],
)
def test_an_operation_is_called_by_method_and_template_in_ascii(
    template: str, expected: str
) -> None:
    contract = a_contract(paths={template: {"get": an_operation()}})
    (found,) = contract.operations
    assert spelled(found.method, found.template) == expected
