"""What only one side writes is not asked of the other."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.contract.one_sided import Direction, is_other_sides, let_out
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.references import look_up
from forecourt.contract.values import Json

DOCUMENT: dict[str, Any] = {
    "Id": {"readOnly": True},
    "Leads": {"$ref": "#/Id"},
    "Circle": {"$ref": "#/Circle"},
    "Base": {"properties": {"id": {"$ref": "#/Leads"}, "name": {}}},
    "Itself": {"allOf": [{"$ref": "#/Itself"}], "properties": {"id": {"readOnly": True}}},
}


def lead(reference: str) -> Json:
    found = look_up(DOCUMENT, reference)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("schema", "dialect", "is_theirs"),
    [
        ({"readOnly": True}, Dialect.OPENAPI_3_0, True),
        ({"readOnly": "yes"}, Dialect.OPENAPI_3_0, False),
        ({"$ref": "#/Leads"}, Dialect.OPENAPI_3_0, True),
        ({"$ref": "#/Circle"}, Dialect.OPENAPI_3_0, False),
        ({"$ref": "#/Nothing"}, Dialect.OPENAPI_3_0, False),
        ({"$ref": "#/Base", "readOnly": True}, Dialect.JSON_SCHEMA_2020_12, True),
        ({"$ref": "#/Base", "readOnly": True}, Dialect.OPENAPI_3_0, False),
        (True, Dialect.JSON_SCHEMA_2020_12, False),
    ],
    ids=str,
)
def test_says_whose_a_property_is(schema: Any, dialect: Dialect, is_theirs: bool) -> None:
    assert is_other_sides(schema, Direction.REQUEST, dialect, lead) is is_theirs
    assert not is_other_sides(schema, Direction.RESPONSE, dialect, lead)


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"properties": {"id": {"readOnly": True}, "name": {}}}, {"id"}),
        ({"allOf": [{"$ref": "#/Base"}]}, {"id"}),
        ({"$ref": "#/Base"}, {"id"}),
        ({"$ref": "#/Itself"}, {"id"}),
        ({"anyOf": [{"$ref": "#/Base"}]}, set()),
    ],
    ids=str,
)
def test_lets_out_what_a_part_declares(schema: Any, names: set[str]) -> None:
    def is_let_out(inner: Json) -> bool:
        return is_other_sides(inner, Direction.REQUEST, Dialect.OPENAPI_3_0, lead)

    assert let_out(schema, lead, is_let_out) == names
