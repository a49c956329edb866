"""What a program makes of a body: the meaning of steps, which the edge has to agree with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from forecourt.contract.lenses.converters import BY_ID
from forecourt.contract.lenses.lost import Lost
from forecourt.contract.lenses.program import NodeNumber, Program
from forecourt.contract.lenses.steps import (
    Change,
    Convert,
    Drop,
    Gather,
    InList,
    InObject,
    Map,
    OnLoss,
    OutOfList,
    OutOfObject,
    Put,
    Rename,
    Spread,
    Step,
    ValueStep,
    Whole,
)
from forecourt.contract.values import Json, Pointer

Members: TypeAlias = dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message that the other version cannot say.

    `at` leads to what cannot be said, by the names that arrived; `reason` completes "this value …".
    """

    at: Pointer
    reason: str


class _Refusal(Exception):
    """A value that is lost, where a loss is refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def applied(program: Program, value: Json) -> Json | Refused:
    """The body as the other version says it. What arrived is left as it is."""
    try:
        return _node(program, program.root, value, ())
    except _Refusal as refusal:
        return refusal.refused


def stepped(steps: Iterable[Step], members: Mapping[str, Json]) -> Members | Refused:
    """What steps make of the members of one object, as they do of parameters."""
    try:
        after = _steps(tuple(steps), dict(members), ())
    except _Refusal as refusal:
        return refusal.refused
    assert isinstance(after, dict)  # `Whole` is for bodies
    return after


def converted(by: ValueStep, value: Json) -> Json | Lost:
    """What a value step makes of a value."""
    match by:
        case Convert():
            return _converted(by, value)
        case Map():
            return _mapped(by, value)
        case InObject():
            return {by.name: value}
        case OutOfObject():
            return _out_of_object(by, value)
        case InList():
            return [value]
        case OutOfList():
            if isinstance(value, list) and len(value) == 1:
                return value[0]
            return Lost(reason="is no list of one item")


# --- nodes ----------------------------------------------------------------------------------------


def _node(program: Program, number: NodeNumber, value: Json, at: Pointer) -> Json:
    node = program.nodes[number]
    if node.by is not None:
        member, nodes = node.by
        word = value.get(member) if isinstance(value, dict) else None
        if not isinstance(word, str) or word not in nodes:
            return value
        return _node(program, nodes[word], value, at)
    match value:
        case dict():
            inner: Members = {}
            for name, each in value.items():
                child = node.members.get(name, node.others)
                inner[name] = each if child is None else _node(program, child, each, (*at, name))
            return _steps(node.steps, inner, at)
        case list():
            items: list[Json] = []
            for index, each in enumerate(value):
                is_leading = index < len(node.leading)
                child = node.leading[index] if is_leading else node.items
                items.append(
                    each if child is None else _node(program, child, each, (*at, str(index)))
                )
            return _steps(node.steps, items, at)
        case _:
            return _steps(node.steps, value, at)


def _steps(steps: tuple[Step, ...], value: Json, at: Pointer) -> Json:
    """`came` knows by what names members arrived that have others by now."""
    came: dict[str, Pointer] = {}
    for step in steps:
        if isinstance(step, Whole):
            after = converted(step.by, value)
            if isinstance(after, Lost):
                raise _Refusal(Refused(at=at, reason=after.reason))
            value, came = after, {}
        elif isinstance(value, dict):
            _step(step, value, at, came)
    return value


def _step(step: Step, members: Members, at: Pointer, came: dict[str, Pointer]) -> None:
    match step:
        case Rename():
            _rename(step, members, came)
        case Change() if step.name in members and members[step.name] is not None:
            after = converted(step.by, members[step.name])
            if isinstance(after, Lost):
                _lose(step.name, step.on_loss, after, members, at, came)
            else:
                members[step.name] = after
        case Gather():
            _gather(step, members, came)
        case Spread():
            _spread(step, members, at, came)
        case Put() if step.name not in members:
            members[step.name] = step.value
        case Drop() if step.name in members:
            if step.on_loss is OnLoss.REFUSE:
                lost = Lost(reason="has no place in the other version")
                _lose(step.name, step.on_loss, lost, members, at, came)
            del members[step.name]
        case _:
            pass


def _lose(
    name: str,
    on_loss: OnLoss,
    lost: Lost,
    members: Members,
    at: Pointer,
    came: Mapping[str, Pointer],
) -> None:
    match on_loss:
        case OnLoss.REFUSE:
            raise _Refusal(Refused(at=(*at, *came.get(name, (name,))), reason=lost.reason))
        case OnLoss.OMIT:
            del members[name]
        case OnLoss.NULL:
            members[name] = None


def _rename(step: Rename, members: Members, came: dict[str, Pointer]) -> None:
    """In its place. Who has the new name already goes, unless there is nothing to rename."""
    if step.name not in members or step.name == step.to:
        members_here = step.name == step.to or step.to not in members
        if not members_here:
            del members[step.to]
        return
    came[step.to] = came.pop(step.name, (step.name,))
    entries = list(members.items())
    members.clear()
    for name, value in entries:
        if name == step.name:
            members[step.to] = value
        elif name != step.to:
            members[name] = value


def _gather(step: Gather, members: Members, came: dict[str, Pointer]) -> None:
    inner = {name: members.pop(name) for name in step.names if name in members}
    members.pop(step.into, None)
    if inner:
        members[step.into] = inner


def _spread(step: Spread, members: Members, at: Pointer, came: dict[str, Pointer]) -> None:
    if step.name not in members:
        return
    inner = members[step.name]
    way = (*at, *came.get(step.name, (step.name,)))
    if inner is not None and not isinstance(inner, dict):
        raise _Refusal(Refused(at=way, reason="is no object"))
    for name in inner or ():
        if name not in step.names and step.on_loss is OnLoss.REFUSE:
            raise _Refusal(Refused(at=(*way, name), reason="has no place in the other version"))
    del members[step.name]
    for name in step.names:
        if inner is not None and name in inner:
            members[name] = inner[name]
            came[name] = (*came.get(step.name, (step.name,)), name)


# --- values ---------------------------------------------------------------------------------------


def _converted(by: Convert, value: Json) -> Json | Lost:
    converter = BY_ID[by.converter]
    after = (converter.back if by.is_back else converter.there)(value, by.arguments)
    if isinstance(after, int | Decimal) and not isinstance(after, bool):
        if by.least is not None and after < by.least:
            return Lost(reason=f"would be less than {by.least}")
        if by.most is not None and after > by.most:
            return Lost(reason=f"would be more than {by.most}")
    return after


def _mapped(by: Map, value: Json) -> Json | Lost:
    for word, other in by.pairs:
        if _is_same(word, value):
            return other
    if by.keeps_others:
        return value
    return Lost(reason="is no word of the other version")


def _is_same(word: Json, value: Json) -> bool:
    """Whether two scalars are one value; 1 is not true, and 1.0 is 1."""
    if isinstance(word, bool) or isinstance(value, bool):
        return word is value
    return word == value


def _out_of_object(by: OutOfObject, value: Json) -> Json | Lost:
    if not isinstance(value, dict) or by.name not in value:
        return Lost(reason=f"is no object with `{by.name}`")
    for name in value:
        if name != by.name and name not in by.ignored:
            return Lost(reason=f"has `{name}` besides `{by.name}`, which has no place")
    return value[by.name]
