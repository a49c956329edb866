"""What schemas become where members move between an object and one within it."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.contract.lenses.around import NEWER
from forecourt.contract.lenses.shape import Shape, an_object
from forecourt.contract.values import Json


def spread(shape: Shape, name: str, names: Iterable[str]) -> None:
    """The members of an object within stand beside it; what is left of it, if it must be there.

    Nobody can send what is left, nor the object, if it must be there and none of them. Who sends
    one of them sends the object, and so all that it must have. Where it is null, none is there.
    """
    within = shape.around.newer.member(name)
    if (taken := shape.take(name)) is None:
        return
    names = tuple(names)
    if shape.is_request:
        is_there = taken[1] or len(names) > 1
    else:
        is_there = taken[1] and not within.is_nullable()
    for each in names:
        inner = within.member(each)
        if inner.is_known:
            is_required = is_there and within.requires(each)
            shape.put(each, inner.referred(NEWER), is_required=is_required)
    left = sorted(n for n in within.names() if within.requires(n) and n not in names)
    if left and shape.is_request:
        shape.put(name, an_object({n: {} for n in left}, left), is_required=True)
    elif taken[1] and shape.is_request and not any(map(within.requires, names)):
        shape.put(name, taken[0], is_required=True)


def gather(shape: Shape, names: Iterable[str], into: str) -> None:
    """Members as an object of their own, which is there where one of them is."""
    members: dict[str, Json] = {}
    required: list[str] = []
    for name in names:
        if (taken := shape.take(name)) is not None:
            members[name] = taken[0]
            if taken[1]:
                required.append(name)
    if members:
        shape.put(into, an_object(members, required), is_required=bool(required))
