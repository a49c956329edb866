"""JSON to be read and compared by people: what fits stands on one line."""

from __future__ import annotations

import json
from typing import Any

_WIDTH = 100


def pretty(value: Any) -> str:
    """The value as JSON text, with a line's end."""
    return _spelled(value, "", "") + "\n"


def _spelled(value: Any, indent: str, key: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    fits = len(indent) + len(key) + len(flat) < _WIDTH
    if fits or not value or not isinstance(value, dict | list):
        return key + flat
    inner = indent + "  "
    if isinstance(value, dict):
        items = [_spelled(v, inner, f"{json.dumps(k)}: ") for k, v in value.items()]
        opens, closes = "{", "}"
    else:
        items = [_spelled(item, inner, "") for item in value]
        opens, closes = "[", "]"
    lines = ",\n".join(inner + item for item in items)
    return f"{key}{opens}\n{lines}\n{indent}{closes}"
