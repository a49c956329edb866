"""The text of a document as plain values, with a way back to where each was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from forecourt.contract.places import Places, TextPlaces, TreePlaces
from forecourt.contract.values import Json, encode
from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.codes import BAD_CHARACTER, TOO_DEEP
from forecourt.source.tree import MAX_DEPTH, Mapping, Node, Scalar, parse

_OPENS = re.compile(r"[ \t\r\n]*\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A document: its root, the same as JSON, and the places of everything in it."""

    root: Json
    encoded: bytes
    places: Places


def read_document(text: str, path: str) -> tuple[Written | None, tuple[Diagnostic, ...]]:
    """A document from YAML or JSON; None where it cannot be read to its end.

    What is clean JSON is read as such, which is thirty times faster. What is not (a key written
    twice, a comma too many) is left to the YAML reader, which knows where things stand.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if _OPENS.match(text):
        try:
            root = _read_json(text)
        except (ValueError, InvalidOperation):
            pass
        except RecursionError:
            return None, (_too_deep(path),)
        else:
            return _written_as_json(root, text, path)
    tree, diagnostics = parse(text, path)
    if tree is None:
        return None, diagnostics
    root = plain(tree)
    return Written(root=root, encoded=encode(root), places=TreePlaces(tree)), diagnostics


def _written_as_json(
    root: Json, text: str, path: str
) -> tuple[Written | None, tuple[Diagnostic, ...]]:
    places = TextPlaces(text, path)
    if _is_too_deep(root):
        return None, (_too_deep(path),)
    try:
        encoded = encode(root)
    except UnicodeEncodeError:
        return None, (_half_a_pair(text, path, places),)
    return Written(root=root, encoded=encoded, places=places), ()


def _read_json(text: str) -> Json:
    value: Json = json.loads(
        text,
        object_pairs_hook=_without_repeats,
        parse_float=Decimal,
        parse_constant=_refuse_constant,
    )
    return value


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key is written twice")
    return entries


def _refuse_constant(word: str) -> Json:
    raise ValueError(f"{word} is not JSON")


def _is_too_deep(root: Json) -> bool:
    """Whether it is nested deeper than YAML may be; whoever walks it may recurse."""
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return False
    return True


def _inside(value: Json) -> Iterator[Json]:
    """The lists and objects in a list or an object."""
    if isinstance(value, dict):
        return (inner for inner in value.values() if isinstance(inner, dict | list))
    if isinstance(value, list):
        return (inner for inner in value if isinstance(inner, dict | list))
    return iter(())


def _too_deep(path: str) -> Diagnostic:
    message = f"this is nested more than {MAX_DEPTH} levels deep"
    return TOO_DEEP.at(Span(path, 1, 1), message)


# The escape of a high surrogate without its low one after it, or of a low one alone.
_HALF_A_PAIR = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def _half_a_pair(text: str, path: str, places: TextPlaces) -> Diagnostic:
    found = _HALF_A_PAIR.search(text)
    span = places.at_offset(found.start()) if found else Span(path, 1, 1)
    what = f"`{found[0]}`" if found else "a text of this document"
    message = f"{what} is half a surrogate pair, which is no character"
    return BAD_CHARACTER.at(span, message, help="write the whole pair, or the character itself")


# --- from a tree of texts -------------------------------------------------------------------------

# YAML 1.2, core schema (https://yaml.org/spec/1.2.2/#103-core-schema): `no` and `on` are texts.
_WORDS: dict[str, bool] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_BEGINS = frozenset("0123456789+-.")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,6})?")

# Python refuses to read longer ones, and nobody means them as numbers.
_MOST_DIGITS = 1000


def plain(node: Node) -> Json:
    """A tree as values, which no longer know where they stand."""
    if isinstance(node, Scalar):
        return _scalar(node)
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    return [plain(item) for item in node.items]


def _scalar(scalar: Scalar) -> Json:
    text = scalar.text
    if scalar.is_quoted:
        return text
    if scalar.is_null:
        return None
    if text[0] in _NUMBER_BEGINS and len(text) < _MOST_DIGITS:
        if _DECIMAL.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            return Decimal(text)
        if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
    return _WORDS.get(text, text)
