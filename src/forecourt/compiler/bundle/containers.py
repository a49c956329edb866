"""The sections of a schema about arrays and objects."""

from __future__ import annotations

from typing import Protocol

from forecourt.compiler.bundle.held import Held
from forecourt.compiler.bundle.layout import ANYTHING, NONE, NOTHING, ObjectFlag, PropertyFlag
from forecourt.compiler.bundle.projection import View, is_not_required, is_withheld
from forecourt.compiler.bundle.references import References
from forecourt.compiler.bundle.sections import count
from forecourt.compiler.bundle.words import Words
from forecourt.contract.one_sided import Direction, let_out
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.contract.regular.reading import NotRegular
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer


class Around(Protocol):
    """What a section needs of the compilation around it."""

    view: View
    dialect: Dialect
    references: References
    sight: Sight
    words: Words
    held: Held

    def number(self, at: Pointer, *, is_same_value: bool = False) -> int:
        """The number of the schema at a place."""

    def inexact(self, reason: str) -> None:
        """The schema cannot be judged exactly."""

    def hides(self) -> None:
        """The schema has members that are not for the audience."""


def is_schema(value: Json) -> bool:
    """Whether it is a schema: anything else means nothing where one is expected."""
    return isinstance(value, dict | bool)


def array_section(schema: dict[str, Json], at: Pointer, around: Around) -> int:
    """The words of a schema about arrays, or 0.

    `[least, most, unique, items, contains, least of it, most of it, rest, unevaluated, how many
    before the items, …]`. A schema is NONE where nothing is said; `rest` is what the filter lets
    pass of items that are not named, which `unevaluatedItems` may say.
    """
    least, most = count(schema, "minItems", 0), count(schema, "maxItems", NONE)
    unique = int(schema.get("uniqueItems") is True)
    items = _optional(schema, "items", at, around)
    unevaluated = _optional(schema, "unevaluatedItems", at, around)
    rest = items if items != NONE else unevaluated
    contains = _demanded(schema, "contains", at, around)
    least_of = count(schema, "minContains", 1)
    most_of = count(schema, "maxContains", NONE)
    prefix = []
    if isinstance(listed := schema.get("prefixItems"), list):
        prefix = [around.number((*at, "prefixItems", str(n))) for n in range(len(listed))]
    section = [least, most, unique, items, contains, least_of, most_of, rest, unevaluated]
    section += [len(prefix), *prefix]
    is_silent = (least, most, unique, items, contains, rest) == (0, NONE, 0, NONE, NONE, NONE)
    return 0 if is_silent and not prefix else around.words.put(section)


def _optional(schema: dict[str, Json], keyword: str, at: Pointer, around: Around) -> int:
    return around.number((*at, keyword)) if is_schema(schema.get(keyword)) else NONE


def _demanded(schema: dict[str, Json], keyword: str, at: Pointer, around: Around) -> int:
    """The same of a schema that only demands: one that is hidden demands nothing."""
    is_hidden = around.sight.hides_schema(schema.get(keyword))
    return NONE if is_hidden else _optional(schema, keyword, at, around)


def object_section(schema: dict[str, Json], at: Pointer, around: Around) -> int:
    """The words of a schema about objects, or 0.

    `[least, most, required, additional, names, patterns, where, dependents, where, properties,
    where, slots, mask, flags, rest, unevaluated]`. `slots` and `mask` are for the edge; `rest` is
    what the filter lets pass of members that are not named.
    """
    words = around.words
    least, most = count(schema, "minProperties", 0), count(schema, "maxProperties", NONE)
    properties = _properties(schema, at, around)
    required = sum(1 for entry in properties if entry[2] & PropertyFlag.REQUIRED)
    patterns = _patterns(schema, at, around)
    dependents = _dependents(schema, at, around)
    additional = _optional(schema, "additionalProperties", at, around)
    unevaluated = _optional(schema, "unevaluatedProperties", at, around)
    rest = additional if additional != NONE else unevaluated
    names = _demanded(schema, "propertyNames", at, around)
    declares = isinstance(schema.get("properties"), dict) or bool(patterns) or rest != NONE
    section = [least, most, required, additional, names]
    for entries in (patterns, dependents, properties):
        flat = [word for entry in entries for word in entry]
        section += [len(entries), words.put(flat) if flat else 0]
    flags = ObjectFlag.DECLARES if declares else ObjectFlag(0)
    if any(_is_hidden(PropertyFlag(entry[2])) for entry in properties):
        flags |= ObjectFlag.HIDES
    section += [0, 0, int(flags), rest, unevaluated]
    is_silent = (least, most, names) == (0, NONE, NONE)
    if is_silent and not (declares or properties or dependents):
        return 0
    return words.put(section)


def _is_hidden(flags: PropertyFlag) -> bool:
    return PropertyFlag.WITHHELD in flags and PropertyFlag.REFUSED not in flags


def _properties(
    schema: dict[str, Json], at: Pointer, around: Around
) -> list[tuple[int, int, int, int]]:
    """`(name, schema, flags, 0)` for each name under `properties` or in `required`."""
    written = schema.get("properties")
    declared = written if isinstance(written, dict) else {}
    listed = schema.get("required")
    required = {n for n in listed if isinstance(n, str)} if isinstance(listed, list) else set()
    required -= let_out(
        schema,
        around.references.lead,
        lambda inner: is_not_required(around.sight, inner, around.view, around.dialect),
    )
    required -= unsaid(around)
    found = []
    for name in sorted(declared.keys() | required):
        flags = PropertyFlag.REQUIRED if name in required else PropertyFlag(0)
        number = ANYTHING
        if name in declared and is_schema(declared[name]):
            flags |= PropertyFlag.DECLARED
            if is_withheld(around.sight, declared[name], around.view):
                flags |= PropertyFlag.WITHHELD
                if around.sight.hides_schema(declared[name]):
                    around.hides()
                else:
                    flags |= PropertyFlag.REFUSED
                number = NOTHING
            else:
                number = around.number((*at, "properties", name))
        found.append((around.words.text(name), number, int(flags), 0))
    return found


def unsaid(around: Around) -> frozenset[str]:
    """Names that who sends a request must not learn of: nothing is asked of them."""
    return around.sight.unsaid if around.view.direction is Direction.REQUEST else frozenset()


def _patterns(schema: dict[str, Json], at: Pointer, around: Around) -> list[tuple[int, int]]:
    written = schema.get("patternProperties")
    found = []
    for pattern in sorted(written) if isinstance(written, dict) else ():
        try:
            number = around.words.pattern(pattern)
        except NotRegular as refused:
            around.inexact(f"patternProperties: {refused.args[0]}")
        else:
            found.append((number, around.number((*at, "patternProperties", pattern))))
    return found


def _dependents(
    schema: dict[str, Json], at: Pointer, around: Around
) -> list[tuple[int, int, int, int]]:
    """`(name, schema or NONE, how many names, where)` for each name that asks for something."""
    found = []
    hidden = unsaid(around)
    if isinstance(written := schema.get("dependentRequired"), dict):
        for name, needed in sorted(written.items()):
            if isinstance(needed, list) and needed and name not in hidden:
                asked = [n for n in needed if isinstance(n, str) and n not in hidden]
                texts = [around.words.text(n) for n in asked]
                place = around.words.put(texts)
                found.append((around.words.text(name), NONE, len(texts), place))
    if isinstance(written := schema.get("dependentSchemas"), dict):
        for name in sorted(written):
            if name not in hidden and not around.sight.hides_schema(written[name]):
                number = around.number((*at, "dependentSchemas", name), is_same_value=True)
                found.append((around.words.text(name), number, 0, 0))
    return found
