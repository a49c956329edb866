"""What an editor is told of a value: fragments of JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

# JSON Schema 2020-12, of which only keywords are used that draft 7 has too: editors lag behind.
# Patterns keep to what ECMA-262 (with the flag `u`) and Rust's `regex` both read.
Shape: TypeAlias = Mapping[str, object]


def text_shape(pattern: str, *, example: str | None = None, numbers: bool = False) -> Shape:
    """A text that matches as a whole.

    `numbers` where YAML takes some of these texts for numbers when they stand without quotes.
    """
    shape: dict[str, object] = {"type": ["string", "number"] if numbers else "string"}
    shape["pattern"] = f"^(?:{pattern})$"
    if example is not None:
        shape["examples"] = [example]
    return shape


def words_shape(words: tuple[str, ...]) -> Shape:
    """One word of a set."""
    return {"type": "string", "enum": list(words)}


def list_shape(of: Shape, at_least: int = 0) -> Shape:
    """A list without repeats.

    Of values that may be numbers no editor can tell `1.1` from `1.10`, which are two versions.
    """
    shape: dict[str, object] = {"type": "array", "items": of}
    if at_least:
        shape["minItems"] = at_least
    if of["type"] == "string":
        shape["uniqueItems"] = True
    return shape


def mapping_shape(keys: Shape, values: Shape) -> Shape:
    """A mapping whose keys the user chooses, or takes from a set."""
    if isinstance(words := keys.get("enum"), list):
        return {
            "type": "object",
            "properties": dict.fromkeys(words, values),
            "additionalProperties": False,
        }
    names = {**keys, "type": "string"}  # whatever YAML makes of a key, it is a text
    return {"type": "object", "propertyNames": names, "additionalProperties": values}


def layer_shape(shape: Shape) -> Shape:
    """A value that is laid over another: its mappings may leave out any key.

    A list replaces the whole list below it, so what its items must have they must still have.
    """
    layer = {key: value for key, value in shape.items() if key != "required"}
    if isinstance(inner := layer.get("properties"), dict):
        layer["properties"] = {key: layer_shape(value) for key, value in inner.items()}
    if isinstance(values := layer.get("additionalProperties"), dict):
        layer["additionalProperties"] = layer_shape(values)
    return layer
