"""What a lens says to callers of the older version, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from forecourt.estate.changes import (
    Add,
    AnyLens,
    Convert,
    Hoist,
    Map,
    Move,
    Nest,
    Operation,
    Remove,
    Rename,
    Unwrap,
    Wrap,
)


def sentence(lens: AnyLens) -> str:
    """What became of what, without a stop; names in backticks."""
    said = _said(lens)
    if lens.part != "body":
        said += f", in the {lens.part}"
    return f"{said} (in {_listed(lens.within)})" if lens.within else said


def _said(lens: AnyLens) -> str:
    match lens:
        case Rename():
            said = f"`{lens.name}` is called `{lens.to}`"
        case Convert():
            said = f"`{lens.name}` is said as {_unit(lens.target)}, not as {_unit(lens.source)}"
        case Nest():
            said = f"{_listed(lens.names)} {_stands(lens.names)} in `{lens.into}`"
        case Hoist():
            said = f"{_listed(lens.names)} {_stands(lens.names)} outside of `{lens.out_of}`"
        case Wrap(into=None):
            said = f"`{lens.name}` is a list"
        case Wrap():
            said = f"`{lens.name}` is an object, which says in `{lens.into}` what it was"
        case Unwrap(out_of=None):
            said = f"`{lens.name}` is no list, but what its one item was"
        case Unwrap():
            said = f"`{lens.name}` is what its `{lens.out_of}` was"
        case Add():
            said = f"`{lens.name}` is new"
        case Remove():
            said = f"`{lens.name}` is gone"
        case Map():
            words = (f"`{old}` is `{new}`" for old, new in lens.values)
            said = ", ".join((f"`{lens.name}` has other words", *words))
        case Move():
            renamed = f" as `{lens.to}`" if lens.to != lens.name else ""
            said = f"`{lens.name}` stands in the {lens.target}{renamed}, not in the {lens.source}"
        case Operation(becomes=None):
            said = f"`{lens.name}` is gone"
        case Operation():
            said = f"`{lens.name}` is `{lens.becomes}`"
    return said


def _listed(names: Iterable[str]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}" if others else last


def _stands(names: tuple[str, ...]) -> str:
    return "stands" if len(names) == 1 else "stand"


def _unit(name: str) -> str:
    return name.replace("_", " ")
