"""One of two contracts that are compared, as callers of one audience see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forecourt.contract.model import Contract
from forecourt.contract.older_drafts import modern
from forecourt.contract.one_sided import Direction, is_other_sides
from forecourt.contract.openapi_3_0 import Dialect, dialect_of, plainly
from forecourt.contract.projection import seen
from forecourt.contract.references import Lost, follow_once
from forecourt.contract.sight import Sight, sight_of
from forecourt.contract.values import Json, Pointer, decode, descend
from forecourt.estate.audience import Audience

# The schemas that all hold of one value, by their places. Without any, every value fits.
Parts = tuple[Pointer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One schema's own keywords, as JSON Schema 2020-12 has them; references are followed.

    `is_false`: no value fits.
    """

    at: Pointer
    said: dict[str, Json]
    is_false: bool = False


@dataclass(slots=True, kw_only=True)
class Side:
    """A contract whose schemas are looked up over and over; each is read once."""

    contract: Contract
    root: Json
    sight: Sight | None
    dialect: Dialect = field(init=False)
    _read: dict[Pointer, tuple[Part, Parts]] = field(default_factory=dict)
    _past: dict[Pointer, Pointer] = field(default_factory=dict)
    _whole: dict[Parts, tuple[Part, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dialect = dialect_of(self.contract.openapi)

    def whole(self, parts: Parts) -> tuple[Part, ...]:
        """The schemas at these places with all that hold where they do: referred to, in `allOf`."""
        known = self._whole.get(parts)
        if known is None:
            found: dict[Pointer, Part] = {}
            waiting = list(reversed(parts))
            while waiting:
                at = waiting.pop()
                if at not in found:
                    found[at], inner = self._part(at)
                    waiting.extend(reversed(inner))
            known = self._whole[parts] = tuple(found.values())
        return known

    def past_references(self, parts: Parts) -> Parts:
        """The same schemas: those that only refer to another are that one."""
        return tuple(self._past_references(at) for at in parts)

    def _past_references(self, at: Pointer) -> Pointer:
        known = self._past.get(at)
        if known is None:
            here, been = at, {at}
            while (target := self._only_refers_to(here)) is not None and target not in been:
                been.add(target)  # a circle leads nowhere
                here = target
            known = self._past[at] = here
        return known

    def _only_refers_to(self, at: Pointer) -> Pointer | None:
        part, inner = self._part(at)
        return inner[0] if part.said.keys() == {"$ref"} and len(inner) == 1 else None

    def hides(self, at: Pointer) -> bool:
        """Whether the audience does not see the schema that stands there."""
        return self.sight is not None and self.sight.hides_schema(descend(self.root, at))

    def is_unsaid(self, name: str) -> bool:
        """Whether the audience sees no property of that name, wherever it stands."""
        return self.sight is not None and name in self.sight.unsaid

    def choices(self, at: Pointer, listed: list[Json]) -> list[Json]:
        """The values of the `enum` of the schema there that the audience sees."""
        schema = descend(self.root, at)
        if self.sight is None or not isinstance(schema, dict):
            return listed
        return self.sight.choices(schema)[0]

    def is_withheld(self, at: Pointer, direction: Direction) -> bool:
        """Whether the property with that schema does not go this way (`readOnly`, `writeOnly`)."""
        return is_other_sides(descend(self.root, at), direction, self.dialect, self._lead)

    def target(self, reference: str) -> Pointer | None:
        """Where a reference leads, one step."""
        found = follow_once(self.root, {"$ref": reference}, ())
        return None if isinstance(found, Lost) else found.at

    def _lead(self, reference: str) -> Json:
        at = self.target(reference)
        return None if at is None else descend(self.root, at)

    def _part(self, at: Pointer) -> tuple[Part, Parts]:
        known = self._read.get(at)
        if known is None:
            known = self._read[at] = self._read_part(at)
        return known

    def _read_part(self, at: Pointer) -> tuple[Part, Parts]:
        written = descend(self.root, at)
        if not isinstance(written, dict):
            return Part(at=at, said={}, is_false=written is False), ()
        said = {name: value for _, name, value in modern(plainly(written, self.dialect))}
        return Part(at=at, said=said), tuple(self._inner(said, at))

    def _inner(self, said: dict[str, Json], at: Pointer) -> Iterator[Pointer]:
        reference = said.get("$ref")
        if isinstance(reference, str):
            target = self.target(reference)
            if target is not None and not self.hides(target):
                yield target
        listed = said.get("allOf")
        for number in range(len(listed)) if isinstance(listed, list) else ():
            if not self.hides(inner := (*at, "allOf", str(number))):
                yield inner


def side_of(contract: Contract, audience: Audience | None) -> Side:
    """A contract as an audience sees it; None: all of it."""
    root = decode(contract.document)
    if audience is None or not contract.audience_marks:
        return Side(contract=contract, root=root, sight=None)
    return Side(contract=seen(contract, audience), root=root, sight=sight_of(root, audience))
