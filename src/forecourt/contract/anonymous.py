"""Operations that ask for no credential: their `security` is empty, or one of its alternatives.

Where nothing says `security`, nobody thought of it, and nothing follows.
"""

from __future__ import annotations

from dataclasses import replace

from forecourt.contract.model import Contract, Operation
from forecourt.contract.projection import seen
from forecourt.estate.audience import Audience


def asks_for_nothing(operation: Operation) -> bool:
    """Whether one of the ways to call it needs no credential."""
    ways = operation.security
    return ways is not None and (not ways or any(not way.schemes for way in ways))


def for_anybody(contract: Contract, audience: Audience) -> Contract:
    """The contract as that audience sees it, with those operations alone.

    What the document itself says counts: that nothing is left of `security` for who does not see
    its schemes opens nothing.
    """
    open_to_all = {(o.method, o.template) for o in contract.operations if asks_for_nothing(o)}
    if not open_to_all:
        return replace(contract, operations=())
    shown = seen(contract, audience)
    operations = tuple(o for o in shown.operations if (o.method, o.template) in open_to_all)
    return replace(shown, operations=operations)
