"""A value that shows what a schema means, and is what the schema says."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from forecourt.contract.dialect import Translated, Translations, Untranslatable, place_of
from forecourt.contract.one_sided import Direction
from forecourt.contract.sampling.building import Builder, OutOfSteps
from forecourt.contract.sampling.choices import Choices
from forecourt.contract.sampling.conjunction import Node
from forecourt.contract.sampling.making import NoValue, Spot
from forecourt.contract.validity import Fault, Judge, Path, Unjudgeable
from forecourt.contract.values import Json, Pointer

# A step takes some twenty microseconds; the largest schemas that are in use take a few thousand.
MOST_STEPS = 20_000
MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A value for which the schema holds: it was judged."""

    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSample:
    """No value was found. `place` is the JSON pointer of the schema that is the trouble."""

    place: str
    reason: str


def sample(
    document: Json,
    at: Pointer,
    *,
    openapi: str,
    direction: Direction = Direction.RESPONSE,
    seed: str | None = None,
    translations: Translations | None = None,
) -> Sampled | NoSample:
    """A value for the schema that stands `at` a place of a document of that version of OpenAPI.

    The examples, defaults and choices of the schemas come first, as far as they hold; the rest is
    the plainest of its kind. What only the other side writes is left out. The same each time; a
    seed gives another, the same for the same seed. There may be values where none is found:
    satisfiability is not decided here, and the steps are counted. `translations` are those of that
    document and direction, for who asks for many values.
    """
    if translations is None:
        translations = Translations(document, openapi=openapi, direction=direction)
    translated = translations.of(at)
    if isinstance(translated, Untranslatable):
        return NoSample(place=_written(translated.at), reason=translated.reason)
    try:
        judge = Judge(translated)
    except Unjudgeable as trouble:
        return NoSample(place=_written(at), reason=str(trouble))
    try:
        return _Search(translated, judge, direction, Choices(seed=seed)).found()
    except NoValue as none:
        return NoSample(place=none.place, reason=none.reason)
    except OutOfSteps:
        return NoSample(place=_written(at), reason="finding a value took too many steps")


class _Search:
    """First the plain way; then again, with care where what came out does not hold."""

    def __init__(
        self, translated: Translated, judge: Judge, direction: Direction, choices: Choices
    ) -> None:
        self._definitions = translated.definitions
        self._start = Node(schema=self._definitions[translated.start[1]], at=translated.start)
        self._judge = judge
        self._hidden = direction.value
        self._choices = choices
        self._steps = MOST_STEPS

    def found(self) -> Sampled:
        careful: set[Path] = set()
        for _ in range(MOST_ROUNDS):
            try:
                value = self._built(careful, takes_stated=True)
            except NoValue:
                break
            if not (faults := self._judge.faults(value)):
                return Sampled(value=value)
            if (more := careful | _around(faults)) == careful:
                break
            careful = more
        value = self._built(_Everywhere(), takes_stated=False)
        if faults := self._judge.faults(value, most=1):
            raise NoValue(faults[0].schema, faults[0].message)
        return Sampled(value=value)

    def _built(self, careful: Container[Path], *, takes_stated: bool) -> Json:
        builder = Builder(
            definitions=self._definitions,
            judge=self._judge,
            hidden=self._hidden,
            careful=careful,
            takes_stated=takes_stated,
            steps=self._steps,
        )
        return builder.value((self._start,), Spot(choices=self._choices))


def _around(faults: tuple[Fault, ...]) -> set[Path]:
    """The places of faults, and all that these are in."""
    return {path[:n] for f in faults for path in f.within for n in range(len(path) + 1)}


class _Everywhere:
    def __contains__(self, _: object) -> bool:
        return True


def _written(at: Pointer) -> str:
    return place_of(("$defs", "", *at))
