"""The bodies of requests."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.media import matching
from forecourt.contract.comparison.met import Between, Met, Told, said, start
from forecourt.contract.comparison.side import Side
from forecourt.contract.comparison.wording import listed
from forecourt.contract.model import Body, Content, Operation
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Json, encode

_WHERE = "body"


def bodies(old: Side, new: Side, before: Operation, after: Operation) -> Iterator[Met]:
    """How they differ, and the schemas to compare."""
    one, other = before.body, after.body
    if one is not None and other is not None:
        yield from _both(old, new, one, other)
    elif one is not None:
        message = "gone"
        yield Told(
            kind="body-removed", where=_WHERE, old=one.pointer, new=after.pointer, message=message
        )
    elif other is not None:
        kind = "required-body-added" if other.is_required else "body-added"
        message = "new, and required" if other.is_required else "new"
        at = Between(before.pointer, other.pointer)
        yield at.told(kind, _WHERE, message)


def _both(old: Side, new: Side, one: Body, other: Body) -> Iterator[Met]:
    at = Between(one.pointer, other.pointer)
    if other.is_required and not one.is_required:
        yield at.told("body-became-required", _WHERE, "must be there")
    elif one.is_required and not other.is_required:
        yield at.told("body-became-optional", _WHERE, "may be missing")
    found = matching(one.contents, other.contents)
    for content in found.gone:
        yield Told(
            kind="request-media-type-removed",
            where=_WHERE,
            old=content.pointer,
            new=other.pointer,
            message=f"`{content.media_type}` is not accepted any more",
        )
    for before, after in found.narrowed:
        yield Told(
            kind="request-media-type-removed",
            where=_WHERE,
            old=before.pointer,
            new=after.pointer,
            message=f"of `{before.media_type}` only `{after.media_type}` is accepted",
        )
    for before, after in found.widened:
        yield Told(
            kind="request-media-type-added",
            where=_WHERE,
            old=before.pointer,
            new=after.pointer,
            message=f"all of `{after.media_type}` is accepted",
        )
    for content in found.new:
        yield Told(
            kind="request-media-type-added",
            where=_WHERE,
            old=one.pointer,
            new=content.pointer,
            message=f"`{content.media_type}` is accepted, too",
        )
    for before, after in (*found.same, *found.narrowed, *found.widened, *found.parted):
        yield from _encoding(old, new, before, after)
        yield start(_WHERE, before.schema, after.schema, Direction.REQUEST)


def _encoding(old: Side, new: Side, one: Content, other: Content) -> Iterator[Met]:
    """How the parts of a form are written that there were and are."""
    before, after = (
        _mapping(said(side, content.pointer, "encoding"))
        for side, content in ((old, one), (new, other))
    )
    both = _declared(old, one) & _declared(new, other)
    changed = [n for n in both if encode(before.get(n)) != encode(after.get(n))]
    if changed:
        at = Between(one.pointer, other.pointer)
        message = f"{listed(changed)} is written in another way"
        yield at.told("request-encoding-changed", _WHERE, message)


def _declared(side: Side, content: Content) -> set[str]:
    """The names of a form's own properties."""
    parts = side.whole(() if content.schema is None else (content.schema,))
    return {name for part in parts for name in _mapping(part.said.get("properties"))}


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
