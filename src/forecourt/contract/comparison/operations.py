"""Operations of two contracts, matched by method and by path whatever its parameters are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from forecourt.contract.comparison.bodies import bodies
from forecourt.contract.comparison.callbacks import callbacks
from forecourt.contract.comparison.met import Between, Met, Told
from forecourt.contract.comparison.parameters import parameters
from forecourt.contract.comparison.responses import responses
from forecourt.contract.comparison.security import security
from forecourt.contract.comparison.side import Side
from forecourt.contract.comparison.sunset import ended, life, lives
from forecourt.contract.comparison.wording import listed
from forecourt.contract.limit_marks import LIMIT_MARK
from forecourt.contract.model import Operation
from forecourt.contract.templates import without_names
from forecourt.contract.values import Pointer
from forecourt.estate.rate_limit import RateLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """One operation in both contracts; None in that which does not have it."""

    old: Operation | None
    new: Operation | None

    def __str__(self) -> str:
        return str(self.old or self.new)


def matched(old: Iterable[Operation], new: Iterable[Operation]) -> Iterator[Matched]:
    """Those of both, by method and path; then those of the old alone, and of the new alone.

    `/users/{id}` and `/users/{user}` mean the same requests.
    """
    left = {_key(operation): operation for operation in new}
    gone: list[Operation] = []
    for operation in old:
        other = left.pop(_key(operation), None)
        if other is None:
            gone.append(operation)
        else:
            yield Matched(old=operation, new=other)
    for operation in gone:
        yield Matched(old=operation, new=None)
    for operation in left.values():
        yield Matched(old=None, new=operation)


def operation(old: Side, new: Side, pair: Matched, today: date) -> Iterator[Met]:
    """How an operation differs, and the schemas to compare."""
    if pair.old is None:
        assert pair.new is not None  # it is in one of them
        at, around = pair.new.pointer, ("paths",)
        yield Told(kind="operation-added", where="", old=around, new=at, message="new")
    elif pair.new is None:
        yield _gone(old, new, pair.old, today)
    else:
        yield from _both(old, new, pair.old, pair.new, today)


def _gone(old: Side, new: Side, operation: Operation, today: date) -> Told:
    around = ("paths", operation.template) if _has_path(new, operation.template) else ("paths",)
    for left in new.contract.left_out:
        is_path = without_names(left.template) == without_names(operation.template)
        if is_path and left.method in (None, operation.method):
            kind, message = "operation-left-out", f"not served any more: {left.reason}"
            break
    else:
        end = life(old, operation.pointer, is_deprecated=operation.is_deprecated)
        kind, message = ended("operation", end, today)
    return Told(kind=kind, where="", old=operation.pointer, new=around, message=message)


def _both(old: Side, new: Side, before: Operation, after: Operation, today: date) -> Iterator[Met]:
    one, other = (
        life(side, o.pointer, is_deprecated=o.is_deprecated)
        for side, o in ((old, before), (new, after))
    )
    yield from lives("", one, other, today)
    at = Between(before.pointer, after.pointer)
    if before.id != after.id:
        message = f"`operationId` was {_named(before.id)}, is {_named(after.id)}"
        yield at.told("operation-id-changed", "", message)
    if set(before.tags) != set(after.tags):
        message = f"tags were {listed(before.tags) or 'none'}, are {listed(after.tags) or 'none'}"
        yield at.told("tags-changed", "", message)
    yield from _limits(before, after)
    yield from security(old, new, before, after)
    yield from parameters(old, new, before, after, today)
    yield from bodies(old, new, before, after)
    yield from responses(before, after)
    yield from callbacks(old, new, before, after)


def _limits(before: Operation, after: Operation) -> Iterator[Told]:
    """How often each caller may ask for it; where nothing is said, as its own limit has it."""
    was, is_now = before.rate_limit, after.rate_limit
    at = Between(_limit_place(before), _limit_place(after))
    message = f"`{LIMIT_MARK}` was {_limit(was)}, is {_limit(is_now)}"
    if is_now is not None and (was is None or was.is_laxer_than(is_now)):
        yield at.told("rate-limit-lowered", "", message)
    if was is not None and (is_now is None or is_now.is_laxer_than(was)):
        yield at.told("rate-limit-raised", "", message)


def _limit(limit: RateLimit | None) -> str:
    if limit is None:
        return "none"
    return f"{limit.requests_per_minute:,} a minute with {limit.capacity:,.0f} at once"


def _limit_place(operation: Operation) -> Pointer:
    return operation.pointer if operation.rate_limit is None else (*operation.pointer, LIMIT_MARK)


def _named(id: str | None) -> str:
    return "none" if id is None else f"`{id}`"


def _has_path(side: Side, template: str) -> bool:
    return any(o.template == template for o in side.contract.operations)


def _key(operation: Operation) -> tuple[str, str]:
    return operation.method, without_names(operation.template)
