"""The sections of a schema that need no other schema: texts, numbers, choices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from forecourt.compiler.bundle.canonical import canonical, number_parts
from forecourt.compiler.bundle.formats import FORMATS
from forecourt.compiler.bundle.layout import MOST, NONE, Bound, Kind
from forecourt.compiler.bundle.words import Words
from forecourt.contract.regular.reading import NotRegular
from forecourt.contract.values import Json, encode

_KINDS = {
    "null": Kind.NULL,
    "boolean": Kind.BOOLEAN,
    "integer": Kind.INTEGER,
    "number": Kind.INTEGER | Kind.FRACTION,
    "string": Kind.STRING,
    "array": Kind.ARRAY,
    "object": Kind.OBJECT,
}

# Whose square a double holds exactly, so that remainders can be multiplied.
_MOST_FACTOR = 94_906_265

_MOST_EXPECTED = 200

Inexact = Callable[[str], None]


def kinds(schema: dict[str, Json]) -> Kind:
    """What `type` admits; one that is none of JSON Schema's says nothing."""
    written = schema.get("type")
    words = written if isinstance(written, list) else [written]
    if not words or not all(isinstance(word, str) and word in _KINDS for word in words):
        return Kind.ANY
    admitted = Kind(0)
    for word in words:
        assert isinstance(word, str)
        admitted |= _KINDS[word]
    return admitted


def kinds_of(values: list[Json]) -> Kind:
    """The kinds of some values."""
    found = Kind(0)
    for value in values:
        match value:
            case None:
                found |= Kind.NULL
            case bool():
                found |= Kind.BOOLEAN
            case int() | Decimal():
                found |= Kind.INTEGER if number_parts(value)[2] >= 0 else Kind.FRACTION
            case str():
                found |= Kind.STRING
            case list():
                found |= Kind.ARRAY
            case dict():
                found |= Kind.OBJECT
    return found


def count(schema: dict[str, Json], keyword: str, otherwise: int) -> int:
    """A count; what is no count says nothing."""
    number = schema.get(keyword)
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return otherwise
    if number < 0:
        return otherwise
    if number >= MOST:
        return MOST
    return int(number) if number == int(number) else otherwise


def string_section(
    schema: dict[str, Json], words: Words, formats: frozenset[str], inexact: Inexact
) -> int:
    """`[least, most, pattern, its text, pattern of the format, seconds at, its name]`, or 0."""
    least, most = count(schema, "minLength", 0), count(schema, "maxLength", NONE)
    pattern = pattern_text = form = seconds = form_text = NONE
    if isinstance(written := schema.get("pattern"), str):
        try:
            pattern, pattern_text = words.pattern(written), words.text(written)
        except NotRegular as refused:
            inexact(f"pattern: {refused.args[0]}")
    name = schema.get("format")
    if isinstance(name, str) and name in formats:
        known = FORMATS[name]
        form, form_text = words.pattern(known.pattern), words.text(name)
        seconds = NONE if known.seconds_at is None else known.seconds_at
    section = (least, most, pattern, pattern_text, form, seconds, form_text)
    return 0 if section == (0, *[NONE] * 6) else words.put(section)


_BOUNDS = {
    "minimum": Bound.MINIMUM,
    "maximum": Bound.MAXIMUM,
    "exclusiveMinimum": Bound.EXCLUSIVE_MINIMUM,
    "exclusiveMaximum": Bound.EXCLUSIVE_MAXIMUM,
}


def number_section(schema: dict[str, Json], words: Words, inexact: Inexact) -> int:
    """How many comparisons, then four words each (`Bound`), or 0."""
    comparisons: list[int] = []
    for keyword, operation in _BOUNDS.items():
        if (bound := _number(schema.get(keyword))) is not None:
            comparisons += [
                operation,
                words.double(bound),
                words.text(encode(bound)),
                _is_exact(bound),
            ]
    divisor = _number(schema.get("multipleOf"))
    if divisor is not None and Decimal(divisor) > 0:
        _, digits, exponent = number_parts(divisor)
        if int(digits) > _MOST_FACTOR or abs(exponent) > 400:
            inexact("multipleOf: too many digits")
        else:
            text = words.text(encode(divisor))
            comparisons += [Bound.MULTIPLE, int(digits), text, exponent]
    return words.put([len(comparisons) // 4, *comparisons]) if comparisons else 0


def _is_exact(bound: int | Decimal) -> int:
    """1 if a double is that number, and of a size where it is every integer."""
    return int(abs(Decimal(bound)) < 2**53 and Decimal(float(bound)) == bound)


def _number(value: Json) -> int | Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return value


def enum_section(
    allowed: list[Json], withheld: list[Json], fallback: Json, words: Words, *, is_const: bool
) -> int:
    """`[is it const, what to expect, strings, where, others, where, withheld, where, fallback,
    slots, mask]`: the last two are for the edge, which hashes strings with a secret of its own.
    """
    strings = [words.text(v) for v in _unique(allowed) if isinstance(v, str)]
    others = [words.text(canonical(v)) for v in _unique(allowed) if not isinstance(v, str)]
    hidden = [words.text(v) for v in withheld if isinstance(v, str)]
    expected = ", ".join(encode(v).decode() for v in allowed)
    if len(expected) > _MOST_EXPECTED:
        expected = expected[: _MOST_EXPECTED - 1] + "…"
    section = [int(is_const), words.text(expected)]
    for texts in (strings, others, hidden):
        section += [len(texts), words.put(texts) if texts else 0]
    section += [NONE if fallback is None else words.text(encode(fallback)), 0, 0]
    return words.put(section)


def _unique(values: list[Json]) -> list[Json]:
    return list({canonical(value): value for value in values}.values())
