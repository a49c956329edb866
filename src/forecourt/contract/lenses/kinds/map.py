"""Words become other words.

Way up: what `values` says of each; words that both contracts know stay as they are. Way down: the
same backwards, and what `back` says of words that only the newer version has. Null stays null. With
`part`, a parameter of the operations that `in` names.

Losses
    A word that the other contract does not know, and that nothing is said of. `on_loss` says what
    becomes of it: `refuse` the message (unless something else is written), `omit` the member, or
    make it `null`. Two words that become one are a loss too, so `back` has to say which is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecourt.contract.lenses.around import Around
from forecourt.contract.lenses.kind import Example, LensKind, Misfit, Names
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.steps import Change, OnLoss, Step
from forecourt.contract.lenses.steps import Map as MapStep
from forecourt.contract.values import Json
from forecourt.estate.changes import Map
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest


def names(lens: Map) -> Names:
    """It is there in both."""
    return Names(keeps=((lens.name, "map"),))


def up(lens: Map, around: Around) -> tuple[Step, ...]:
    """In words of the newer version."""
    return (Change(name=lens.name, by=_up(lens, around), on_loss=OnLoss(lens.on_loss)),)


def down(lens: Map, around: Around) -> tuple[Step, ...]:
    """In words of the older version."""
    return (Change(name=lens.name, by=_down(lens, around), on_loss=OnLoss(lens.on_loss)),)


def _up(lens: Map, around: Around) -> MapStep:
    older, newer = around.older.member(lens.name).words(), around.newer.member(lens.name).words()
    said = [(_meant(old, older), _meant(new, newer)) for old, new in lens.values]
    return _step(said, older, newer)


def _down(lens: Map, around: Around) -> MapStep:
    older, newer = around.older.member(lens.name).words(), around.newer.member(lens.name).words()
    said = [(_meant(new, newer), _meant(old, older)) for new, old in lens.back]
    said += [(_meant(new, newer), _meant(old, older)) for old, new in lens.values]
    return _step(said, newer, older)


def _step(
    said: Iterable[tuple[Json, Json]], words: tuple[Json, ...] | None, into: tuple[Json, ...] | None
) -> MapStep:
    """What is said, and the words that both know; others stay only where any word is allowed."""
    pairs: list[tuple[Json, Json]] = []
    for word, other in said:
        if not _knows((w for w, _ in pairs), word):
            pairs.append((word, other))
    for word in (into if words is None else words) or ():
        if not _knows((w for w, _ in pairs), word) and (into is None or _knows(into, word)):
            pairs.append((word, word))
    return MapStep(pairs=tuple(pairs), keeps_others=into is None)


def _knows(words: Iterable[Json], word: Json) -> bool:
    """Whether it is among them; 1 is not true."""
    return any(type(w) is type(word) and w == word for w in words)


def _meant(text: str, words: tuple[Json, ...] | None) -> Json:
    """The value of the contract that is written so; the text itself, if there is none."""
    if words is None or _knows(words, text):
        return text
    return next((word for word in words if _written(word) == text), text)


def _written(word: Json) -> str:
    """A scalar as a file of changes says it."""
    return _WORDS[word] if word is None or isinstance(word, bool) else str(word)


_WORDS = {True: "true", False: "false", None: "null"}


def lowered(lens: Map, shape: Shape) -> None:
    """The words of the older version that come of it; any of them may be sent, or is lost."""
    if lens.name not in shape.members:
        return
    around, schema = shape.around, shape.older(lens.name)
    newer = around.newer.member(lens.name).words()
    if not shape.is_request and newer is not None:
        back = {_key(word): other for word, other in _down(lens, around).pairs}
        read = [back[_key(w)] for w in newer if _key(w) in back]
        schema = {"enum": list({_key(each): each for each in read}.values())}
    null = shape.is_nullable(lens.name)
    shape.change(lens.name, schema, lens.on_loss, may_be_null=null)


def _key(word: Json) -> tuple[str, str]:
    return type(word).__name__, str(word)


def misfits(lens: Map, around: Around) -> Iterator[Misfit]:
    """Words that a contract does not know, and words of which nobody could tell which they were."""
    older, newer = around.older.member(lens.name).words(), around.newer.member(lens.name).words()
    for key, pairs, left, right in (
        ("values", lens.values, older, newer),
        ("back", lens.back, newer, older),
    ):
        for word, other in pairs:
            yield from _unknown(f"{key}.{word}", word, left)
            yield from _unknown(f"{key}.{word}", other, right)
    yield from _types(lens, around)
    came: dict[tuple[str, str], Json] = {}
    said = {new for new, _ in lens.back}
    for sent, became in _up(lens, around).pairs:
        first = came.setdefault(_key(became), sent)
        if first is not sent and str(became) not in said:
            message = f"{shown(str(first))} and {shown(str(sent))} both become {shown(str(became))}"
            way_out = f"say which of them older callers read: `back: {{{became}: {first}}}`"
            yield Misfit(key="values", message=message, help=way_out)


def _types(lens: Map, around: Around) -> Iterator[Misfit]:
    """What has no words, or other values besides them: those would pass as they are."""
    older, newer = around.older.member(lens.name), around.newer.member(lens.name)
    for which, declared in (("older", older), ("newer", newer)):
        if compound := (declared.types() or frozenset()) & {"array", "object"}:
            kind = " or ".join(sorted(compound))
            message = (
                f"{shown(lens.name)} is of type {kind} in the {which} contract, which is no word"
            )
            yield Misfit(key="map", message=message, help="name a member that is one")
            return
    one, other = older.types(), newer.types()
    if one is None or other is None or None not in (older.words(), newer.words()):
        return
    if one - {"null"} != other - {"null"}:
        said, meant = (" or ".join(sorted(types)) for types in (one, other))
        message = (
            f"{shown(lens.name)} was of type {said} and is of type {meant}: values besides its "
            "words would pass as they are"
        )
        yield Misfit(key="map", message=message, help="name every word with `enum`, or `convert`")


def _unknown(key: str, word: str, words: tuple[Json, ...] | None) -> Iterator[Misfit]:
    if words is not None and not _knows(words, _meant(word, words)):
        known = [str(w) for w in words]
        close = nearest(word, known)
        way_out = f"did you mean `{close}`?" if close else f"it may be {', '.join(known)}"
        yield Misfit(key=key, message=f"the contract does not know {shown(word)}", help=way_out)


_OLDER: dict[str, Json] = {"status": {"type": "string", "enum": ["paid", "failed"]}}
_NEWER: dict[str, Json] = {
    "status": {"type": "string", "enum": ["authorized", "captured", "failed"]}
}

KIND = LensKind(
    key="map",
    declared=Map,
    summary="words become other words",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=misfits,
    page=__doc__,
    examples=(
        Example(
            title="A word that is another",
            lens="{map: status, values: {paid: captured}, in: [Thing], because: banks say so}",
            older=_OLDER,
            newer=_NEWER,
            below={"status": "paid"},
            above={"status": "captured"},
        ),
        Example(
            title="A word that older callers do not know",
            lens="{map: status, values: {paid: captured}, in: [Thing], because: banks say so}",
            older=_OLDER,
            newer=_NEWER,
            below=None,
            above={"status": "authorized"},
            direction="down",
        ),
    ),
)
