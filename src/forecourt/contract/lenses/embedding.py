"""A contract's document as it can stand in another: its references lead to itself."""

from __future__ import annotations

from forecourt.contract.identities import NAMED
from forecourt.contract.openapi_3_0 import Dialect, plainly
from forecourt.contract.references import reference_to
from forecourt.contract.values import Json

# Beneath these stand values, whatever they look like.
_VALUES = frozenset({"const", "default", "enum", "example", "examples", "value"})


def embedded(root: Json, at: str, dialect: Dialect) -> Json:
    """The document with every reference as it has to be where it stands at the key `at`.

    Its schemas are said in 2020-12 where `dialect`, its own, is another; pass 2020-12 to leave them
    as they are.
    """
    return _value(root, reference_to((at,)), dialect, is_named=False)


def _value(value: Json, root: str, dialect: Dialect, *, is_named: bool) -> Json:
    if isinstance(value, list):
        return [_value(each, root, dialect, is_named=False) for each in value]
    if not isinstance(value, dict):
        return value
    said = value if is_named else plainly(value, dialect)
    copy: dict[str, Json] = {}
    for key, inner in said.items():
        if is_named:
            copy[key] = _value(inner, root, dialect, is_named=False)
        elif key == "$ref" and isinstance(inner, str):
            copy[key] = root + inner[1:] if inner.startswith("#") else inner
        elif key in _VALUES:
            copy[key] = inner
        else:
            copy[key] = _value(inner, root, dialect, is_named=key in NAMED)
    return copy
