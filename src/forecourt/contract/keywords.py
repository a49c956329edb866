"""The keywords of JSON Schema 2020-12 that say something about a value, and what each may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from forecourt.contract.patterns import strict
from forecourt.contract.values import Json


class Malformed(Exception):
    """A keyword holds what has no meaning there."""


# What each holds: a schema, a list of schemas, schemas by name.
OF_A_SCHEMA = frozenset(
    {
        "additionalProperties",
        "contains",
        "else",
        "if",
        "items",
        "not",
        "propertyNames",
        "then",
        "unevaluatedItems",
        "unevaluatedProperties",
    }
)
OF_A_LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
OF_A_MAPPING = frozenset({"dependentSchemas", "patternProperties", "properties"})

TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


def a_list(value: Json) -> list[Json]:
    """The value, which is a list."""
    if isinstance(value, list):
        return value
    raise Malformed


def a_mapping(value: Json) -> dict[str, Json]:
    """The value, which is a mapping."""
    if isinstance(value, dict):
        return value
    raise Malformed


def is_number(value: Json) -> bool:
    """Whether it is one; true and false are none."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _anything(value: Json) -> Json:
    return value


def _text(value: Json) -> Json:
    if isinstance(value, str):
        return value
    raise Malformed


def _pattern(value: Json) -> Json:
    return strict(str(_text(value)))


def _flag(value: Json) -> Json:
    if isinstance(value, bool):
        return value
    raise Malformed


def _number(value: Json) -> Json:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise Malformed


def _divisor(value: Json) -> Json:
    number = _number(value)
    assert isinstance(number, int | Decimal)
    if number > 0:
        return number
    raise Malformed


def _count(value: Json) -> Json:
    number = _number(value)
    assert isinstance(number, int | Decimal)
    # A number of ten thousand digits is not worth making.
    if 0 <= number < 2**63 and number == int(number):
        return int(number)
    raise Malformed


def _names(value: Json) -> Json:
    names: list[Json] = [name for name in a_list(value) if isinstance(name, str)]
    if len(names) == len(a_list(value)):
        return list(dict.fromkeys(names))  # a name that is written twice is required once
    raise Malformed


def _names_by_name(value: Json) -> Json:
    return {name: _names(names) for name, names in a_mapping(value).items()}


def _types(value: Json) -> Json:
    kinds = value if isinstance(value, list) else [value]
    if kinds and all(kind in TYPES for kind in kinds):
        return list(dict.fromkeys(kinds)) if isinstance(value, list) else value
    raise Malformed


PLAIN: Mapping[str, Callable[[Json], Json]] = MappingProxyType(
    {
        "const": _anything,
        "dependentRequired": _names_by_name,
        "enum": a_list,
        "exclusiveMaximum": _number,
        "exclusiveMinimum": _number,
        "format": _text,
        "maxContains": _count,
        "maxItems": _count,
        "maxLength": _count,
        "maxProperties": _count,
        "maximum": _number,
        "minContains": _count,
        "minItems": _count,
        "minLength": _count,
        "minProperties": _count,
        "minimum": _number,
        "multipleOf": _divisor,
        "pattern": _pattern,
        "required": _names,
        "type": _types,
        "uniqueItems": _flag,
        # These say nothing that could be broken. Whoever makes a value looks at them.
        "default": _anything,
        "example": _anything,
        "examples": a_list,
        "readOnly": _flag,
        "writeOnly": _flag,
    }
)
