"""Converters as the edge has them: by its own names, with all that they need to know."""

from __future__ import annotations

from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.contract.lenses.steps import Convert


def convert(step: Convert) -> LuaTable:
    """`converter`, its arguments, `is_back`, `least` and `most`; `told` is what was looked for."""
    bounds: dict[str, LuaValue] = {}
    if step.least is not None:
        bounds["least"] = str(step.least)
    if step.most is not None:
        bounds["most"] = str(step.most)
    return {
        "converter": step.converter,
        "is_back": step.is_back,
        "told": _told(step),
        **bounds,
        **step.arguments,
    }


def _told(step: Convert) -> str:
    """What a value would have to be so that it could be said: `money of USD`."""
    one, _, other = step.converter.partition("-")
    currency = step.arguments.get("currency")
    return f"{other if step.is_back else one}{f' of {currency}' if currency else ''}"
