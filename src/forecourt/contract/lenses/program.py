"""What the lenses between two versions do to the messages of each operation, at which places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from forecourt.contract.lenses.steps import OnLoss, Step
from forecourt.contract.model import ParameterIn

NodeNumber: TypeAlias = int


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What becomes of a value at some place: first of its parts, then of itself.

    `members` and `others` (members that are not named), `leading` and `items` (items after those)
    are numbers of the nodes of its parts; what has none stays as it is. Names are those that
    arrive: `steps` come after all parts, in their order. On a value that is no object only `Whole`
    does anything.

    `by`: the parts of a value that may be one of several things: the member that tells which, and
    the node of each of its values, which comes in the place of all else here. A value it does not
    name is left as it is.
    """

    members: Mapping[str, NodeNumber] = field(default_factory=dict)
    others: NodeNumber | None = None
    leading: tuple[NodeNumber | None, ...] = ()
    items: NodeNumber | None = None
    by: tuple[str, Mapping[str, NodeNumber]] | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What becomes of one body. Nodes refer to each other by number; circles are allowed."""

    nodes: tuple[Node, ...]
    root: NodeNumber = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A scalar changes its place in a message.

    A place is the body (a member of the object that it is) or one of the parameters. From a
    parameter into the body it becomes a value of `type`; what is none is a loss, and so is what is
    no scalar on the way out of the body. What is not there does not move.
    """

    name: str
    to: str
    source: ParameterIn | Literal["body"]
    target: ParameterIn | Literal["body"]
    type: Literal["string", "integer", "number", "boolean"] = "string"
    on_loss: OnLoss = OnLoss.REFUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionPair:
    """Two functions of the estate that say what no lens can: `file.py:name` from `changes/`."""

    raises: str
    lowers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationLens:
    """What becomes of the calls of one operation of the older version.

    `becomes`: the method and template that the newer version has for it; None: it is gone there,
    and a call is answered with 410. `path` says which parameter of the older template stands where,
    by the newer one's names.

    A request goes through `parameters` (steps up, by where they stand; values are texts), then
    `moves`, then `request` (its JSON body; None: as it is), then `arrives`: moves that come last,
    so that what a lens names may come out of the body.

    An answer goes down through the program of its status (`201`, `2XX`, `default`, as the newer
    contract has them), then `answer_moves` (between body and header). `plain` are the statuses that
    the newer contract names without one: they go as they are. Where good answers have programs,
    nobody knows what one of another status would be in the older version.

    `functions` come in the place of `request` and `answers`.
    """

    method: str
    template: str
    becomes: tuple[str, str] | None
    path: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[ParameterIn, tuple[Step, ...]] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    request: Program | None = None
    arrives: tuple[Move, ...] = ()
    answers: Mapping[str, Program] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    answer_moves: tuple[Move, ...] = ()
    functions: FunctionPair | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An operation that the newer version has, whoever may call it.

    `method` `*`: any. `may_be_hidden`: something of it is marked for an audience.
    """

    method: str
    template: str
    may_be_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """All that lies between two versions that follow each other, operation by operation.

    Every operation of the older version that can be called has its lens, also where nothing becomes
    of its messages. `because`: for operations that are gone, why, by method and template. `served`
    is all that can be called in the newer version.
    """

    older: str
    newer: str
    operations: tuple[OperationLens, ...]
    because: Mapping[tuple[str, str], str] = field(default_factory=dict)
    served: tuple[Served, ...] = ()
