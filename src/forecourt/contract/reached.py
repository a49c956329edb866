"""What an audience does not see of what it can call, by where it stands in requests and answers.

A thing keeps its place when its schema is renamed, moved or taken apart, and a mark may get lost on
the way. So places are compared, and not only marks: `GET /orders`, `out`, `*`, `margin`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from forecourt.contract.model import Content, Contract, Operation
from forecourt.contract.openapi_3_0 import Dialect, dialect_of, plainly
from forecourt.contract.projection import seen
from forecourt.contract.sight import Sight, sight_of
from forecourt.contract.values import Json, Pointer, decode, descend
from forecourt.estate.audience import Audience

# The whole contract (""), an operation (`GET /orders`), or a value: the schemas that speak of it,
# and whether each is hidden with what is around it.
Place: TypeAlias = "str | tuple[tuple[Pointer, bool], ...]"

# What is hidden of a contract: for each place that holds any of it, the steps from there. A step
# has how many things it hides, and the number of the place that it leads to, or -1. The first place
# is the whole contract.
Reached: TypeAlias = tuple[tuple[tuple[str, int, int], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What is at a step: how often it is hidden and seen, and the place that it is."""

    hidden: int = 0
    seen: int = 0
    inner: Place | None = None


class Members(Protocol):
    """Who says what is at a place."""

    def member(self, place: Place, step: str) -> Member | None:
        """What a step leads to: a name, `*` for items and other members, `=` and a value."""


def hidden_places(contract: Contract, audience: Audience) -> Reached:
    """What the audience does not see of its operations; empty where nothing is marked."""
    if not contract.audience_marks:
        return ()
    return _pruned(_explored(Places(contract, audience)))


def shown_places(before: Reached, after: Members) -> Iterator[tuple[str, ...]]:
    """The ways to what was hidden and is seen now, each from an operation on.

    Of several things at one place that are hidden one may be seen now: fewer are hidden, then.
    """
    waiting: deque[tuple[int, Place, tuple[str, ...]]] = deque([(0, "", ())] if before else [])
    been: set[tuple[int, Place]] = set()
    while waiting:
        number, place, way = waiting.popleft()
        if (number, place) in been:
            continue
        been.add((number, place))
        for step, hidden, inner in before[number]:
            member = after.member(place, step)
            if member is None or not member.seen:
                continue
            if member.hidden < hidden:
                yield (*way, step)
            elif inner >= 0 and member.inner is not None:
                waiting.append((inner, member.inner, (*way, step)))


def told(way: tuple[str, ...]) -> str:
    """What a person calls it."""
    operation, *inside = way
    if not inside:
        return f"the operation `{operation}`"
    last = inside[-1]
    location, _, name = last.partition(":")
    if last.startswith("="):
        what = f"the value `{last[1:]}`"
    elif len(inside) == 1 and name:
        what = f"the header `{name}`" if location == "answer" else f"the parameter `{name}`"
    else:
        what = f"the property `{last}`"
    return f"{what} of `{operation}`"


# --- what stands at a place -----------------------------------------------------------------------


class Places:
    """The places of a contract as one audience sees them."""

    def __init__(self, contract: Contract, audience: Audience) -> None:
        root = decode(contract.document)
        shown = {str(o): o for o in seen(contract, audience).operations}
        self._operations = {str(o): (o, shown.get(str(o))) for o in contract.operations}
        self._schemas = _Schemas(
            root=root, sight=sight_of(root, audience), dialect=dialect_of(contract.openapi)
        )
        self._known: dict[Place, Mapping[str, Member]] = {}

    def member(self, place: Place, step: str) -> Member | None:
        return self.members(place).get(step)

    def members(self, place: Place) -> Mapping[str, Member]:
        """All of them, by step."""
        if place not in self._known:
            self._known[place] = self._members(place)
        return self._known[place]

    def _members(self, place: Place) -> Mapping[str, Member]:
        if place == "":
            return {
                name: _member(name, is_hidden=shown is None)
                for name, (_, shown) in self._operations.items()
            }
        if isinstance(place, str):
            whole, shown = self._operations[place]
            return {} if shown is None else self._of_operation(whole, shown)
        return self._schemas.members(place)

    def _of_operation(self, whole: Operation, shown: Operation) -> Mapping[str, Member]:
        found: dict[str, Member] = {}
        kept = {(p.location, p.name) for p in shown.parameters}
        for p in whole.parameters:
            schemas = [c.schema for c in p.contents] if p.contents else [p.schema]
            is_hidden = (p.location, p.name) not in kept
            inner = self._schemas.whole((s, is_hidden) for s in schemas if s is not None)
            found[f"{p.location}:{p.name}"] = _member(inner, is_hidden=is_hidden)
        bodies = [whole.body.contents if whole.body is not None else ()]
        shown_bodies = [shown.body.contents if shown.body is not None else ()]
        found["in"] = self._contents(bodies, shown_bodies)
        responses = {r.status: r for r in shown.responses}
        pairs = [(r, responses.get(r.status)) for r in whole.responses]
        found["out"] = self._contents(
            [r.contents for r, _ in pairs], [s.contents if s else () for _, s in pairs]
        )
        headers = {h.name.lower() for r in shown.responses for h in r.headers}
        for name in {h.name.lower() for r in whole.responses for h in r.headers}:
            found[f"answer:{name}"] = _member(None, is_hidden=name not in headers)
        return found

    def _contents(
        self, whole: Iterable[tuple[Content, ...]], shown: Iterable[tuple[Content, ...]]
    ) -> Member:
        """All of the bodies one way: another status or media type is no other place."""
        starts: list[tuple[Pointer, bool]] = []
        for contents, kept in zip(whole, shown, strict=True):
            names = {content.media_type for content in kept}
            starts += [
                (c.schema, c.media_type not in names) for c in contents if c.schema is not None
            ]
        return Member(seen=1, inner=self._schemas.whole(starts))


def _member(inner: Place | None, *, is_hidden: bool) -> Member:
    return Member(hidden=int(is_hidden), seen=int(not is_hidden), inner=inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schemas:
    root: Json
    sight: Sight
    dialect: Dialect

    def whole(self, starts: Iterable[tuple[Pointer, bool]]) -> Place | None:
        """The schemas that speak of a value, with those in them that do; None without any."""
        found: set[tuple[Pointer, bool]] = set()
        waiting = [(at, is_cut or self._hides(at)) for at, is_cut in starts]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += self._inner(node)
        return tuple(sorted(found)) or None

    def members(self, place: tuple[tuple[Pointer, bool], ...]) -> Mapping[str, Member]:
        hidden: dict[str, int] = defaultdict(int)
        shown: dict[str, int] = defaultdict(int)
        inside: dict[str, list[tuple[Pointer, bool]]] = defaultdict(list)
        for at, is_cut in place:
            for step, inner in self._steps(at):
                is_hidden = is_cut or self._hides(inner)
                (hidden if is_hidden else shown)[step] += 1
                inside[step].append((inner, is_hidden))
            values, others = self._values(at)
            for value in values:
                (hidden if is_cut else shown)["=" + value] += 1
            for value in others:
                hidden["=" + value] += 1
        return {
            step: Member(hidden=hidden[step], seen=shown[step], inner=self.whole(inside[step]))
            for step in sorted({*hidden, *shown})
        }

    def _hides(self, at: Pointer) -> bool:
        return self.sight.hides_schema(descend(self.root, at))

    def _inner(self, node: tuple[Pointer, bool]) -> Iterator[tuple[Pointer, bool]]:
        at, is_cut = node
        schema = self._plain(at)
        if isinstance(reference := schema.get("$ref"), str):
            target = self.sight.target(reference)
            if target is not None:
                yield target, is_cut or self.sight.hides_place(target)
        for keyword in ("allOf", "anyOf", "oneOf", "dependentSchemas", "if", "then", "else"):
            for inner in _schemas_at(schema, keyword, at):
                yield inner, is_cut or self._hides(inner)

    def _steps(self, at: Pointer) -> Iterator[tuple[str, Pointer]]:
        schema = self._plain(at)
        properties = schema.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            yield name, (*at, "properties", name)
        for keyword in ("items", "prefixItems", "patternProperties", "additionalProperties"):
            for inner in _schemas_at(schema, keyword, at):
                yield "*", inner

    def _values(self, at: Pointer) -> tuple[list[str], list[str]]:
        schema = self._plain(at)
        kept, hidden = self.sight.choices(schema)
        kept += [schema["const"]] if "const" in schema else []
        return [v for v in kept if isinstance(v, str)], [v for v in hidden if isinstance(v, str)]

    def _plain(self, at: Pointer) -> dict[str, Json]:
        schema = descend(self.root, at)
        return plainly(schema, self.dialect) if isinstance(schema, dict) else {}


def _schemas_at(schema: dict[str, Json], keyword: str, at: Pointer) -> Iterator[Pointer]:
    """The schemas at a keyword, which holds one, or several in a list or by name."""
    value = schema.get(keyword)
    if isinstance(value, list):
        yield from ((*at, keyword, str(number)) for number in range(len(value)))
    elif isinstance(value, dict):
        if keyword in ("dependentSchemas", "patternProperties"):
            yield from ((*at, keyword, name) for name in value)
        else:
            yield (*at, keyword)


# --- from places to numbers, and back -------------------------------------------------------------


def _explored(places: Places) -> dict[Place, Mapping[str, Member]]:
    """Each place that is seen, the nearest first, and what is there."""
    found: dict[Place, Mapping[str, Member]] = {}
    waiting: deque[Place] = deque([""])
    while waiting:
        place = waiting.popleft()
        if place not in found:
            found[place] = places.members(place)
            inner = (m.inner for m in found[place].values() if m.seen and m.inner is not None)
            waiting.extend(inner)
    return found


def _pruned(members: dict[Place, Mapping[str, Member]]) -> Reached:
    """Only places that hide something, or lead to one that does."""
    around: dict[Place, list[Place]] = defaultdict(list)
    for place, steps in members.items():
        for member in steps.values():
            if member.seen and member.inner is not None:
                around[member.inner].append(place)
    kept: set[Place] = set()
    waiting = [p for p in members if any(m.hidden for m in members[p].values())]
    while waiting:
        place = waiting.pop()
        if place not in kept:
            kept.add(place)
            waiting += around[place]
    if not kept:
        return ()
    numbers = {place: n for n, place in enumerate(p for p in members if p in kept)}
    return tuple(
        tuple(
            (step, member.hidden, _number(member, numbers))
            for step, member in members[place].items()
            if member.hidden or _number(member, numbers) >= 0
        )
        for place in numbers
    )


def _number(member: Member, numbers: Mapping[Place, int]) -> int:
    """The place that a member leads to; -1 where nothing is hidden there, or all of it."""
    return numbers.get(member.inner, -1) if member.seen and member.inner is not None else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The places of a contract of which only what it hides is known: all else may be seen."""

    hidden: Reached

    def member(self, place: Place, step: str) -> Member | None:
        number = 0 if place == "" else int(str(place))
        for own, hidden, inner in self.hidden[number] if 0 <= number < len(self.hidden) else ():
            if own == step:
                return Member(hidden=hidden, seen=1, inner=str(inner))
        return Member(seen=1, inner="-1")
