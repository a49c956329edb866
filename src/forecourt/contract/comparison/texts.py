"""What texts must look like, and what numbers and texts stand for."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.comparison.difference import Difference, Pair
from forecourt.contract.comparison.shape import Said
from forecourt.contract.comparison.wording import told

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
        yield from _facet(pair, "pattern", ("pattern-added", "pattern-removed", "pattern-changed"))
        for keyword in ("contentMediaType", "contentEncoding"):
            yield from _facet(pair, keyword, ("content-changed",) * 3)
    is_of_text = not pair.is_text or "string" in pair.old.types | pair.new.types
    if is_of_text and (pair.is_about("string") or pair.is_about_numbers):
        yield from _facet(pair, "format", ("format-narrowed", "format-widened", "format-changed"))


def _facet(pair: Pair, keyword: str, facets: tuple[str, ...]) -> Iterator[Difference]:
    """All that is said by a keyword holds: who says more lets fewer values through.

    `facets`: what it is called where fewer values fit, more, and others.
    """
    old, new = (shape.demands.get(keyword, ()) for shape in (pair.old, pair.new))
    is_narrower, is_wider = _implies(new, old), _implies(old, new)
    if is_narrower and is_wider:
        return
    narrower, wider, other = facets
    message = f"`{keyword}` was {_listed(old)}, is {_listed(new)}"
    facet = narrower if is_narrower else wider if is_wider else other
    yield pair.at_keyword(facet, keyword, message)


def _implies(some: tuple[Said, ...], others: tuple[Said, ...]) -> bool:
    """Whether a value for which some hold is surely one for which all others do."""
    return all(
        any(one.value == other.value or (one.value, other.value) in _SMALLER for one in some)
        for other in others
    )


def _listed(demanded: tuple[Said, ...]) -> str:
    return " and ".join(told(said.value) for said in demanded) or "not said"
