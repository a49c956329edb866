"""What an audience sees of a schema, and what the other side alone writes."""

from __future__ import annotations

from typing import Any

import pytest

from forecourt.compiler.bundle.projection import View, is_not_required, is_withheld
from forecourt.compiler.bundle.references import References
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.sight import Sight
from forecourt.estate.audience import Audience

DOCUMENT: dict[str, Any] = {
    "marked": {"x-audience": "partner"},
    "leads": {"$ref": "#/marked"},
    "circle": {"$ref": "#/circle"},
}


def sight(audience: Audience = Audience.PUBLIC) -> Sight:
    return Sight(root=DOCUMENT, audience=audience, target=References(DOCUMENT).target)


def view(audience: Audience = Audience.PUBLIC, direction: Direction = Direction.REQUEST) -> View:
    return View(audience=audience, direction=direction)


@pytest.mark.parametrize(
    ("mark", "who"),
    [
        (None, set(Audience)),
        ("public", set(Audience)),
        ("partner", {Audience.PARTNER, Audience.INTERNAL}),
        ("internal", {Audience.INTERNAL}),
        ("publc", set()),
        (["public"], set()),
    ],
)
def test_an_element_is_there_for_those_who_may_see_it(mark: Any, who: set[Audience]) -> None:
    assert {audience for audience in Audience if view(audience).sees(mark)} == who


@pytest.mark.parametrize(
    "schema",
    [
        {"x-audience": "partner"},
        {"$ref": "#/marked"},
        {"$ref": "#/leads"},
        {"$ref": "#/nothing", "x-audience": "internal"},
        {"allOf": [{"$ref": "#/marked"}, {"description": "and nothing else"}]},
        {"oneOf": [{"$ref": "#/marked"}, {"$ref": "#/leads"}]},
    ],
)
def test_a_property_is_withheld_by_a_mark_on_the_way_to_its_schema(schema: Any) -> None:
    assert is_withheld(sight(), schema, view())
    assert not is_withheld(sight(Audience.INTERNAL), schema, view(Audience.INTERNAL))


def test_a_circle_of_references_says_nothing() -> None:
    assert not is_withheld(sight(), {"$ref": "#/circle"}, view())


@pytest.mark.parametrize(
    ("keyword", "direction", "withheld", "not_required"),
    [
        ("readOnly", Direction.REQUEST, False, True),
        ("readOnly", Direction.RESPONSE, False, False),
        ("writeOnly", Direction.RESPONSE, True, True),
        ("writeOnly", Direction.REQUEST, False, False),
    ],
)
def test_what_one_side_writes_is_not_asked_of_the_other(
    keyword: str, direction: Direction, withheld: bool, not_required: bool
) -> None:
    way = view(direction=direction)
    assert is_withheld(sight(), {keyword: True}, way) is withheld
    assert is_not_required(sight(), {keyword: True}, way, Dialect.OPENAPI_3_0) is not_required


def test_a_mark_beside_a_reference_withholds_in_every_dialect() -> None:
    way = view(direction=Direction.RESPONSE)
    schema = {"$ref": "#/nothing", "writeOnly": True}
    assert is_withheld(sight(), schema, way)
    assert is_not_required(sight(), schema, way, Dialect.JSON_SCHEMA_2020_12)
    assert not is_not_required(sight(), schema, way, Dialect.OPENAPI_3_0)
