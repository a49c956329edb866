"""What callers must present: what was enough must still be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from forecourt.contract.comparison.met import Between, Told, said
from forecourt.contract.comparison.schemes import schemes
from forecourt.contract.comparison.side import Side
from forecourt.contract.comparison.wording import listed
from forecourt.contract.model import Operation, Requirement
from forecourt.contract.values import Pointer

# A change of a kind there, with what is said of it.
Change: TypeAlias = "Callable[[str, str], Told]"

# All that must be presented together: schemes (with None), and scopes of theirs.
_Demand = frozenset[tuple[str, str | None]]


def security(old: Side, new: Side, before: Operation, after: Operation) -> Iterator[Told]:
    """How what an operation demands differs."""
    was, is_now = _demands(before), _demands(after)
    at = Between(_place(old, before), _place(new, after))

    def change(kind: str, message: str) -> Told:
        return at.told(kind, "", message)

    for demand in was:
        if not any(other <= demand for other in is_now):
            yield from _harder(demand, is_now, change)
    for demand in is_now:
        yield from _easier(demand, was, change)
    used = {name for demand in (*was, *is_now) for name, _ in demand}
    yield from schemes(old, new, used)


def _harder(demand: _Demand, is_now: tuple[_Demand, ...], change: Change) -> Iterator[Told]:
    """What was enough is not: for want of scopes, or altogether."""
    alike = [other for other in is_now if _schemes(other) == _schemes(demand)]
    if alike and demand:
        nearest = min(alike, key=lambda other: len(other - demand))
        for scheme, scope in sorted(nearest - demand, key=str):
            yield change("scope-added", f"`{scheme}` must have the scope `{scope}`")
    elif demand:
        yield change("security-alternative-removed", f"{_told(demand)} is not enough any more")
    else:
        ways = " or ".join(_told(other) for other in is_now) or "something that nobody has"
        yield change("security-added", f"asks for {ways}, and asked for nothing")


def _easier(demand: _Demand, was: tuple[_Demand, ...], change: Change) -> Iterator[Told]:
    """What is enough now, and was not."""
    if any(other <= demand for other in was):
        return
    alike = [other for other in was if _schemes(other) == _schemes(demand)]
    if not demand:
        yield change("security-removed", "asks for nothing")
    elif alike:
        nearest = min(alike, key=lambda other: len(other - demand))
        for scheme, scope in sorted(nearest - demand, key=str):
            yield change("scope-removed", f"`{scheme}` need not have the scope `{scope}`")
    else:
        yield change("security-alternative-added", f"{_told(demand)} is enough, too")


def _demands(operation: Operation) -> tuple[_Demand, ...]:
    """The alternatives; the empty one where nothing is asked for."""
    return tuple(map(_demand, operation.security or ())) or (frozenset(),)


def _demand(requirement: Requirement) -> _Demand:
    found: set[tuple[str, str | None]] = set()
    for use in requirement.schemes:
        found.add((use.scheme, None))
        found.update((use.scheme, scope) for scope in use.scopes)
    return frozenset(found)


def _schemes(demand: _Demand) -> frozenset[str]:
    return frozenset(name for name, _ in demand)


def _told(demand: _Demand) -> str:
    parts = []
    for name in sorted(_schemes(demand)):
        scopes = [scope for scheme, scope in demand if scheme == name and scope is not None]
        parts.append(f"`{name}`" + (f" with {listed(scopes)}" if scopes else ""))
    return " and ".join(parts) or "nothing"


def _place(side: Side, operation: Operation) -> Pointer:
    """Where it is said: at the operation, or once for all."""
    if said(side, operation.pointer, "security") is not None:
        return (*operation.pointer, "security")
    return ("security",)
