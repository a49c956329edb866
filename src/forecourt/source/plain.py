"""A tree of texts as the values that it says."""

from __future__ import annotations

import re
from decimal import Decimal

from forecourt.estate.values import Json
from forecourt.source.tree import Mapping, Node, Scalar

# YAML 1.2, core schema (https://yaml.org/spec/1.2.2/#103-core-schema): `no` and `on` are texts.
_WORDS: dict[str, bool] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_BEGINS = frozenset("0123456789+-.")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,6})?")

# Python refuses to read longer ones, and nobody means them as numbers.
_MOST_DIGITS = 1000


def plain(node: Node) -> Json:
    """A tree as values, which no longer know where they stand."""
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    return [plain(item) for item in node.items]


def _scalar(scalar: Scalar) -> Json:
    text = scalar.text
    if scalar.is_quoted:
        return text
    if scalar.is_null:
        return None
    if text[0] in _NUMBER_BEGINS and len(text) < _MOST_DIGITS:
        if _DECIMAL.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            return Decimal(text)
        if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
    return _WORDS.get(text, text)
