"""What texts must look like, and what numbers and texts stand for."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.difference import Difference, Pair
from forecourt.contract.comparison.wording import told
from forecourt.contract.values import Json

# Every value of the first is one of the second.
_SMALLER = frozenset(
    {
        ("int32", "int64"),
        ("float", "double"),
        ("hostname", "idn-hostname"),
        ("email", "idn-email"),
        ("uri", "iri"),
        ("uri", "uri-reference"),
        ("uri-reference", "iri-reference"),
        ("iri", "iri-reference"),
    }
)


def texts(pair: Pair) -> Iterator[Difference]:
    """How patterns, formats and what a text holds differ."""
    if pair.is_about("string"):
        yield from _pattern(pair)
        for keyword in ("contentMediaType", "contentEncoding"):
            before, after = _of(pair, keyword)
            if before != after:
                yield pair.at_keyword("content-changed", keyword, _said(keyword, before, after))
    if pair.is_about("string") or pair.is_about_numbers:
        yield from _format(pair)


def _pattern(pair: Pair) -> Iterator[Difference]:
    before, after = _of(pair, "pattern")
    message = _said("pattern", before, after)
    if before == after:
        return
    if before is None:
        yield pair.at_keyword("pattern-added", "pattern", message)
    elif after is None:
        yield pair.at_keyword("pattern-removed", "pattern", message)
    else:
        yield pair.at_keyword("pattern-changed", "pattern", message)


def _format(pair: Pair) -> Iterator[Difference]:
    before, after = _of(pair, "format")
    message = _said("format", before, after)
    if before == after or (pair.is_text and "string" not in pair.old.types | pair.new.types):
        return
    if before is None or (after, before) in _SMALLER:
        yield pair.at_keyword("format-narrowed", "format", message)
    elif after is None or (before, after) in _SMALLER:
        yield pair.at_keyword("format-widened", "format", message)
    else:
        yield pair.at_keyword("format-changed", "format", message)


def _of(pair: Pair, keyword: str) -> tuple[Json, Json]:
    old, new = pair.old.said.get(keyword), pair.new.said.get(keyword)
    return (old.value if old else None), (new.value if new else None)


def _said(keyword: str, before: Json, after: Json) -> str:
    was = "not said" if before is None else told(before)
    now = "not said" if after is None else told(after)
    return f"`{keyword}` was {was}, is {now}"
