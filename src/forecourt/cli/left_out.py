"""Which operations of contracts are not served, and why."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.contract import Contract

_MOST = 20


def left_out_lines(contracts: Iterable[Contract]) -> list[str]:
    """A line an operation, with the place of what is wrong; the last counts those beyond 20."""
    left = [operation for contract in contracts for operation in contract.left_out]
    lines = [f"left out: {o}: {o.span}: {o.reason}" for o in left[:_MOST]]
    return [*lines, f"left out: {len(left) - _MOST} more"] if len(left) > _MOST else lines
