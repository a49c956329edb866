"""The section of a schema about schemas that judge the same value."""

from __future__ import annotations

from forecourt.compiler.bundle.containers import Around, is_schema
from forecourt.compiler.bundle.discriminator import discriminator_words
from forecourt.compiler.bundle.layout import ANYTHING, NOTHING, Whole
from forecourt.contract.values import Json, Pointer

# What a schema that cannot be told declares: nothing, so that nothing leaves by it.
_NOBODY_KNOWS = (Whole.ALL, NOTHING, 0)


def whole_section(schema: dict[str, Json], at: Pointer, around: Around) -> int:
    """How many schemas, then three words each (`Whole`), or 0."""
    entries: list[tuple[int, int, int]] = []
    if held := around.held.of_alternatives(schema, at):
        around.hides()
        entries.append((Whole.HELD, held, 0))
    if "$dynamicRef" in schema or isinstance(schema.get("items"), list):
        entries.append(_NOBODY_KNOWS)
    if isinstance(reference := schema.get("$ref"), str):
        target = around.references.target(reference)
        if target is None:
            around.inexact("$ref: it leads out of the document")
            entries.append(_NOBODY_KNOWS)
        else:
            entries.append((Whole.ALL, around.number(target, is_same_value=True), 0))
    for place in _places(schema, "allOf", at, around):
        entries.append((Whole.ALL, around.number(place, is_same_value=True), 0))
    for keyword, operation in (("anyOf", Whole.ANY), ("oneOf", Whole.ONE)):
        if isinstance(schema.get(keyword), list) and schema[keyword]:
            places = _places(schema, keyword, at, around)
            branches = {p: around.number(p, is_same_value=True) for p in places}
            told = discriminator_words(schema, branches, around)
            listed = around.words.put([*branches.values(), *told])
            entries.append((operation, listed, len(branches)))
            if around.held.hides_a_choice({keyword: schema[keyword]}, at):
                entries.append((Whole.SEEN, listed, len(branches)))
    if _is_seen(schema.get("not"), around):
        entries.append((Whole.NOT, around.number((*at, "not"), is_same_value=True), 0))
    # Also without `then` and `else`: what a condition looks at is evaluated.
    if _is_seen(schema.get("if"), around):
        three = [_part(schema, keyword, at, around) for keyword in ("if", "then", "else")]
        entries.append((Whole.IF, around.words.put(three), 0))
    if not entries:
        return 0
    # Alternatives last: what they let leave depends on what is declared beside them.
    entries.sort(key=lambda entry: entry[0] in {Whole.ANY, Whole.ONE})
    return around.words.put([len(entries), *(word for entry in entries for word in entry)])


def _places(schema: dict[str, Json], keyword: str, at: Pointer, around: Around) -> list[Pointer]:
    """Where the schemas stand, of several, that the audience sees."""
    listed = schema.get(keyword)
    if not isinstance(listed, list):
        return []
    return [
        (*at, keyword, str(n))
        for n, part in enumerate(listed)
        if is_schema(part) and not around.sight.hides_schema(part)
    ]


def _is_seen(part: Json, around: Around) -> bool:
    """Whether a schema stands there for the audience: one that is hidden demands nothing."""
    return is_schema(part) and not around.sight.hides_schema(part)


def _part(schema: dict[str, Json], keyword: str, at: Pointer, around: Around) -> int:
    part = schema.get(keyword)
    if not _is_seen(part, around):
        return ANYTHING
    return NOTHING if part is False else around.number((*at, keyword), is_same_value=True)
