"""What is kept beside the way in, for the control plane to judge by."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.contracts.compile import compile_contract
from forecourt.compiler.contracts.exact import schemas_of
from forecourt.contract import Contract, read_contract
from forecourt.contract.values import encode
from forecourt.estate.audience import Audience


def a_contract(schema: Any, openapi: str = "3.1.0") -> Contract:
    content = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "ok"}}}
    document: Any = {
        "openapi": openapi,
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/a": {"post": operation}},
    }
    contract, _ = read_contract(encode(document).decode(), "shop.json")
    assert contract is not None
    return contract


def the_only(exact: bytes) -> Any:
    """The schema that was kept, where it is one and refers to no other."""
    (schema,) = schemas_of(exact).values()
    definitions: Any = schema["$defs"]
    (definition,) = definitions.values()
    return definition


def test_nothing_is_kept_of_what_the_edge_judges() -> None:
    compiled = compile_contract(a_contract({"type": "string", "pattern": "^a"}), Audience.PUBLIC)
    assert (compiled.exact, compiled.exact_name) == (b"", "")
    assert compiled.contents.keys() == {compiled.way_in_digest, compiled.way_out_digest}


def test_schemas_are_kept_under_the_name_of_the_way_in() -> None:
    compiled = compile_contract(a_contract({"pattern": "^(?!0)"}), Audience.PUBLIC)
    assert compiled.exact_name == f"{compiled.way_in_digest}.exact"
    assert compiled.contents[compiled.exact_name] == compiled.exact
    assert the_only(compiled.exact) == {"pattern": "^(?!0)"}


def test_the_way_in_is_another_where_only_a_pattern_is_that_the_edge_does_not_judge() -> None:
    one, other = (
        compile_contract(a_contract({"pattern": pattern}), Audience.PUBLIC)
        for pattern in ("^(?!0)", "^(?!1)")
    )
    assert one.way_in_digest != other.way_in_digest


def test_they_mean_what_the_edge_would_make_of_them() -> None:
    schema = {
        "type": "object",
        "nullable": True,
        "required": ["id", "code"],
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "code": {"type": "string", "pattern": "^(?!0)"},
            "due": {"type": "string", "format": "date"},
            "mail": {"type": "string", "format": "email"},
        },
    }
    compiled = compile_contract(a_contract(schema, "3.0.3"), Audience.PUBLIC)
    definition = the_only(compiled.exact)
    assert definition["required"] == ["code"]
    assert definition["type"] == ["object", "null"]
    assert definition["properties"]["due"]["format"] == "date"
    assert "format" not in definition["properties"]["mail"]


@pytest.mark.parametrize("content", [b'{"format": 0, "roots": {"a": {}}}', b"[]"])
def test_what_another_release_wrote_is_nothing(content: bytes) -> None:
    assert schemas_of(content) == {}
