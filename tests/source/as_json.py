"""Files as an editor sees them: YAML's core schema decides what is a text, a number or a word."""

from __future__ import annotations

import re
from typing import Any

from forecourt.source.tree import Mapping, Node, Scalar, Sequence, parse

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
_BOOL = re.compile("true|True|TRUE|false|False|FALSE")
_INT = re.compile("[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def as_json(text: str) -> Any:
    """The value of a YAML text; an empty file is an empty mapping."""
    node, _ = parse(text, "a.yaml")
    assert node is not None
    return {} if isinstance(node, Scalar) and node.is_null else _value(node)


def plain(text: str) -> Any:
    """What a text is without quotes."""
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _value(node: Node) -> Any:
    match node:
        case Mapping():
            return {key.text: _value(value) for key, value in node.entries}
        case Sequence():
            return [_value(item) for item in node.items]
        case Scalar() if node.is_null:
            return None
        case Scalar():
            return node.text if node.is_quoted else plain(node.text)
