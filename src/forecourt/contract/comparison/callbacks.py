"""What callers are called with: callbacks of an operation, webhooks of the document.

Here we send the request, and they answer: bodies go the other way.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.building import Building, Found, at_key
from forecourt.contract.comparison.media import matching
from forecourt.contract.comparison.met import Between, Met
from forecourt.contract.comparison.responses import media_types
from forecourt.contract.comparison.side import Side
from forecourt.contract.model import Operation
from forecourt.contract.shapes import METHODS
from forecourt.contract.values import Pointer, descend

_Sent = dict[str, Operation]


def callbacks(old: Side, new: Side, before: Operation, after: Operation) -> Iterator[Met]:
    """How the callbacks of an operation differ, and the schemas to compare."""
    around = Between((*before.pointer, "callbacks"), (*after.pointer, "callbacks"))
    was, is_now = _callbacks(old, around.old), _callbacks(new, around.new)
    yield from _compared("callback", was, is_now, around)


def webhooks(old: Side, new: Side) -> Iterator[Met]:
    """The same of the webhooks of two documents."""
    around: Pointer = ("webhooks",)
    was, is_now = (_in_paths(side, around) for side in (old, new))
    yield from _compared("webhook", was, is_now, Between(around, around))


def _compared(word: str, was: _Sent, is_now: _Sent, around: Between) -> Iterator[Met]:
    for name in sorted({*was, *is_now}):
        before, after = was.get(name), is_now.get(name)
        where = f"{word} {name}"
        if before is not None and after is not None:
            yield from _bodies(before, after, where)
        elif before is not None:
            at = Between(before.pointer, around.new)
            yield at.told("callback-removed", where, "not sent any more")
        elif after is not None:
            at = Between(around.old, after.pointer)
            yield at.told("callback-added", where, "sent now")


def _bodies(before: Operation, after: Operation, where: str) -> Iterator[Met]:
    """What is sent; whoever gets it reads it as an answer."""
    one = before.body.contents if before.body is not None else ()
    other = after.body.contents if after.body is not None else ()
    at = Between(before.pointer, after.pointer)
    yield from media_types(matching(one, other), where, at, "sent")


def _callbacks(side: Side, around: Pointer) -> _Sent:
    written, at = at_key(side.root, descend(side.root, around), around)
    found: _Sent = {}
    for name, value in written.items():
        is_hidden = side.sight is not None and side.sight.hides("callback", value)
        if name.startswith("x-") or is_hidden:
            continue
        _, inner = at_key(side.root, value, (*at, name))
        found |= {f"{name} {key}": each for key, each in _in_paths(side, inner).items()}
    return found


def _in_paths(side: Side, around: Pointer) -> _Sent:
    """Operations by path (or expression, or name) and method."""
    paths, at = at_key(side.root, descend(side.root, around), around)
    build = Building(root=side.root)
    found: _Sent = {}
    for name, value in paths.items():
        is_hidden = side.sight is not None and side.sight.hides("path item", value)
        if name.startswith("x-") or is_hidden:
            continue
        item, item_at = at_key(side.root, value, (*at, name))
        for method in METHODS:
            if method in item:
                found[f"{method.upper()} {name}"] = build.operation(
                    Found(
                        method=method.upper(),
                        template=name,
                        at=(*item_at, method),
                        path_at=(item_at,),
                    ),
                    is_marked=False,
                )
    return found
