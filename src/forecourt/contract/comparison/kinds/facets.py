"""Changes of schemas, which are judged by what they do to the set of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.verdict import Effect, Verdict
from forecourt.contract.one_sided import Direction

_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE

# Requests may grow more liberal, responses more precise, never the other way.
PRINCIPLE: dict[tuple[Direction, Effect], Verdict] = {
    (_REQUEST, Effect.NARROWS): Verdict.BREAKING,
    (_REQUEST, Effect.WIDENS): Verdict.SAFE,
    (_REQUEST, Effect.BOTH): Verdict.BREAKING,
    (_REQUEST, Effect.NONE): Verdict.SAFE,
    (_RESPONSE, Effect.NARROWS): Verdict.SAFE,
    (_RESPONSE, Effect.WIDENS): Verdict.BREAKING,
    (_RESPONSE, Effect.BOTH): Verdict.BREAKING,
    (_RESPONSE, Effect.NONE): Verdict.SAFE,
}
_BECAUSE: dict[tuple[Direction, Effect], str] = {
    (_REQUEST, Effect.NARROWS): "what was accepted is refused",
    (_REQUEST, Effect.WIDENS): "what was accepted still is",
    (_REQUEST, Effect.BOTH): "what was accepted is refused",
    (_REQUEST, Effect.NONE): "the same requests are accepted",
    (_RESPONSE, Effect.NARROWS): "callers meet nothing that they were not told of",
    (_RESPONSE, Effect.WIDENS): "callers meet values that they were told cannot come",
    (_RESPONSE, Effect.BOTH): "callers meet values that they were told cannot come",
    (_RESPONSE, Effect.NONE): "the same answers come",
}
_REMEDY: dict[tuple[Direction, Effect], str] = {
    (_REQUEST, Effect.NARROWS): "accept the old values as well, and demand the new ones in a new "
    "version only",
    (_REQUEST, Effect.BOTH): "accept the old values beside the new ones, or begin a new version",
    (_RESPONSE, Effect.WIDENS): "answer old versions within the old bounds, and let new values out "
    "in a new version only",
    (_RESPONSE, Effect.BOTH): "add a property for the new values and keep this one as it was, or "
    "begin a new version",
}
NOTHING_TO_DO = "nothing to do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A change of one thing that a schema says, whichever way values go.

    The way back is `reverse`, of answers `reverse_in_response` where that is another. `request` and
    `response` are verdicts other than those of the principle, with the reason.
    """

    name: str
    effect: Effect
    summary: str
    reverse: str
    reverse_in_response: str | None = None
    request: tuple[Verdict, str] | None = None
    response: tuple[Verdict, str] | None = None
    remedy_in_request: str | None = None
    remedy_in_response: str | None = None


def pair(narrow: str, wide: str, lost: str, gained: str) -> tuple[Facet, Facet]:
    """A change that leaves fewer values, and the way back."""
    return (
        Facet(name=narrow, effect=Effect.NARROWS, summary=lost, reverse=wide),
        Facet(name=wide, effect=Effect.WIDENS, summary=gained, reverse=narrow),
    )


def kinds_of(facets: tuple[Facet, ...]) -> Iterator[Kind]:
    """Two kinds of each: `request-NAME` and `response-NAME`."""
    for facet in facets:
        back = facet.reverse_in_response or facet.reverse
        for direction, own, remedy, reverse in (
            (_REQUEST, facet.request, facet.remedy_in_request, facet.reverse),
            (_RESPONSE, facet.response, facet.remedy_in_response, back),
        ):
            way = direction.name.lower()
            judged = (direction, facet.effect)
            verdict, because = own or (PRINCIPLE[judged], _BECAUSE[judged])
            is_safe = verdict is Verdict.SAFE
            usual = NOTHING_TO_DO if is_safe else _REMEDY.get(judged, _ANNOUNCE)
            yield Kind(
                id=f"{way}-{facet.name}",
                direction=direction,
                summary=facet.summary,
                verdict=verdict,
                because=because,
                remedy=NOTHING_TO_DO if is_safe else remedy or usual,
                reverse=f"{way}-{reverse}",
            )


_ANNOUNCE = "keep what was said, or tell callers and begin a new version"
