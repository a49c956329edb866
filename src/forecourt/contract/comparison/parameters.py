"""Parameters of an operation, matched by where they stand and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from forecourt.contract.comparison.catalogue import BY_ID
from forecourt.contract.comparison.met import Between, Met, Told, said, start
from forecourt.contract.comparison.side import Side
from forecourt.contract.comparison.sunset import ended, life, lives
from forecourt.contract.model import Operation, Parameter
from forecourt.contract.one_sided import Direction
from forecourt.contract.templates import all_names
from forecourt.contract.values import Pointer

# What a header parameter of that name says is ignored (OpenAPI 3.1, section 4.8.12.2).
_NO_PARAMETERS = frozenset({"accept", "authorization", "content-type"})
_Key = tuple[str, str]


def parameters(
    old: Side, new: Side, before: Operation, after: Operation, today: date
) -> Iterator[Met]:
    """How they differ, and the schemas to compare."""
    was, is_now = _by_key(before), _by_key(after)
    moved = dict(_moved(was, is_now))
    for key in sorted({*was, *is_now}):
        one, other = was.get(key), is_now.get(key)
        if one is not None and other is not None:
            yield from _both(old, new, one, other, before, after, today)
        elif one is not None:
            yield _gone(old, one, moved.get(key), before, after, today)
        elif other is not None and key not in moved.values():
            yield _added(other, before, after)


def _by_key(operation: Operation) -> dict[_Key, Parameter]:
    """By place and name; of the path, by the number of the name there. A header has any case."""
    numbers = {name: str(n) for n, name in enumerate(all_names(operation.template))}
    found: dict[_Key, Parameter] = {}
    for parameter in operation.parameters:
        name = parameter.name
        if parameter.location == "path":
            if name not in numbers:
                continue  # nobody can send it
            name = numbers[name]
        elif parameter.location == "header":
            name = name.lower()
            if name in _NO_PARAMETERS:
                continue
        found[parameter.location, name] = parameter
    return found


def _moved(
    was: dict[_Key, Parameter], is_now: dict[_Key, Parameter]
) -> Iterator[tuple[_Key, _Key]]:
    """Where those that are gone stand now: one of that name that was not there before."""
    for key, one in was.items():
        if key in is_now:
            continue
        for other_key, other in is_now.items():
            if other_key not in was and other.name.lower() == one.name.lower():
                yield key, other_key
                break


def _gone(
    old: Side,
    one: Parameter,
    moved: _Key | None,
    before: Operation,
    after: Operation,
    today: date,
) -> Told:
    at = _place(one, before)
    if moved is not None:
        other = _by_key(after)[moved]
        return Told(
            kind="parameter-moved",
            where=_where(one),
            old=at,
            new=_place(other, after),
            message=f"stands in {_told(other.location)} now",
        )
    end = life(old, at, is_deprecated=one.is_deprecated)
    kind, message = ended("parameter", end, today)
    return Told(
        kind=kind if kind in BY_ID and kind != "parameter-removed" else _removed(one),
        where=_where(one),
        old=at,
        new=after.pointer,
        message=message,
    )


def _removed(one: Parameter) -> str:
    """Only in a query are unknown ones refused."""
    is_passed = one.location in ("header", "cookie")
    return "header-parameter-removed" if is_passed else "parameter-removed"


def _added(other: Parameter, before: Operation, after: Operation) -> Told:
    kind = "required-parameter-added" if other.is_required else "parameter-added"
    message = "new, and required" if other.is_required else "new"
    at = _place(other, after)
    return Told(kind=kind, where=_where(other), old=before.pointer, new=at, message=message)


def _both(
    old: Side,
    new: Side,
    one: Parameter,
    other: Parameter,
    before: Operation,
    after: Operation,
    today: date,
) -> Iterator[Met]:
    where = _where(one)
    at = Between(_place(one, before), _place(other, after))

    def change(kind: str, message: str) -> Told:
        return at.told(kind, where, message)

    if one.location == "path" and one.name != other.name:
        yield change("path-parameter-renamed", f"called `{other.name}` now")
    if other.is_required and not one.is_required:
        yield change("parameter-became-required", "must be there")
    elif one.is_required and not other.is_required:
        yield change("parameter-became-optional", "may be missing")
    is_single = _is_single(old, one) and _is_single(new, other)
    style, now = _style(one, is_single=is_single), _style(other, is_single=is_single)
    if style != now:
        yield change("parameter-restyled", f"was written as {style}, is written as {now}")
    was_empty, is_empty = (
        p.location == "query" and said(side, p.pointer, "allowEmptyValue") is True
        for side, p in ((old, one), (new, other))
    )
    if was_empty and not is_empty:
        yield change("empty-value-refused", "an empty value must fit its schema")
    elif is_empty and not was_empty:
        yield change("empty-value-allowed", "may be empty")
    if one.allows_reserved and not other.allows_reserved:
        yield change("reserved-characters-refused", "reserved characters must be escaped")
    elif other.allows_reserved and not one.allows_reserved:
        yield change("reserved-characters-allowed", "reserved characters may stand as they are")
    if one.pointer is not None and other.pointer is not None:
        ends = (
            life(old, one.pointer, is_deprecated=one.is_deprecated),
            life(new, other.pointer, is_deprecated=other.is_deprecated),
        )
        yield from lives(where, ends[0], ends[1], today)
    is_text = not one.contents and not other.contents
    schemas = (_schema(one), _schema(other))
    yield start(where, *schemas, Direction.REQUEST, is_text=is_text)


def _schema(parameter: Parameter) -> Pointer | None:
    return parameter.contents[0].schema if parameter.contents else parameter.schema


def _is_single(side: Side, parameter: Parameter) -> bool:
    """Whether it says that it is neither a list nor an object."""
    parts = side.whole(() if parameter.schema is None else (parameter.schema,))
    types = [t for part in parts if (t := part.said.get("type")) is not None]
    listed = [set(t) if isinstance(t, list) else {t} for t in types if isinstance(t, str | list)]
    return any(not names & {"array", "object"} for names in listed)


def _style(parameter: Parameter, *, is_single: bool) -> str:
    """How it is written; `explode` makes no difference to a single value."""
    if parameter.contents:
        return f"`{parameter.contents[0].media_type}`"
    return f"`{parameter.style}`" + (", exploded" if parameter.explode and not is_single else "")


def _where(parameter: Parameter) -> str:
    return f"{parameter.location} {parameter.name}"


def _told(location: str) -> str:
    return {"path": "the path", "query": "the query", "header": "a header field"}.get(
        location, "a cookie"
    )


def _place(parameter: Parameter, operation: Operation) -> Pointer:
    return operation.pointer if parameter.pointer is None else parameter.pointer
