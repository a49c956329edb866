"""Tries lenses on values: what comes of one must be what the other contract says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forecourt.contract.lenses.applying import converted
from forecourt.contract.lenses.around import Declared
from forecourt.contract.lenses.kind import Misfit
from forecourt.contract.lenses.lost import Lost
from forecourt.contract.lenses.placing import Placed, Placing
from forecourt.contract.lenses.schemas import name_of
from forecourt.contract.lenses.steps import (
    Change,
    Convert,
    Drop,
    InList,
    InObject,
    Map,
    OnLoss,
    Put,
    ValueStep,
)
from forecourt.contract.sampling import NoSample, sample
from forecourt.contract.values import Json, decode, encode
from forecourt.source.quoting import shown

# Whole amounts and moments, as most have them: each as far as its contract takes it.
_NUMBERS = (4990, 100, 1)
# What a converter takes that is said in a text.
_TEXTS = ("49.90", "100", "true", "2028-11-05T08:15:00Z")
# A text of a parameter that means another scalar as well.
_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|true|false")


def of_requests(placed: Placed, there: Iterable[Placed], placing: Placing) -> Iterator[Misfit]:
    """What older callers send that would be no message of the newer version, by this lens.

    `there` are all lenses of its place, `placing` those of all places. Where another makes
    something of the same member, what comes of one is not the end, and is not tried.
    """
    around, is_alone = placed.around, _is_alone(placed, there)
    for step in placed.up():
        if isinstance(step, Put) and is_alone:
            yield from _default(step, around.newer, "newer")
        elif isinstance(step, Drop):
            if not around.older.member(step.name).says("readOnly"):
                yield from _refused(placed, step, around.older, "request of the older")
        elif isinstance(step, Change):
            yield from _made(step, around.older, around.newer)
            if is_alone:
                yield from _tried(placed, step, around.older, around.newer, "newer", placing)


def of_answers(placed: Placed, there: Iterable[Placed], placing: Placing) -> Iterator[Misfit]:
    """What older callers would be told that is no message of their version."""
    around, is_alone = placed.around, _is_alone(placed, there)
    for step in placed.down():
        if isinstance(step, Put) and is_alone:
            yield from _default(step, around.older, "older")
        elif isinstance(step, Drop):
            if not around.newer.member(step.name).says("writeOnly"):
                yield from _refused(placed, step, around.newer, "answer of the newer")
        elif isinstance(step, Change) and is_alone:
            yield from _tried(placed, step, around.newer, around.older, "older", placing)


def _is_alone(placed: Placed, there: Iterable[Placed]) -> bool:
    own = _members(placed)
    return not any(own & _members(other) for other in there if other.number != placed.number)


def _members(placed: Placed) -> set[str]:
    """The members whose values it makes, as the newer contract calls them."""
    called = placed.around.newer.called
    steps = (step for step in placed.up() if isinstance(step, Change | Put))
    return {called.get(step.name, step.name) for step in steps}


def _default(step: Put, around: Declared, which: str) -> Iterator[Misfit]:
    declared = around.member(step.name)
    values = [step.value] if around.parameters is None else _meant(step.value)
    if not any(declared.accepts(value) for value in values):
        message = f"the {which} contract does not let {shown(step.name)} be {_written(step.value)}"
        yield Misfit(key="default", message=message, help="write a value that its schema takes")


def _refused(placed: Placed, step: Drop, source: Declared, which: str) -> Iterator[Misfit]:
    if step.on_loss is OnLoss.REFUSE and source.requires(step.name):
        places = placed.lens.places
        message = f"every {which} version has {shown(step.name)}, and would be refused"
        key = "on_loss" if "on_loss" in places else placed.kind.key
        yield Misfit(key=key, message=message, help="write `on_loss: omit`")


def _meant(value: Json) -> Iterator[Json]:
    """What a default may mean: in a parameter numbers and texts are written alike."""
    yield value
    if not isinstance(value, str):
        yield encode(value).decode()
        return
    if _SCALAR.fullmatch(value):
        yield decode(value.encode())


def _made(step: Change, older: Declared, newer: Declared) -> Iterator[Misfit]:
    """Of a loss on the way up that is not refused: whether the newer version can do without."""
    is_sent = not newer.member(step.name).says("readOnly")
    if not is_sent or _loses_nothing(step, older.member(step.name)):
        return
    if step.on_loss is OnLoss.OMIT and newer.requires(step.name):
        message = f"a request without {shown(step.name)} is none of the newer version"
        yield Misfit(key="on_loss", message=message, help="write `on_loss: refuse`")
    elif step.on_loss is OnLoss.NULL and not newer.member(step.name).accepts(None):
        message = f"{shown(step.name)} is never null in requests of the newer version"
        yield Misfit(key="on_loss", message=message, help="write `on_loss: refuse`")


def _loses_nothing(step: Change, source: Declared) -> bool:
    match step.by:
        case InObject() | InList():
            return True
        case Convert():
            has_bounds = step.by.least is not None or step.by.most is not None
            return not step.by.is_back and not has_bounds
        case Map():
            words = source.words()
            return words is not None and not any(
                isinstance(converted(step.by, word), Lost) for word in words if word is not None
            )
        case _:
            return False


def _tried(
    placed: Placed,
    step: Change,
    source: Declared,
    target: Declared,
    which: str,
    placing: Placing,
) -> Iterator[Misfit]:
    if not isinstance(step.by, Convert | Map):
        return
    one, other = source.member(step.name), target.member(step.name)
    if len(one.starts) != 1:
        return
    tried = [value for value in _values(one, step) if one.accepts(value)]
    if isinstance(step.by, Convert) and step.by.is_back and not placing.within(_names(one)):
        yield from _besides(placed, step, one)
    made = [(value, converted(step.by, value)) for value in tried]
    if isinstance(step.by, Map) and made and all(isinstance(after, Lost) for _, after in made):
        message = f"no word of {shown(step.name)} becomes one that the {which} contract knows"
        yield Misfit(key=placed.kind.key, message=message, help="say in `values` what each becomes")
    for value, after in made:
        if not isinstance(after, Lost) and not other.accepts(after):
            message = (
                f"{_written(value)} would become {_written(after)}, which is not what the {which} "
                f"contract lets {shown(step.name)} be"
            )
            way_out = "name what its schema says, or let the schema take it"
            yield Misfit(key=placed.kind.key, message=message, help=way_out)
            return


def _names(declared: Declared) -> Iterator[str]:
    """What the schemas are called in which other lenses may work before."""
    named = (name_of(part) for part in declared.parts)
    return (name for name in named if name is not None)


def _besides(placed: Placed, step: Change, money: Declared) -> Iterator[Misfit]:
    """Money that must say more than that: none of it could be converted."""
    for name in sorted(money.names() - {"value", "currency"}):
        if money.requires(name):
            message = (
                f"`money` is `value` and `currency` alone, and {shown(step.name)} must have "
                f"{shown(name)}, so that every one would be lost"
            )
            way_out = "say that this is new, or gone: `add` or `remove` it in the schema of money"
            yield Misfit(key=placed.kind.key, message=message, help=way_out)


def _values(one: Declared, step: Change) -> Iterable[Json]:
    if isinstance(step.by, Map):
        return tuple(word for word in one.words() or () if word is not None)
    return (*_NUMBERS, *_TEXTS, *_others(step.by), True, *_sampled(one))


def _others(by: ValueStep) -> Iterator[Json]:
    """The numbers as the converter makes them, which go its way back."""
    if isinstance(by, Convert) and by.is_back:
        there = Convert(converter=by.converter, arguments=by.arguments)
        made = (converted(there, number) for number in _NUMBERS)
        yield from (value for value in made if not isinstance(value, Lost))


def _sampled(declared: Declared) -> Iterator[Json]:
    schemas = declared.schemas
    for at in declared.starts[:1]:
        found = sample(schemas.root, at, openapi=schemas.contract.openapi)
        if not isinstance(found, NoSample) and found.value is not None:
            yield found.value


def _written(value: Json) -> str:
    return shown(encode(value).decode())
