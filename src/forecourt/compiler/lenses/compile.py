"""Compiles all that lies between a version and the one that its service speaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from forecourt.compiler.contracts.compile import digest_of, spelled
from forecourt.compiler.contracts.serialized import LuaTable, LuaValue, serialize
from forecourt.compiler.contracts.trie import trie
from forecourt.compiler.lenses.arrival import Arrivals
from forecourt.compiler.lenses.parameters import back, parameters
from forecourt.compiler.lenses.paths import pieces, way_back
from forecourt.compiler.lenses.programs import program
from forecourt.contract.lenses.program import Hop, Move, OperationLens, Program
from forecourt.contract.templates import path_names

# Counts changes of what the table below holds; the edge refuses another (forecourt.lenses).
FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledLenses:
    """The lenses of a version, as the edge loads them. `speaks` is the version they lead to."""

    older: str
    speaks: str
    content: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        return digest_of(self.content)


def hops_between(hops: Sequence[Hop], older: str, newer: str) -> tuple[Hop, ...]:
    """Those that lead from one version to another, in their order; none where they do not."""
    found: list[Hop] = []
    for hop in hops:
        if hop.older == (found[-1].newer if found else older):
            found.append(hop)
            if hop.newer == newer:
                return tuple(found)
    return ()


def compile_lenses(hops: Sequence[Hop], *, prefix: Callable[[str], str]) -> CompiledLenses:
    """What becomes of the calls of each operation of the oldest version; one hop at least.

    Hops follow each other, the oldest first. `prefix` says where a version stands, by its name.
    Equal hops give equal bytes.
    """
    programs, arrivals = _Programs(), Arrivals(hops[-1].served)
    first = hops[0]
    table: LuaTable = {
        "format": FORMAT,
        "operations": [_operation(one, hops, programs, arrivals) for one in first.operations],
        "trie": trie(first.operations),
        "prefixes": {"older": prefix(first.older), "newer": prefix(hops[-1].newer)},
        "ways_back": [way_back(hop.operations) for hop in hops],
        "programs": programs.tables,
    }
    return CompiledLenses(older=first.older, speaks=hops[-1].newer, content=serialize(table))


@dataclass(slots=True)
class _Programs:
    """Programs by number; operations share those that are equal."""

    tables: list[LuaValue] = field(default_factory=list)
    _numbers: dict[bytes, int] = field(default_factory=dict)

    def number(self, given: Program) -> int:
        table = program(given)
        key = serialize(table)
        if key not in self._numbers:
            self.tables.append(table)
            self._numbers[key] = len(self.tables)
        return self._numbers[key]


def _operation(
    first: OperationLens, hops: Sequence[Hop], programs: _Programs, arrivals: Arrivals
) -> LuaTable:
    """An operation with its hops; or `gone`, and why."""
    name = spelled(first.method, first.template)
    done: list[LuaValue] = []
    lens = first
    for number, hop in enumerate(hops):
        if number:
            found = _found(hop, lens.becomes)
            if found is None:
                return {"name": name, "gone": ""}
            lens = found
        if lens.becomes is None:
            return {"name": name, "gone": hop.because.get((lens.method, lens.template), "")}
        done.append(_hop(lens, lens.becomes[1], programs))
    assert lens.becomes is not None
    method, template = lens.becomes
    table: LuaTable = {"name": name, "method": method, "pieces": pieces(template), "hops": done}
    arrival = arrivals.of(method, template)
    return table if arrival is None else {**table, "arrival": arrival}


def _found(hop: Hop, called: tuple[str, str] | None) -> OperationLens | None:
    lenses = (one for one in hop.operations if (one.method, one.template) == called)
    return next(lenses, None)


def _hop(lens: OperationLens, newer: str, programs: _Programs) -> LuaTable:
    table: dict[str, LuaValue] = {
        "names": path_names(lens.template),
        "path": [[name, lens.path.get(name, name)] for name in path_names(newer)],
        **parameters(lens),
        **back(lens),
    }
    for name, moves in (
        ("moves", lens.moves),
        ("arrives", lens.arrives),
        ("answer_moves", lens.answer_moves),
    ):
        if moves:
            table[name] = [_move(move) for move in moves]
    if lens.request is not None:
        table["request"] = programs.number(lens.request)
    if lens.answers:
        table["answers"] = {status: programs.number(p) for status, p in lens.answers.items()}
    if any(status.startswith("2") for status in lens.answers):
        table["plain"] = dict.fromkeys(lens.plain, True)
    if lens.functions is not None:
        table["functions"] = {"raises": lens.functions.raises, "lowers": lens.functions.lowers}
    return table


def _move(move: Move) -> LuaTable:
    return {
        "name": move.name,
        "to": move.to,
        "source": move.source,
        "target": move.target,
        "type": move.type,
        "on_loss": move.on_loss.value,
    }
