"""What both contracts say around a lens: of the value in which it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from forecourt.contract.lenses.schemas import Parts, Schemas
from forecourt.contract.references import reference_to
from forecourt.contract.values import Json

# Where both contracts' documents stand within one whose schemas lenses change: the newer as it was,
# so that what it refers to is what they made of it, the older by itself.
NEWER = "x-forecourt-newer"
OLDER = "x-forecourt-older"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What one contract says of a value, and of its members.

    `starts` are the places of its schemas; without any it says nothing. Where the value is made of
    the parameters of a request, `parameters` are the schemas of each, and `musts` those required.
    `called`: members that a lens calls by another name than the contract, and the contract's.
    """

    schemas: Schemas
    starts: Parts = ()
    parameters: Mapping[str, Parts] | None = None
    musts: frozenset[str] = frozenset()
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> Parts:
        """All that may hold of it."""
        return self.schemas.all(self.starts)

    @property
    def is_known(self) -> bool:
        """Whether the contract says anything."""
        return bool(self.starts) or self.parameters is not None

    def names(self) -> frozenset[str]:
        """The members that it names."""
        return frozenset(self._members())

    def member(self, name: str) -> Declared:
        """What it says of a member."""
        real = self.called.get(name, name)
        return Declared(schemas=self.schemas, starts=self._members().get(real, ()))

    def items(self) -> Declared:
        """What it says of the items of a list."""
        return Declared(schemas=self.schemas, starts=self.schemas.item_schemas(self.parts))

    def requires(self, name: str) -> bool:
        """Whether the member must be there."""
        real = self.called.get(name, name)
        if self.parameters is not None:
            return real in self.musts
        return real in self.schemas.required(self.parts)

    def says(self, keyword: str) -> bool:
        """Whether a keyword that is true or false is true of the value."""
        return any(self.schemas.said(at).get(keyword) is True for at in self.parts)

    def accepts(self, value: Json) -> bool:
        """Whether it lets the value be this one, formats included; also where nobody can tell.

        Nobody can of several schemas, of which some may hold in the place of others.
        """
        return len(self.starts) != 1 or self.schemas.accepts(self.starts[0], value)

    def referred(self, whole: str) -> Json:
        """The schema that refers to all that it says, where its document stands at a key."""
        listed: list[Json] = [{"$ref": reference_to((whole, *at))} for at in self.starts]
        return listed[0] if len(listed) == 1 else {"allOf": listed}

    def _members(self) -> Mapping[str, Parts]:
        return self.schemas.members(self.parts) if self.parameters is None else self.parameters

    def types(self) -> frozenset[str] | None:
        """The types that the value may have; None: any."""
        return self.schemas.types(self.parts)

    def words(self) -> tuple[Json, ...] | None:
        """The values it may have, where they are named."""
        return self.schemas.words(self.starts)

    def is_nullable(self) -> bool:
        """Whether it is said that the value may be null."""
        types, words = self.types(), self.words()
        if types is None:
            return words is not None and None in words
        return "null" in types and (words is None or None in words)

    def least(self) -> int | None:
        """The least whole number that it may be."""
        return _bound(
            self.schemas.number(self.parts, "minimum"),
            self.schemas.number(self.parts, "exclusiveMinimum"),
            is_least=True,
        )

    def most(self) -> int | None:
        """The greatest whole number that it may be."""
        return _bound(
            self.schemas.number(self.parts, "maximum"),
            self.schemas.number(self.parts, "exclusiveMaximum"),
            is_least=False,
        )


_MOST_DIGITS = 1000


def _bound(inclusive: Json, exclusive: Json, *, is_least: bool) -> int | None:
    """The nearest whole number within both bounds."""
    rounding = ROUND_CEILING if is_least else ROUND_FLOOR
    found: list[int] = []
    for bound, is_exclusive in ((inclusive, False), (exclusive, True)):
        if isinstance(bound, bool) or not isinstance(bound, int | Decimal):
            continue
        if Decimal(bound).adjusted() > _MOST_DIGITS:  # no number that anybody sends
            continue
        whole = int(Decimal(bound).to_integral_value(rounding=rounding))
        if is_exclusive and whole == bound:
            whole += 1 if is_least else -1
        found.append(whole)
    if not found:
        return None
    return max(found) if is_least else min(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The object in which a lens works, as the older and as the newer contract declare it."""

    older: Declared
    newer: Declared
