"""What the schemas say of a value that all hold of it, as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from forecourt.contract.comparison.side import Parts
from forecourt.contract.values import Json, Pointer

TYPES = frozenset({"object", "array", "string", "number", "boolean", "null"})

# Keywords of which more may be said than once; all of it holds.
DEMANDING = frozenset(
    {
        *("pattern", "format", "multipleOf", "dependentRequired"),
        *("contentMediaType", "contentEncoding"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A limit, and whether it is itself excluded."""

    value: int | Decimal
    is_exclusive: bool = False
    at: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a keyword holds, and where it stands."""

    value: Json
    at: Pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """An `anyOf` or `oneOf`; null is not among `branches`. `types` are those of any of them."""

    at: Pointer
    branches: tuple[Parts, ...]
    types: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Containing:
    """A `contains`: how many items at least, and at most, must fit the schema there."""

    at: Pointer
    least: int | Decimal = 1
    most: int | Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discriminator:
    """The property by which alternatives are told apart, and what its values name."""

    property: str
    at: Pointer
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """All that is said of a value.

    `types` has `integer` only where `number` is not in it; null is in it where null fits.
    `values`: by their JSON, those that are listed; None where any is. `bounds` are by keyword,
    `minimum` and `maximum` with what is exclusive in them. `withheld` are properties that do not go
    this way. `singles` are the schemas that a keyword holds (`items`, `not` …), `several` those
    that it holds by name or place, `contains` those that some items must fit. `demands` are the
    keywords of which all holds that was said (`DEMANDING`); `said` are others, the first that was
    said of each.
    """

    at: Pointer
    is_false: bool
    types: frozenset[str]
    values: Mapping[str, Said] | None
    bounds: Mapping[str, Bound]
    required: Mapping[str, Pointer]
    properties: Mapping[str, Parts]
    withheld: Mapping[str, Parts]
    singles: Mapping[str, Parts]
    several: Mapping[str, Mapping[str, Parts]]
    alternatives: tuple[Alternatives, ...]
    discriminator: Discriminator | None
    said: Mapping[str, Said]
    demands: Mapping[str, tuple[Said, ...]]
    contains: tuple[Containing, ...]

    def place(self, keyword: str) -> Pointer:
        """Where a keyword stands; the schema, where it does not say it."""
        demanded = self.demands.get(keyword)
        said = demanded[-1] if demanded else self.said.get(keyword)
        return self.at if said is None else said.at

    @property
    def is_closed(self) -> bool:
        """Whether an object of it has no properties but the declared ones."""
        return self._refuses("additionalProperties")

    @property
    def is_sealed(self) -> bool:
        """Whether no property may come that none of its schemas speaks of."""
        return self.is_closed or self._refuses("unevaluatedProperties")

    def _refuses(self, keyword: str) -> bool:
        said = self.said.get(keyword)
        return said is not None and said.value is False

    @property
    def is_only_alternatives(self) -> bool:
        """Whether it has alternatives once, and says nothing beside them."""
        if len(self.alternatives) != 1 or self.alternatives[0].types != self.types:
            return False
        return not (self.values is not None or self._demands)

    def is_one_of(self, several: Shape) -> bool:
        """Whether the other has alternatives and says nothing beside them, and this has none.

        Then this is one of them, before more came or after they went.
        """
        is_one = not (self.alternatives or self.is_bare or self.is_false)
        return is_one and several.is_only_alternatives

    @property
    def is_bare(self) -> bool:
        """Whether every value fits."""
        return not (
            self.types != TYPES or self.values is not None or self.alternatives or self._demands
        )

    @property
    def _demands(self) -> bool:
        """Whether it says more than its types, its values and its alternatives."""
        return bool(
            self.is_false
            or self.bounds
            or self.required
            or self.properties
            or self.singles
            or self.several
            or self.contains
            or self.demands
            or self.is_closed
            or "uniqueItems" in self.said
        )
