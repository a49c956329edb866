"""How one version of an API becomes the next: `apis/NAME/changes/VERSION.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from forecourt.diagnostics import Places
from forecourt.estate.values import Json

# What becomes of a value that the other version cannot say.
Loss = Literal["refuse", "omit", "null"]

# Where in a request a name stands.
Part = Literal["body", "query", "header", "cookie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """One thing that differs between two versions, which says what it becomes both ways.

    `within` names schemas of the contracts, or operations (by `operationId`, or as `POST /orders`);
    `part` is what of a request it speaks of. `because` is the reason, in words for callers.
    """

    because: str
    within: tuple[str, ...] = ()
    part: Part = "body"
    places: Places = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename(Lens):
    """A member or parameter has another name."""

    name: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert(Lens):
    """A value is said in another unit: `source` and `target` are names of the converters' table."""

    name: str
    source: str
    target: str
    arguments: tuple[tuple[str, str], ...] = ()
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nest(Lens):
    """Members move into an object of their own."""

    names: tuple[str, ...]
    into: str
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hoist(Lens):
    """The members of an object move out of it."""

    names: tuple[str, ...]
    out_of: str
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap(Lens):
    """A value becomes a member of an object (`into`), or the one item of a list (None)."""

    name: str
    into: str | None
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwrap(Lens):
    """The member `out_of` of an object, or the one item of a list (None), stands in its place."""

    name: str
    out_of: str | None
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Add(Lens):
    """A member or parameter is new. `default` is what older callers mean, if `has_default`."""

    name: str
    default: Json = field(default=None, hash=False)
    has_default: bool = False
    on_loss: Loss = "omit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(Lens):
    """A member or parameter is gone. `default` is what older callers read, if `has_default`."""

    name: str
    default: Json = field(default=None, hash=False)
    has_default: bool = False
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Lens):
    """Words become other words: `values` on the way up, `back` what has another way down."""

    name: str
    values: tuple[tuple[str, str], ...] = ()
    back: tuple[tuple[str, str], ...] = ()
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Lens):
    """A scalar has another place in the message; `to` is its name there."""

    name: str
    to: str
    source: Literal["body", "query", "header", "path", "cookie"]
    target: Literal["body", "query", "header", "path", "cookie"]
    message: Literal["request", "answer"] = "request"
    on_loss: Loss = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What becomes of a body as a whole: it is put into a member, or is what a member holds."""

    lens: Literal["wrap", "unwrap"]
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Lens):
    """An operation is another one; `becomes` None: it is gone. `path`: parameters of the paths."""

    name: str
    becomes: str | None = None
    path: tuple[tuple[str, str], ...] = ()
    body: Whole | None = None
    answer: Whole | None = None


AnyLens: TypeAlias = (
    Rename | Convert | Nest | Hoist | Wrap | Unwrap | Add | Remove | Map | Move | Operation
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How the version before becomes `version`: one file.

    `follows` is the version before. Where a file does not say it, it is filled in from the API's
    versions.
    """

    version: str
    summary: str
    changes: tuple[AnyLens, ...]
    follows: str = ""
    places: Places = field(compare=False, repr=False)


_NUMBER = re.compile(r"([0-9]+)")


def in_order(versions: Iterable[str]) -> tuple[str, ...]:
    """Names of versions, the oldest first: numbers in them count as numbers, so 9 precedes 10."""
    return tuple(sorted(versions, key=_by_numbers))


def _by_numbers(name: str) -> tuple[tuple[int, int, str], ...]:
    parts = (part for part in _NUMBER.split(name) if part)
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts)


def way_between(changes: Iterable[Changes], older: str, newer: str) -> tuple[Changes, ...] | None:
    """The changes that lead from one version to another, oldest first; None where none do.

    No changes lead from a version to itself.
    """
    by_older = {each.follows: each for each in changes}
    way: list[Changes] = []
    at = older
    while at != newer:
        step = by_older.pop(at, None)  # each is gone through once
        if step is None:
            return None
        way.append(step)
        at = step.version
    return tuple(way)
