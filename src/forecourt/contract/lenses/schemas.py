"""What a contract's schemas say of a value, all those together that may hold of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from forecourt.contract.dialect import Untranslatable, translate
from forecourt.contract.model import Contract
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect, dialect_of, plainly
from forecourt.contract.references import Lost, follow_once
from forecourt.contract.validity import Judge, Unjudgeable
from forecourt.contract.values import Json, Pointer, child, decode, descend

# The schemas that hold of one value, by their places, past references.
Parts = tuple[Pointer, ...]

_NAMED = frozenset({"schemas", "$defs", "definitions"})
_FILES = "x-forecourt-files"


@dataclass(slots=True, kw_only=True)
class Schemas:
    """A contract whose schemas are looked up over and over; each is read once."""

    contract: Contract
    root: Json = field(init=False)
    dialect: Dialect = field(init=False)
    _said: dict[Pointer, dict[str, Json]] = field(default_factory=dict)
    _together: dict[Parts, Parts] = field(default_factory=dict)
    _judges: dict[Pointer, Judge | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = decode(self.contract.document)
        self.dialect = dialect_of(self.contract.openapi)

    def said(self, at: Pointer) -> dict[str, Json]:
        """A schema's own keywords, in 2020-12; none of `true` and `false`."""
        if (known := self._said.get(at)) is None:
            schema = descend(self.root, at)
            known = plainly(schema, self.dialect) if isinstance(schema, dict) else {}
            self._said[at] = known
        return known

    def together(self, starts: Iterable[Pointer]) -> Parts:
        """These schemas, what they refer to, and all of which they are made by `allOf`."""
        starts = tuple(starts)
        if (known := self._together.get(starts)) is not None:
            return known
        found: dict[Pointer, None] = {}
        waiting = list(starts)[::-1]
        while waiting:
            at = waiting.pop()
            if at in found:
                continue
            found[at] = None
            waiting += reversed([*self._referred(at), *self.listed(at, "allOf")])
        self._together[starts] = tuple(found)
        return self._together[starts]

    def alternatives(self, at: Pointer) -> tuple[Pointer, ...]:
        """The schemas of which one holds of the value, or some."""
        return (*self.listed(at, "oneOf"), *self.listed(at, "anyOf"))

    def all(self, starts: Iterable[Pointer]) -> Parts:
        """All of these together, and whatever of their alternatives may hold."""
        found: dict[Pointer, None] = {}
        waiting = [*starts]
        while waiting:
            parts = self.together(waiting)
            waiting = [a for at in parts if at not in found for a in self.alternatives(at)]
            found |= dict.fromkeys(parts)
        return tuple(found)

    def children(self, at: Pointer) -> Parts:
        """The schemas that are made of one that has a discriminator, and no alternatives."""
        if "discriminator" not in self.said(at) or self.alternatives(at):
            return ()
        named = (("components", "schemas", name) for name in self.names())
        return tuple(each for each in named if each != at and at in self.together((each,)))

    def _referred(self, at: Pointer) -> Iterator[Pointer]:
        schema = self.said(at)
        if "$ref" in schema:
            found = follow_once(self.root, schema, at)
            if not isinstance(found, Lost):
                yield found.at

    def listed(self, at: Pointer, keyword: str) -> tuple[Pointer, ...]:
        """The schemas in a list that stands at a keyword."""
        listed = self.said(at).get(keyword)
        length = len(listed) if isinstance(listed, list) else 0
        return tuple((*at, keyword, str(n)) for n in range(length))

    # --- what is said of a value ------------------------------------------------------------------

    def members(self, parts: Parts) -> dict[str, Parts]:
        """The schemas of each member that they name."""
        found: dict[str, Parts] = {}
        for at in parts:
            declared = self.said(at).get("properties")
            for name in declared if isinstance(declared, dict) else ():
                found[name] = (*found.get(name, ()), (*at, "properties", name))
        return found

    def other_members(self, parts: Parts) -> Parts:
        """The schemas of members that are not named."""
        found: list[Pointer] = []
        for at in parts:
            said = self.said(at)
            if isinstance(said.get("additionalProperties"), dict):
                found.append((*at, "additionalProperties"))
            if isinstance(patterns := said.get("patternProperties"), dict):
                found += ((*at, "patternProperties", pattern) for pattern in patterns)
        return tuple(found)

    def item_schemas(self, parts: Parts) -> Parts:
        """The schemas of items, those after `leading_items`."""
        return tuple((*at, "items") for at in parts if isinstance(self.said(at).get("items"), dict))

    def leading_items(self, parts: Parts) -> Parts:
        """The schemas of the first items, one each."""
        for at in parts:
            listed = self.said(at).get("prefixItems")
            if isinstance(listed, list):
                return tuple((*at, "prefixItems", str(n)) for n in range(len(listed)))
        return ()

    def types(self, parts: Parts) -> frozenset[str] | None:
        """The types that they name; None: none of them names any."""
        found: set[str] = set()
        for at in parts:
            kind = self.said(at).get("type")
            found |= {k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)}
        return frozenset(found) or None

    def words(
        self, starts: Iterable[Pointer], around: frozenset[Pointer] = frozenset()
    ) -> tuple[Json, ...] | None:
        """The values that a value may have, in order, where all are named; None: others as well.

        `around`: schemas of which these are alternatives.
        """
        found: tuple[Json, ...] | None = None
        for at in self.together(starts):
            found = _common(found, _named(self.said(at)))
            for keyword in ("oneOf", "anyOf"):
                listed = () if at in around else self.listed(at, keyword)
                each = [self.words((one,), around | {at}) for one in listed]
                if each and None not in each:
                    found = _common(found, tuple(word for words in each for word in words or ()))
        return found

    def number(self, parts: Parts, keyword: str) -> Json:
        """What a keyword says that only one of them should have."""
        return next((v for at in parts if (v := self.said(at).get(keyword)) is not None), None)

    def required(self, parts: Parts) -> frozenset[str]:
        """The members that they require."""
        found: set[str] = set()
        for at in parts:
            listed = self.said(at).get("required")
            found |= {n for n in (listed if isinstance(listed, list) else ()) if isinstance(n, str)}
        return frozenset(found)

    def accepts(self, at: Pointer, value: Json) -> bool:
        """Whether a schema takes a value, formats included; also where nobody can tell."""
        if at not in self._judges:
            self._judges[at] = self._judge(at)
        judge = self._judges[at]
        return judge is None or not judge.faults(value, most=1)

    def _judge(self, at: Pointer) -> Judge | None:
        translated = translate(
            self.root, at, openapi=self.contract.openapi, direction=Direction.REQUEST
        )
        if isinstance(translated, Untranslatable):
            return None
        try:
            return Judge(translated)
        except Unjudgeable:
            return None

    # --- names ------------------------------------------------------------------------------------

    def named(self, name: str) -> Pointer | None:
        """Where the schema of that name stands, by the document's own components first."""
        at = ("components", "schemas", name)
        if descend(self.root, at) is not None:
            return at
        files = child(self.root, _FILES)
        for path in files if isinstance(files, dict) else ():
            if name_of((_FILES, path)) == name:
                return (_FILES, path)
        return None

    def names(self) -> tuple[str, ...]:
        """The names that schemas have."""
        own = descend(self.root, ("components", "schemas"))
        return tuple(own) if isinstance(own, dict) else ()


def _named(said: Mapping[str, Json]) -> tuple[Json, ...] | None:
    """The values that one schema names by itself."""
    if isinstance(enum := said.get("enum"), list):
        return tuple(enum)
    if "const" in said:
        return (said["const"],)
    return (None,) if said.get("type") == "null" else None


def _common(
    one: tuple[Json, ...] | None, other: tuple[Json, ...] | None
) -> tuple[Json, ...] | None:
    """What both name, each once; 1 is not true."""
    if one is None or other is None:
        return one if other is None else _once(other)
    return tuple(word for word in _once(one) if _has(other, word))


def _once(words: Iterable[Json]) -> tuple[Json, ...]:
    found: list[Json] = []
    for word in words:
        if not _has(found, word):
            found.append(word)
    return tuple(found)


def _has(words: Iterable[Json], word: Json) -> bool:
    return any(type(each) is type(word) and each == word for each in words)


def name_of(at: Pointer) -> str | None:
    """What a schema is called, by where it stands; None: it stands within another."""
    if len(at) >= 2 and at[-2] in _NAMED:
        return at[-1]
    if len(at) == 2 and at[0] == _FILES:
        file = at[1].rpartition("/")[2]
        return file.partition(".")[0]
    return None
