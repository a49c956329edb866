from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from forecourt.contract.dialect import Translated, translate
from forecourt.contract.one_sided import Direction
from forecourt.contract.validity import Judge, Unjudgeable
from forecourt.contract.values import Json


def translated(schema: Any, **document: Any) -> Translated:
    found = translate(
        {"S": schema, **document}, ("S",), openapi="3.1.0", direction=Direction.RESPONSE
    )
    assert isinstance(found, Translated)
    return found


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer"}, 12345678901234567890, Decimal("1.5")),
        ({"const": Decimal("1.10")}, Decimal("1.1"), Decimal("1.11")),
        ({"multipleOf": Decimal("0.01")}, Decimal("1.10"), Decimal("1.105")),
        ({"maximum": 10**20}, 10**20, 10**20 + 1),
        ({"format": "date"}, "2030-01-01", "2030-02-30"),
        ({"$ref": "#/T"}, "x", 1),
        ({"pattern": "^\\p{Lu}$"}, "É", "é"),
    ],
    ids=str,
)
def test_judges_exactly(schema: Any, good: Json, bad: Json) -> None:
    judge = Judge(translated(schema, T={"type": "string"}))
    assert judge.faults(good) == ()
    assert len(judge.faults(bad)) == 1


def test_lets_formats_count_only_where_they_should() -> None:
    assert Judge(translated({"format": "date"}), formats=False).faults("tomorrow") == ()


def test_judges_by_any_schema_within() -> None:
    schema = {"properties": {"a/b": {"items": {"$ref": "#/T"}}}}
    judge = Judge(translated(schema, T={"type": "string"}))
    at = ("$defs", "S", "properties", "a/b", "items")
    assert judge.accepts("x", at)
    assert not judge.accepts(1, at)


def test_says_where_a_value_and_which_keyword_are_at_odds() -> None:
    schema = {"properties": {"list": {"items": {"$ref": "#/T"}}}}
    judge = Judge(translated(schema, T={"properties": {"n": {"type": "integer"}}}))
    (fault,) = judge.faults({"list": [{}, {"n": "a secret"}]})
    assert fault.at == ("list", 1, "n")
    assert fault.schema == "/T/properties/n/type"
    assert fault.message == 'the value is not of type "integer"'


def test_says_where_each_alternative_would_be_broken() -> None:
    alternative = {"properties": {"a": {"type": "integer"}}, "type": "object"}
    judge = Judge(translated({"anyOf": [alternative, {"type": "string"}]}))
    (fault,) = judge.faults({"a": "x"})
    assert fault.at == ()
    assert fault.within == ((), ("a",))


def test_tells_no_more_faults_than_asked_for() -> None:
    judge = Judge(translated({"items": {"type": "integer"}}))
    assert len(judge.faults(["x"] * 50, most=3)) == 3


def test_a_schema_that_leads_back_to_itself_is_judged() -> None:
    judge = Judge(translated({"allOf": [{"$ref": "#/S"}], "type": "integer"}))
    assert judge.faults(1) == ()
    assert judge.faults("x") != ()


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "*"])
def test_refuses_a_pattern_that_is_none(pattern: str) -> None:
    with pytest.raises(Unjudgeable, match="regex"):
        Judge(translated({"items": {"pattern": pattern}}))
