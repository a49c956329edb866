"""From changes and both contracts to what becomes of the messages of each operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from forecourt.contract.lenses.messages import Messages
from forecourt.contract.lenses.naming import operations_of
from forecourt.contract.lenses.program import Hop, Served
from forecourt.contract.lenses.schemas import Schemas
from forecourt.contract.lenses.sides import Sides
from forecourt.contract.model import Contract
from forecourt.diagnostics import Diagnostic, in_reading_order
from forecourt.estate.changes import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A hop, and what is wrong with the changes that it was made of."""

    hop: Hop
    mistakes: tuple[Diagnostic, ...]


def hops(changes: Iterable[Changes], contracts: Mapping[str, Contract]) -> tuple[Hop, ...]:
    """What lies between versions, oldest first, of changes without mistakes.

    `contracts` are by the names of the versions; where one is missing, so are its hops.
    """
    return tuple(
        derived(each, contracts[each.follows], contracts[each.version]).hop
        for each in changes
        if each.follows in contracts and each.version in contracts
    )


def derived(changes: Changes, older: Contract, newer: Contract) -> Derived:
    """The hop that changes make between two contracts."""
    sides = sides_of(changes, older, newer)
    messages = Messages(sides=sides)
    operations = tuple(messages.lens(operation) for operation in sides.older.contract.operations)
    messages.finish()
    hop = Hop(
        older=changes.follows,
        newer=changes.version,
        operations=operations,
        because=dict(messages.because()),
        served=tuple(_served(newer)),
    )
    return Derived(hop=hop, mistakes=in_reading_order((*sides.mistakes, *messages.mistakes)))


def _served(newer: Contract) -> Iterator[Served]:
    for each in newer.operations:
        yield Served(
            method=each.method, template=each.template, may_be_hidden=each.has_audience_marks
        )
    for left in newer.left_out:
        yield Served(method=left.method or "*", template=left.template, may_be_hidden=True)


def sides_of(changes: Changes, older: Contract, newer: Contract) -> Sides:
    """Both contracts, with the lenses at their places."""
    return Sides(
        changes=changes,
        older=Schemas(contract=older),
        newer=Schemas(contract=newer),
        called_older=operations_of(older.operations),
        called_newer=operations_of(newer.operations),
    )
