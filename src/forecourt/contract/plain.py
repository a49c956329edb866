"""Whether a plain value is what OpenAPI has at its place, or at least clearly meant to be."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum, auto

from forecourt.contract.shapes import Plain
from forecourt.contract.values import Json
from forecourt.source.vocabulary.spelling import nearest

_NUMBER = re.compile(r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?")
_FLAGS = frozenset({"true", "false"})
_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


class Fit(Enum):
    """How a value fits."""

    EXACT = auto()
    CLEAR = auto()
    UNCLEAR = auto()


EXPECTED: dict[Plain, str] = {
    "text": "a text",
    "flag": "`true` or `false`",
    "number": "a number",
    "texts": "a list of texts",
    "list": "a list",
}


def fit(value: Json, plain: Plain) -> Fit:
    """How a value fits; what was left empty says nothing, and fits."""
    if value is None:
        return Fit.EXACT
    match plain:
        case "text":
            return _text(value)
        case "flag":
            return _either(isinstance(value, bool), value in _FLAGS if _is_text(value) else False)
        case "number":
            is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
            return _either(is_number, isinstance(value, str) and bool(_NUMBER.fullmatch(value)))
        case "list":
            return Fit.EXACT if isinstance(value, list) else Fit.UNCLEAR
        case "texts":
            if isinstance(value, bool):  # `required: true` of a property, as in JSON Schema draft 3
                return Fit.CLEAR
            if not isinstance(value, list):
                return Fit.UNCLEAR
            return max((_text(item) for item in value), key=_ORDER.index, default=Fit.EXACT)


def is_type(value: Json) -> bool:
    """Whether a schema's `type` names types that there are."""
    if isinstance(value, list):
        return all(isinstance(name, str) and name in _TYPES for name in value)
    return value is None or (isinstance(value, str) and value in _TYPES)


def nearest_type(written: str) -> str | None:
    """The type that was probably meant."""
    return nearest(written, sorted(_TYPES))


_ORDER = (Fit.EXACT, Fit.CLEAR, Fit.UNCLEAR)


def _text(value: Json) -> Fit:
    return _either(isinstance(value, str), isinstance(value, int | Decimal))


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _either(is_exact: bool, is_clear: bool) -> Fit:
    if is_exact:
        return Fit.EXACT
    return Fit.CLEAR if is_clear else Fit.UNCLEAR
