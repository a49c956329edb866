"""Alternatives, matched whatever their order: `anyOf` and `oneOf`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from forecourt.contract.comparison.clauses import Harms
from forecourt.contract.comparison.difference import Found, Pair, Step
from forecourt.contract.comparison.shape import Shape
from forecourt.contract.comparison.shaping import Shaping
from forecourt.contract.comparison.side import Parts, Side
from forecourt.contract.one_sided import Direction
from forecourt.contract.references import reference_of
from forecourt.contract.values import Json, Pointer, child, descend, encode

# Beyond so many comparisons of one with another, what is left is told as gone and new.
_MOST_PAIRS = 200

# What explains a schema and changes no value of it.
_EXPLAINS = frozenset({"title", "description", "example", "examples", "externalDocs", "$comment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches:
    """The alternatives of one side. `is_wrapped`: it is one schema, beside which there are none."""

    at: Pointer
    parts: tuple[Parts, ...]
    is_wrapped: bool = False


@dataclass(slots=True, kw_only=True)
class Alternating:
    """Compares alternatives of two sides."""

    old: Side
    new: Side
    harms: Harms
    old_shapes: Shaping
    new_shapes: Shaping

    def compared(self, pair: Pair, old: Parts, new: Parts) -> Iterator[Found]:
        """How the alternatives of two values differ, whose own schemas are `old` and `new`."""
        before, after = groups(pair.old), groups(pair.new)
        if pair.old.is_one_of(pair.new):
            before = [Branches(at=pair.old.at, parts=(old,), is_wrapped=True)]
        elif pair.new.is_one_of(pair.old):
            after = [Branches(at=pair.new.at, parts=(new,), is_wrapped=True)]
        pairs, dropped, demanded = self._grouped(before, after)
        for one, other in pairs:
            yield from self._branches(pair, one, other)
        for one in dropped:
            message = "need not fit one of several alternatives any more"
            yield pair.difference("alternatives-dropped", message, old=one.at)
        for other in demanded:
            message = "must fit one of several alternatives besides"
            yield pair.difference("alternatives-demanded", message, new=other.at)

    def _grouped(
        self, before: list[Branches], after: list[Branches]
    ) -> tuple[list[tuple[Branches, Branches]], list[Branches], list[Branches]]:
        """Groups of the same alternatives belong together, the others by their order."""
        gone, new = list(before), list(after)
        pairs: list[tuple[Branches, Branches]] = []
        for one in before:
            texts = {_name_or_text(self.old, parts) for parts in one.parts}
            for other in new:
                if texts == {_name_or_text(self.new, parts) for parts in other.parts}:
                    pairs.append((one, other))
                    gone.remove(one)
                    new.remove(other)
                    break
        changed = list(zip(gone, new, strict=False))
        return [*pairs, *changed], gone[len(changed) :], new[len(changed) :]

    def _branches(self, pair: Pair, before: Branches, after: Branches) -> Iterator[Found]:
        pairs, gone, new = self._matched(pair.direction, before.parts, after.parts)
        if before.is_wrapped or after.is_wrapped:
            covered = self._wrapped(pair, before, after)
            if covered is not None:
                pairs, gone, new = covered
        is_request = pair.direction is Direction.REQUEST
        for one, other in pairs:
            yield Step(name=self._name(self.new, other), old=one, new=other)
        for one in gone:
            is_kept = is_request and self._is_covered(one, after.parts, pair.direction)
            facet = "alternatives-rearranged" if is_kept else "alternative-removed"
            message = f"{self._name(self.old, one)} is no alternative any more"
            message += "; what fitted it fits another" if is_kept else ""
            yield pair.difference(facet, message, old=one[0], new=after.at)
        for other in new:
            is_kept = not is_request and self._covers(before.parts, other, pair.direction)
            facet = "alternatives-rearranged" if is_kept else "alternative-added"
            message = f"{self._name(self.new, other)} is an alternative now"
            message += "; what fits it fitted another" if is_kept else ""
            yield pair.difference(facet, message, old=before.at, new=other[0])

    def _wrapped(
        self, pair: Pair, before: Branches, after: Branches
    ) -> tuple[list[tuple[Parts, Parts]], list[Parts], list[Parts]] | None:
        """One schema that became several, or several that became one: the nearest is the pair."""
        if before.is_wrapped:
            (one,) = before.parts
            near = self._nearest(one, after.parts, pair.direction, is_old=True)
            return [(one, near)], [], [p for p in after.parts if p != near]
        (other,) = after.parts
        near = self._nearest(other, before.parts, pair.direction, is_old=False)
        return [(near, other)], [p for p in before.parts if p != near], []

    def _nearest(
        self, parts: Parts, others: tuple[Parts, ...], direction: Direction, *, is_old: bool
    ) -> Parts:
        own = (self.old if is_old else self.new), (self.new if is_old else self.old)
        for other in others:
            if _name_or_text(own[0], parts) == _name_or_text(own[1], other):
                return other
        for other in others[:_MOST_PAIRS]:
            way = (parts, other) if is_old else (other, parts)
            if not self.harms(*way, direction):
                return other

        def likeness(other: Parts) -> float:
            one, another = (parts, other) if is_old else (other, parts)
            return self._likeness(one, another, direction)

        return max(others, key=likeness)

    def _matched(
        self, direction: Direction, before: tuple[Parts, ...], after: tuple[Parts, ...]
    ) -> tuple[list[tuple[Parts, Parts]], list[Parts], list[Parts]]:
        """Pairs of alternatives that are the same one; those that are gone; those that are new."""
        pairs: list[tuple[Parts, Parts]] = []
        gone, new = list(before), list(after)
        for identity in (_name_or_text, _title):
            for one, other in _same(self.old, gone, self.new, new, identity):
                pairs.append((one, other))
                gone.remove(one)
                new.remove(other)
        if len(gone) * len(new) <= _MOST_PAIRS:
            for one in list(gone):
                for other in list(new):
                    if self._are_alike(one, other, direction):
                        pairs.append((one, other))
                        gone.remove(one)
                        new.remove(other)
                        break
        return pairs, gone, new

    def _are_alike(self, one: Parts, other: Parts, direction: Direction) -> bool:
        """Whether they are one alternative that changed, or did not: told by what they have."""
        if not self.harms(one, other, direction):
            return True
        return self._likeness(one, other, direction) > 0.5

    def _likeness(self, one: Parts, other: Parts, direction: Direction) -> float:
        """From 0 to 1: how many of their properties, values or types they share."""
        old = self.old_shapes.shape(one, direction)
        new = self.new_shapes.shape(other, direction)
        for before, after in (
            (old.properties.keys(), new.properties.keys()),
            ((old.values or {}).keys(), (new.values or {}).keys()),
            (old.types, new.types),
        ):
            if before or after:
                return len(before & after) / len(before | after)
        return 0.0

    def _is_covered(self, one: Parts, after: tuple[Parts, ...], way: Direction) -> bool:
        return any(self._is_within(one, other, way) for other in after[:_MOST_PAIRS])

    def _covers(self, before: tuple[Parts, ...], other: Parts, way: Direction) -> bool:
        return any(self._is_within(one, other, way) for one in before[:_MOST_PAIRS])

    def _is_within(self, one: Parts, other: Parts, way: Direction) -> bool:
        """Whether they mean the same thing, to which nothing happened that harms.

        Any object fits one that demands nothing; it is no other for that.
        """
        old, new = self.old_shapes.shape(one, way), self.new_shapes.shape(other, way)
        is_same = old.properties.keys() == new.properties.keys()
        return is_same and not self.harms(one, other, way)

    @staticmethod
    def _name(side: Side, parts: Parts) -> str:
        """What an alternative is called: what it refers to, its title, or its number."""
        written = descend(side.root, parts[0])
        if (reference := reference_of(written)) is not None:
            return f"({reference.rpartition('/')[2]})"
        title = child(written, "title")
        return f"({title})" if isinstance(title, str) and title else f"(#{parts[0][-1]})"


def groups(shape: Shape) -> list[Branches]:
    """The alternatives of a value."""
    return [Branches(at=group.at, parts=group.branches) for group in shape.alternatives]


def _same(
    old: Side,
    gone: list[Parts],
    new: Side,
    left: list[Parts],
    identity: Callable[[Side, Parts], object],
) -> list[tuple[Parts, Parts]]:
    """Alternatives of both sides with the same identity, in the order of the first.

    Where several on a side have one, nobody can tell by it which is which: they go by their order.
    """
    by_identity: dict[object, list[Parts]] = {}
    for parts in left:
        by_identity.setdefault(identity(new, parts), []).append(parts)
    by_identity.pop(None, None)
    pairs: list[tuple[Parts, Parts]] = []
    for one in gone:
        others = by_identity.get(identity(old, one))
        if others:
            pairs.append((one, others.pop(0)))
    return pairs


def _name_or_text(side: Side, parts: Parts) -> object:
    """The same for an alternative that is the same in both documents: what it refers to, or all."""
    written = descend(side.root, parts[0])
    if (reference := reference_of(written)) is not None:
        return reference.rpartition("/")[2]
    return encode(_bare(written))


def _title(side: Side, parts: Parts) -> object:
    """Its title, if it has one."""
    title = child(descend(side.root, parts[0]), "title")
    return title if isinstance(title, str) and title else None


def _bare(written: Json) -> Json:
    if isinstance(written, dict):
        return {k: v for k, v in sorted(written.items()) if k not in _EXPLAINS}
    return written
