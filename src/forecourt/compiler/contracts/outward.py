"""What one operation needs on the way out."""

from __future__ import annotations

from forecourt.compiler.contracts.side import Side
from forecourt.contract import Operation
from forecourt.contract.values import Json


def outward(operation: Operation, number: int, document: Json) -> Side:
    """What is judged on the way out: nothing yet."""
    return Side(table={})
