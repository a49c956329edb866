"""The text of a document as plain values, with a way back to where each was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from forecourt.contract.marks import MARKS
from forecourt.contract.places import Places, PlacesInJson, PlacesInTree
from forecourt.contract.values import Json, encode
from forecourt.diagnostics import Diagnostic
from forecourt.source.codes import CODES
from forecourt.source.plain import plain
from forecourt.source.quoting import shown
from forecourt.source.tree import MAX_DEPTH, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A document: its root, the same as JSON, and the places of everything in it."""

    root: Json
    encoded: bytes
    places: Places


def read_document(text: str, path: str) -> tuple[Written | None, tuple[Diagnostic, ...]]:
    """A document from YAML or JSON; None where it cannot be read to its end.

    What is clean JSON is read as such, which is ten times faster than with places. What is not (a
    key written twice, half a character) is read again by the reader that says where. A key that is
    written twice is a warning, since the first counts; an audience mark is an error.
    """
    if (clean := _clean_json(text)) is not None:
        root, encoded = clean
        return Written(root=root, encoded=encoded, places=PlacesInJson(text, path)), ()
    tree, found = parse(text, path)
    diagnostics = tuple(map(_of_a_document, found))
    if tree is None:
        return None, diagnostics
    root = plain(tree)
    return Written(root=root, encoded=encode(root), places=PlacesInTree(tree)), diagnostics


_MARKS_SHOWN = tuple(sorted(map(shown, MARKS)))


def _of_a_document(found: Diagnostic) -> Diagnostic:
    """A mistake of the text as it matters here: others' documents repeat keys, and are clear.

    Of two audiences the wider must not count by standing first.
    """
    matters = next((code.in_contracts for code in CODES if code.name == found.name), None)
    if matters is None or found.message.startswith(_MARKS_SHOWN):
        return found
    return replace(found, severity=matters)


_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_OBJECT_BEGINS = re.compile(_BYTE_ORDER_MARK + r"?[ \t\r\n]*\{")


def _clean_json(text: str) -> tuple[Json, bytes] | None:
    """The value of a text that is an object of JSON without fault, and the same without spaces."""
    if _OBJECT_BEGINS.match(text) is None:
        return None
    try:
        root: Json = json.loads(
            text.removeprefix(_BYTE_ORDER_MARK),
            object_pairs_hook=_without_repeats,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
        )
        return None if _is_too_deep(root) else (root, encode(root))
    except (ValueError, InvalidOperation, RecursionError):  # half a character is a ValueError
        return None


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a key is written twice")
    return entries


def _refuse_constant(word: str) -> Json:
    raise ValueError(f"{word} is not JSON")


def _is_too_deep(root: Json) -> bool:
    """Whether it is nested deeper than a tree may be; whoever walks it may recurse."""
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
