"""A value is said in another unit or spelling.

Way up: from `from` to `to`. Way down: back. Both are names of units, for which there are
[converters](README.md#converters), each exact: what has no exact other side is a loss, and so is a
number that the other contract does not allow (its `minimum` and `maximum`). Null stays null.
Members of bodies only: parameters are texts, whatever they mean.

Losses
    A value that the other version cannot say: dollars and a half cent, or euros for a version that
    knows only dollars. `on_loss` says what becomes of it: `refuse` the message (unless something
    else is written), `omit` the member, or make it `null`. Nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.lenses.around import Around, Declared
from forecourt.contract.lenses.converters import (
    UNITS,
    Converter,
    arguments_of,
    converter_between,
    is_currency,
)
from forecourt.contract.lenses.kind import Example, LensKind, Misfit, Names
from forecourt.contract.lenses.shape import Shape
from forecourt.contract.lenses.steps import Change, OnLoss, Step
from forecourt.contract.lenses.steps import Convert as ConvertStep
from forecourt.contract.values import Json
from forecourt.estate.changes import Convert
from forecourt.source.codes import MISSING_KEY, NOT_ONE_OF
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.spelling import nearest


def names(lens: Convert) -> Names:
    """It is there in both."""
    return Names(keeps=((lens.name, "convert"),))


def up(lens: Convert, around: Around) -> tuple[Step, ...]:
    """As the newer version says it."""
    return _steps(lens, around.newer.member(lens.name), is_down=False)


def down(lens: Convert, around: Around) -> tuple[Step, ...]:
    """As the older version says it."""
    return _steps(lens, around.older.member(lens.name), is_down=True)


def _steps(lens: Convert, into: Declared, *, is_down: bool) -> tuple[Step, ...]:
    found = converter_between(lens.source, lens.target)
    if found is None:
        return ()
    converter, is_back = found
    given = dict(lens.arguments)
    if not all(is_currency(given.get(argument, "")) for argument in converter.arguments):
        return ()  # told as a misfit
    by = ConvertStep(
        converter=converter.id,
        arguments=arguments_of(converter, given),
        is_back=is_back is not is_down,
        least=into.least(),
        most=into.most(),
    )
    return (Change(name=lens.name, by=by, on_loss=OnLoss(lens.on_loss)),)


def lowered(lens: Convert, shape: Shape) -> None:
    """What the older contract says: whatever it does not say is lost, as declared."""
    if lens.name in shape.members:
        null = shape.is_nullable(lens.name)
        shape.change(lens.name, shape.older(lens.name), lens.on_loss, may_be_null=null)


def misfits(lens: Convert, around: Around) -> Iterator[Misfit]:
    """Units that nobody knows, arguments that are missing, and types that the units have not."""
    found = converter_between(lens.source, lens.target)
    if found is None:
        yield from _unknown(lens)
        return
    converter, is_back = found
    given = dict(lens.arguments)
    for argument in converter.arguments:
        if argument not in given:
            message = f"`{argument}` is missing: `{lens.source}` has one"
            way_out = f"write `{argument}: USD`, or whichever it is"
            yield Misfit(key="convert", message=message, help=way_out, code=MISSING_KEY)
        elif not is_currency(given[argument]):
            message = f"`{argument}` is {shown(given[argument])}, which is no currency of ISO 4217"
            close = given[argument].upper()
            way_out = f"write `{close}`" if is_currency(close) else "write its code, such as `USD`"
            yield Misfit(key=argument, message=message, help=way_out)
    for argument in given:
        if argument not in converter.arguments:
            message = f"`{lens.source}` and `{lens.target}` have no `{argument}`"
            yield Misfit(key=argument, message=message, help="remove it")
    yield from _types(lens, converter, around, is_back=is_back)


def _unknown(lens: Convert) -> Iterator[Misfit]:
    for key, unit in (("from", lens.source), ("to", lens.target)):
        if unit not in UNITS:
            close = nearest(unit, UNITS)
            way_out = f"did you mean `{close}`?" if close else f"the units are {', '.join(UNITS)}"
            message = f"{shown(unit)} is no unit that there is a converter for"
            yield Misfit(key=key, message=message, help=way_out, code=NOT_ONE_OF)
            return
    message = f"nothing converts `{lens.source}` to `{lens.target}`"
    others = [u for u in UNITS if converter_between(lens.source, u) is not None]
    yield Misfit(key="to", message=message, help=f"from it there is a way to {', '.join(others)}")


def _types(
    lens: Convert, converter: Converter, around: Around, *, is_back: bool
) -> Iterator[Misfit]:
    units = (lens.source, lens.target)
    kinds = (converter.makes, converter.takes) if is_back else (converter.takes, converter.makes)
    sides = (("from", "older", around.older), ("to", "newer", around.newer))
    for (key, which, declared), unit, kind in zip(sides, units, kinds, strict=True):
        types = declared.member(lens.name).types()
        fitting = {kind, "number"} if kind == "integer" else {kind}
        if types is not None and not types & fitting:
            said = " or ".join(sorted(types))
            message = (
                f"`{unit}` is of type {kind}, and in the {which} contract "
                f"{shown(lens.name)} is of type {said}"
            )
            yield Misfit(key=key, message=message, help="name the unit that the contract means")


_CENTS: dict[str, Json] = {"amount": {"type": "integer"}}
_MONEY: dict[str, Json] = {
    "amount": {
        "type": "object",
        "required": ["value", "currency"],
        "properties": {"value": {"type": "string"}, "currency": {"type": "string"}},
    }
}
_LENS = (
    "{convert: amount, in: [Thing], from: minor_units, to: money, currency: USD, on_loss: refuse,\n"
    " because: amounts without a currency could not be told apart}"
)

KIND = LensKind(
    key="convert",
    declared=Convert,
    summary="a value is said in another unit or spelling",
    names=names,
    up=up,
    down=down,
    lowered=lowered,
    misfits=misfits,
    page=__doc__,
    examples=(
        Example(
            title="Cents become money",
            lens=_LENS,
            older=_CENTS,
            newer=_MONEY,
            below={"amount": 4990},
            above={"amount": {"value": "49.90", "currency": "USD"}},
        ),
        Example(
            title="Euros cannot be said in cents of a dollar",
            lens=_LENS,
            older=_CENTS,
            newer=_MONEY,
            below=None,
            above={"amount": {"value": "49.90", "currency": "EUR"}},
            direction="down",
        ),
    ),
)
