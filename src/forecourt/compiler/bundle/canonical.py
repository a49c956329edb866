"""One text for one value, so that equal values are equal bytes: forecourt.json.canonical in Lua."""

from __future__ import annotations

from decimal import Decimal

from forecourt.contract.values import Json


def canonical(value: Json) -> bytes:
    """Its bytes. 1, 1.0 and 10e-1 are one value; the order of keys says nothing."""
    match value:
        case None:
            return b"n"
        case bool():
            return b"t" if value else b"f"
        case int() | Decimal():
            return b"d" + canonical_number(value).encode() + b";"
        case str():
            return _text(value)
        case list():
            return b"[" + b"".join(map(canonical, value)) + b"]"
        case dict():
            members = sorted((_text(key), canonical(inner)) for key, inner in value.items())
            return b"{" + b"".join(key + inner for key, inner in members) + b"}"


def canonical_number(number: int | Decimal) -> str:
    """Sign, digits without zeros at either end, exponent of ten."""
    sign, digits, exponent = number_parts(number)
    return f"{sign}{digits}e{exponent}"


def number_parts(number: int | Decimal) -> tuple[str, str, int]:
    """The same in parts; of zero "", "" and 0."""
    written = Decimal(number).as_tuple()
    assert isinstance(written.exponent, int), "JSON has no infinity"
    digits = "".join(map(str, written.digits)).lstrip("0")
    significant = digits.rstrip("0")
    if not significant:
        return "", "", 0
    sign = "-" if written.sign else ""
    return sign, significant, written.exponent + len(digits) - len(significant)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return b"s%d:" % len(encoded) + encoded
