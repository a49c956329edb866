"""OpenAPI 3.0's schemas, said in 2020-12."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.openapi_3_0 import Dialect, plainly


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": ["string", "null"], "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": False}, {"type": "string"}),
        ({"nullable": True}, {}),
        ({"type": [], "nullable": True}, {"type": []}),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        ({"exclusiveMaximum": True}, {}),
        ({"$ref": "#/a", "type": "string", "x-audience": "partner"}, None),
        ({"const": 1, "patternProperties": {}, "title": "T"}, {"title": "T"}),
    ],
)
def test_says(written: dict[str, Any], said: dict[str, Any] | None) -> None:
    found = {k: v for k, v in plainly(written, Dialect.OPENAPI_3_0).items() if k != "nullable"}
    assert found == (said if said is not None else {"$ref": "#/a", "x-audience": "partner"})


def test_leaves_3_1_as_it_is() -> None:
    written: dict[str, Any] = {"$ref": "#/a", "nullable": True, "const": 1}
    assert plainly(written, Dialect.JSON_SCHEMA_2020_12) is written
