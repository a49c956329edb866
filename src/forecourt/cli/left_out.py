"""Which operations of contracts are not served, and why."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.contract import Contract
from forecourt.contract.explaining import NOT_IN_ESTATE

_MOST = 20


def left_out_lines(contracts: Iterable[Contract], *, not_there: str = NOT_IN_ESTATE) -> list[str]:
    """A line an operation, with the place of what is wrong; the last counts those beyond 20.

    `not_there` says where a file that is referred to was looked for.
    """
    left = [operation for contract in contracts for operation in contract.left_out]
    lines = [
        f"left out: {o}: {o.span}: {o.reason.replace(NOT_IN_ESTATE, not_there)}"
        for o in left[:_MOST]
    ]
    return [*lines, f"left out: {len(left) - _MOST} more"] if len(left) > _MOST else lines
