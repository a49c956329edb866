"""What is wrong with a document as diagnostics, with what each mistake costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from forecourt.contract.model import LeftOut
from forecourt.contract.places import Places
from forecourt.contract.trouble import Trouble
from forecourt.contract.walk import Node, Walk
from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.quoting import shown

# An operation: its method in capitals (None for a whole path), and its template.
Named: TypeAlias = "tuple[str | None, str]"

# Beyond these, operations that a mistake costs are counted.
_MOST_NAMED = 4


def diagnostic(trouble: Trouble, places: Places, *, more: str = "") -> Diagnostic:
    """A mistake at its place; `more` goes on with the sentence."""
    return trouble.code.at(_span(trouble, places), trouble.message + more, help=trouble.help)


def told(walk: Walk, names: Mapping[Node, Named], places: Places) -> Iterator[Diagnostic]:
    """Every mistake with the operations that it costs, then every remark.

    What is the same at many places is told once, at the first.
    """
    spoiled = walk.spoiled()
    costs: dict[int, list[str]] = {}
    for node, (method, template) in names.items():
        if (trouble := spoiled.get(node)) is not None:
            name = f"{method} {template}" if method is not None else template
            costs.setdefault(id(trouble), []).append(name)
    mistakes = [trouble for troubles in walk.troubles.values() for trouble in troubles]
    for group in _alike(mistakes):
        lost = [name for trouble in group for name in costs.get(id(trouble), ())]
        yield _together(group, places, _cost(lost))
    told_already = {trouble.at for trouble in mistakes}
    for group in _alike(remark for remark in walk.remarks if remark.at not in told_already):
        yield _together(group, places, "")


def left_out(
    spoiled: Mapping[Node, Trouble], names: Mapping[Node, Named], places: Places
) -> tuple[LeftOut, ...]:
    """The operations that have trouble or need something that has, by template and method."""
    left = (
        LeftOut(
            method=method,
            template=template,
            reason=spoiled[node].message,
            span=_span(spoiled[node], places),
        )
        for node, (method, template) in names.items()
        if node in spoiled
    )
    return tuple(sorted(left, key=lambda o: (o.template, o.method or "")))


def _span(trouble: Trouble, places: Places) -> Span:
    return places.key(trouble.at) if trouble.on == "key" else places.value(trouble.at)


def _alike(troubles: Iterable[Trouble]) -> Iterable[list[Trouble]]:
    """Those that say the same, together; in the order of the first of each."""
    groups: dict[object, list[Trouble]] = {}
    for trouble in troubles:
        key = (trouble.code.code, trouble.alike) if trouble.alike else id(trouble)
        groups.setdefault(key, []).append(trouble)
    return groups.values()


def _together(alike: list[Trouble], places: Places, cost: str) -> Diagnostic:
    others = len({trouble.at for trouble in alike}) - 1
    more = f" (and so at {others} other place{'s' if others > 1 else ''})" if others else ""
    return diagnostic(alike[0], places, more=more + cost)


def _cost(operations: list[str]) -> str:
    if not operations:
        return ""
    names = [shown(operation) for operation in operations[:_MOST_NAMED]]
    if (others := len(operations) - len(names)) > 0:
        names.append("another" if others == 1 else f"{others} others")
    *before, last = names
    return f"; {', '.join(before)} and {last} are left out" if before else f"; {last} is left out"
