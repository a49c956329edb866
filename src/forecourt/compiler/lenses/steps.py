"""The steps of lenses as the edge reads them: each a table that says `op`."""

from __future__ import annotations

from typing import assert_never

from forecourt.compiler.bundle.canonical import canonical
from forecourt.compiler.contracts.serialized import LuaTable, LuaValue
from forecourt.compiler.lenses.constants import constant
from forecourt.compiler.lenses.converters import convert
from forecourt.contract.lenses.steps import (
    Change,
    Convert,
    Drop,
    Gather,
    InList,
    InObject,
    Map,
    OutOfList,
    OutOfObject,
    Put,
    Rename,
    Spread,
    Step,
    ValueStep,
    Whole,
)


def step(given: Step) -> LuaTable:
    """A step on the members of an object, or on a value whatever it is (`whole`)."""
    match given:
        case Rename(name=name, to=to):
            return {"op": "rename", "name": name, "to": to}
        case Change(name=name, by=by, on_loss=on_loss):
            return {
                "op": "change",
                "name": name,
                "by": value_step(by),
                "on_loss": on_loss.value,
            }
        case Gather(names=names, into=into):
            return {"op": "gather", "names": names, "into": into}
        case Spread(name=name, names=names, on_loss=on_loss):
            return {"op": "spread", "name": name, "names": names, "on_loss": on_loss.value}
        case Put(name=name, value=value):
            return {"op": "put", "name": name, "value": constant(value)}
        case Drop(name=name, on_loss=on_loss):
            return {"op": "drop", "name": name, "on_loss": on_loss.value}
        case Whole(by=by):
            return {"op": "whole", "by": value_step(by)}
        case _:
            assert_never(given)


def value_step(given: ValueStep) -> LuaTable:
    """A step on one value."""
    match given:
        case Convert():
            return {"op": "convert", **convert(given)}
        case Map(pairs=pairs, keeps_others=keeps_others):
            # Texts are looked up as they are, all else by the one text of equal values.
            of_text: dict[str, LuaValue] = {}
            of_other: dict[str, LuaValue] = {}
            for one, other in pairs:
                if isinstance(one, str):
                    of_text.setdefault(one, constant(other))
                else:
                    of_other.setdefault(canonical(one).decode(), constant(other))
            return {
                "op": "map",
                "of_text": of_text,
                "of_other": of_other,
                "keeps_others": keeps_others,
            }
        case InObject(name=name):
            return {"op": "in_object", "name": name}
        case OutOfObject(name=name, ignored=ignored):
            return {"op": "out_of_object", "name": name, "ignored": dict.fromkeys(ignored, True)}
        case InList():
            return {"op": "in_list"}
        case OutOfList():
            return {"op": "out_of_list"}
        case _:
            assert_never(given)
