"""Exact schemas as a compiled contract has them."""

from __future__ import annotations

from forecourt.compiler.contracts.exact import FORMAT
from forecourt.contract.values import Json, encode

CONTRACT = "0" * 32

# A pattern that no automaton says and that takes for ever on many an x.
BOMB = "(x+x+)+y(?!z)"
LONG = b'"' + b"x" * 40 + b'"'


def exact(**roots: Json) -> bytes:
    """Schemas by name."""
    written: dict[str, Json] = {
        name: {"$ref": "#/$defs/S", "$defs": {"S": schema}} for name, schema in roots.items()
    }
    return encode({"format": FORMAT, "roots": written})
