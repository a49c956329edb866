"""The shape of a value, from the schemas that hold of it.

Schemas say the same in many ways: `allOf` of one, a reference to what stood inline, `nullable` or
`null` among types or alternatives, a list of constants as alternatives. All of them have one shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from forecourt.contract.comparison.numbers import is_whole, scientific
from forecourt.contract.comparison.shape import (
    DEMANDING,
    TYPES,
    Alternatives,
    Bound,
    Containing,
    Discriminator,
    Said,
    Shape,
)
from forecourt.contract.comparison.side import Part, Parts, Side
from forecourt.contract.keywords import is_number
from forecourt.contract.one_sided import Direction
from forecourt.contract.values import Json, Pointer, child, encode

LOWER = frozenset({"minimum", "minLength", "minItems", "minProperties"})
UPPER = frozenset({"maximum", "maxLength", "maxItems", "maxProperties"})
_EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_SINGLE = frozenset(
    {
        *("items", "propertyNames", "not", "if", "then", "else", "contentSchema"),
        *("unevaluatedItems", "unevaluatedProperties"),
    }
)
# These say something even where any value fits their schema.
_SAYS_MUCH = frozenset({"not", "if"})
_OF_CONTAINS = frozenset({"contains", "minContains", "maxContains"})
_BY_NAME = frozenset({"patternProperties", "dependentSchemas"})
_ANNOTATIONS = frozenset(
    {
        *("title", "description", "example", "examples", "externalDocs", "xml", "$comment"),
        *("deprecated", "default", "readOnly", "writeOnly"),
    }
)
# A pattern that every text matches.
_ANY_TEXT = frozenset({"", ".*", "^.*$", "^", "$", "^.*", ".*$"})


@dataclass(slots=True, kw_only=True)
class Shaping:
    """Makes the shapes of one side's schemas, each once."""

    side: Side
    _shapes: dict[tuple[Parts, Direction], Shape] = field(default_factory=dict)

    def shape(self, parts: Parts, direction: Direction) -> Shape:
        """The shape of a value for which all these schemas hold."""
        key = (parts, direction)
        known = self._shapes.get(key)
        if known is None:
            builder = _Builder(side=self.side, direction=direction)
            known = self._shapes[key] = builder.shape(parts)
        return known


@dataclass(slots=True, kw_only=True)
class _Builder:
    side: Side
    direction: Direction
    is_false: bool = False
    types: frozenset[str] = TYPES
    values: dict[str, Said] | None = None
    bounds: dict[str, Bound] = field(default_factory=dict)
    required: dict[str, Pointer] = field(default_factory=dict)
    properties: dict[str, Parts] = field(default_factory=dict)
    singles: dict[str, Parts] = field(default_factory=dict)
    several: dict[str, dict[str, Parts]] = field(default_factory=dict)
    alternatives: list[Alternatives] = field(default_factory=list)
    discriminator: Discriminator | None = None
    said: dict[str, Said] = field(default_factory=dict)
    demands: dict[str, tuple[Said, ...]] = field(default_factory=dict)
    contains: list[Containing] = field(default_factory=list)
    opened: set[Parts] = field(default_factory=set)

    def shape(self, parts: Parts) -> Shape:
        whole = self.side.whole(parts)
        self._take_all(whole)
        withheld = {n: p for n, p in self.properties.items() if self._is_withheld(p)}
        types = self.types
        if self.values is not None:
            types = _both(types, frozenset(_type_of(said.value) for said in self.values.values()))
        return Shape(
            at=_main(whole, parts),
            is_false=self.is_false,
            types=types,
            values=self.values,
            bounds=self.bounds,
            required={n: at for n, at in self.required.items() if n not in withheld},
            properties={n: p for n, p in self.properties.items() if n not in withheld},
            withheld=withheld,
            singles=self.singles,
            several=self.several,
            alternatives=tuple(self.alternatives),
            discriminator=self.discriminator,
            said=self.said,
            demands=self.demands,
            contains=tuple(self.contains),
        )

    def _is_withheld(self, parts: Parts) -> bool:
        return any(self.side.is_withheld(part, self.direction) for part in parts)

    def _take_all(self, whole: Iterable[Part], *, or_null: bool = False) -> None:
        for part in whole:
            self.is_false = self.is_false or part.is_false
            for keyword, value in part.said.items():
                if keyword not in _OF_CONTAINS:
                    self._take(keyword, value, part.at, or_null=or_null)
            if isinstance(part.said.get("contains"), dict | bool):
                self._take_contains(part)

    def _take(self, keyword: str, value: Json, at: Pointer, *, or_null: bool) -> None:  # noqa: PLR0912
        here = (*at, keyword)
        if keyword == "type":
            self._take_types(value, or_null=or_null)
            self.said.setdefault(keyword, Said(value=value, at=here))
        elif keyword == "enum" and isinstance(value, list):
            self._take_values(self.side.choices(at, value), here, or_null=or_null)
        elif keyword == "const":
            self._take_values([value], here, or_null=or_null)
        elif keyword in ("anyOf", "oneOf") and isinstance(value, list):
            self._take_alternatives(value, here)
        elif keyword == "required" and isinstance(value, list):
            for name in value:
                if isinstance(name, str) and not self.side.is_unsaid(name):
                    self.required.setdefault(name, here)
        elif keyword == "properties" and isinstance(value, dict):
            for name in value:
                if not self.side.hides(inner := (*here, name)):
                    self.properties[name] = _joined(self.properties.get(name, ()), inner)
        elif keyword in _BY_NAME and isinstance(value, dict):
            named = self.several.setdefault(keyword, {})
            for name in value:
                named[name] = _joined(named.get(name, ()), (*here, name))
        elif keyword == "prefixItems" and isinstance(value, list):
            placed = self.several.setdefault(keyword, {})
            for number in map(str, range(len(value))):
                placed[number] = _joined(placed.get(number, ()), (*here, number))
        elif keyword in _SINGLE and isinstance(value, dict | bool):
            if keyword == "unevaluatedProperties" and value is False:
                self.said[keyword] = Said(value=value, at=here)
            if keyword in _SAYS_MUCH or (value is not True and value != {}):
                self.singles[keyword] = _joined(self.singles.get(keyword, ()), here)
        elif keyword == "additionalProperties" and isinstance(value, dict | bool):
            self._take_others(value, here)
        elif keyword == "discriminator":
            self._take_discriminator(value, here)
        elif is_number(value) and (keyword in LOWER | UPPER or keyword in _EXCLUSIVE):
            assert isinstance(value, int | Decimal)
            self._take_bound(keyword, value, here)
        elif keyword == "pattern" and value in _ANY_TEXT:
            return
        elif keyword in DEMANDING:
            known = self.demands.get(keyword, ())
            if all(encode(value) != encode(said.value) for said in known):
                self.demands[keyword] = (*known, Said(value=value, at=here))
        elif not (keyword == "uniqueItems" and value is False):
            self.said.setdefault(keyword, Said(value=value, at=here))

    def _take_types(self, value: Json, *, or_null: bool) -> None:
        names = value if isinstance(value, list) else [value]
        known = frozenset(n for n in names if isinstance(n, str) and n in TYPES | {"integer"})
        if known:
            known = plain_types(known | ({"null"} if or_null else frozenset()))
            self.types = _both(self.types, known)

    def _take_values(self, values: Iterable[Json], at: Pointer, *, or_null: bool) -> None:
        listed = {_text(v): Said(value=v, at=at) for v in values}
        if or_null:
            listed.setdefault("null", Said(value=None, at=at))
        if self.values is None:
            self.values = listed
        else:
            self.values = {text: said for text, said in self.values.items() if text in listed}

    def _take_others(self, value: Json, at: Pointer) -> None:
        if value is False:
            self.said["additionalProperties"] = Said(value=value, at=at)
        elif value is not True and value != {}:
            others = self.singles.get("additionalProperties", ())
            self.singles["additionalProperties"] = _joined(others, at)

    def _take_bound(self, keyword: str, value: int | Decimal, at: Pointer) -> None:
        name = _EXCLUSIVE.get(keyword, keyword)
        bound = Bound(value=value, is_exclusive=keyword in _EXCLUSIVE, at=at)
        if name in LOWER and name != "minimum" and value <= 0:
            return  # nothing is shorter than nothing
        known = self.bounds.get(name)
        if known is None or is_tighter(name, bound, known):
            self.bounds[name] = bound

    def _take_contains(self, part: Part) -> None:
        least, most = part.said.get("minContains"), part.said.get("maxContains")
        one = Containing(
            at=(*part.at, "contains"),
            least=least if isinstance(least, int | Decimal) and is_number(least) else 1,
            most=most if isinstance(most, int | Decimal) and is_number(most) else None,
        )
        if (one.least > 0 or one.most is not None) and one not in self.contains:
            self.contains.append(one)

    def _take_alternatives(self, listed: list[Json], at: Pointer) -> None:
        places = [(*at, str(n)) for n in range(len(listed))]
        branches = [(place,) for place in places if not self.side.hides(place)]
        kept = [branch for branch in branches if not self._is_null(branch)]
        has_null = len(kept) < len(branches)
        simple = [self._simple_types(branch) for branch in kept]
        listings = [self._listing(branch) for branch in kept]
        if kept and all(simple):
            types = frozenset(t for types in simple for t in types)
            self._take_types([*sorted(types)], or_null=has_null)
        elif kept and all(listing is not None for listing in listings):
            together = [said for listing in listings for said in listing or ()]
            self._take_values((s.value for s in together), at, or_null=has_null)
        elif len(kept) == 1:
            if kept[0] not in self.opened:  # one that leads back to itself says nothing more
                self.opened.add(kept[0])
                self._take_all(self.side.whole(kept[0]), or_null=has_null)
        elif branches:
            types = frozenset(t for branch in kept for t in self._types_of(branch))
            types = plain_types(types | ({"null"} if has_null else frozenset()))
            self.alternatives.append(Alternatives(at=at, branches=tuple(kept), types=types))
            self.types = _both(self.types, types)

    def _types_of(self, branch: Parts) -> frozenset[str]:
        types = TYPES
        for part in self.side.whole(branch):
            names = part.said.get("type")
            listed = names if isinstance(names, list) else [names] if names else []
            known = frozenset(n for n in listed if isinstance(n, str))
            types = _both(types, known) if known else types
        return types

    def _own(self, branch: Parts) -> Iterator[tuple[str, Said]]:
        """What a branch says beside what explains it."""
        for part in self.side.whole(branch):
            for keyword, value in part.said.items():
                if keyword not in _ANNOTATIONS and not keyword.startswith("x-"):
                    yield keyword, Said(value=value, at=part.at)

    def _is_null(self, branch: Parts) -> bool:
        own = list(self._own(branch))
        return bool(own) and all(
            (word == "type" and s.value in ("null", ["null"]))
            or (word == "enum" and s.value == [None])
            or (word == "const" and s.value is None)
            for word, s in own
        )

    def _simple_types(self, branch: Parts) -> frozenset[str]:
        """The types of a branch that says nothing else; none where it says more."""
        own = list(self._own(branch))
        if not own or any(keyword != "type" for keyword, _ in own):
            return frozenset()
        return self._types_of(branch)

    def _listing(self, branch: Parts) -> list[Said] | None:
        """The values of a branch that only lists some."""
        found: list[Said] = []
        for keyword, said in self._own(branch):
            if keyword == "const":
                found.append(said)
            elif keyword == "enum" and isinstance(said.value, list):
                found += (Said(value=v, at=said.at) for v in said.value)
            elif keyword != "type":
                return None
        return found or None

    def _take_discriminator(self, value: Json, at: Pointer) -> None:
        name, mapping = child(value, "propertyName"), child(value, "mapping")
        if isinstance(name, str) and self.discriminator is None:
            targets = mapping.items() if isinstance(mapping, dict) else ()
            self.discriminator = Discriminator(
                property=name,
                at=at,
                mapping={word: t.rpartition("/")[2] for word, t in targets if isinstance(t, str)},
            )


def plain_types(types: frozenset[str]) -> frozenset[str]:
    """The same types, without `integer` where `number` is one of them."""
    return types - {"integer"} if "number" in types else types


def _main(whole: tuple[Part, ...], parts: Parts) -> Pointer:
    """Where most is said: the first schema that does not only refer to another."""
    telling = (part.at for part in whole if part.said.keys() - {"$ref"})
    return next(telling, parts[0] if parts else ())


def is_tighter(keyword: str, one: Bound, other: Bound) -> bool:
    """Whether a bound leaves fewer values than another."""
    if one.value == other.value:
        return one.is_exclusive and not other.is_exclusive
    return (one.value > other.value) is (keyword in LOWER)


def _joined(parts: Parts, part: Pointer) -> Parts:
    return parts if part in parts else (*parts, part)


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The types that are in both; an integer is a number."""
    both = one & other
    if any("integer" in some and "number" in rest for some, rest in ((one, other), (other, one))):
        both |= {"integer"}
    return plain_types(both)


def _type_of(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return "integer" if is_whole(value) else "number"


def _text(value: Json) -> str:
    """The same text for equal values."""
    if isinstance(value, int | Decimal) and is_number(value):
        whole, power = scientific(value)
        return encode(Decimal((whole < 0, Decimal(abs(whole)).as_tuple().digits, power))).decode()
    return encode(value).decode()
