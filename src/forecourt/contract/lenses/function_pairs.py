"""The operations whose bodies functions change, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forecourt.contract.lenses.naming import is_good
from forecourt.contract.lenses.program import FunctionPair
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content, Operation
from forecourt.diagnostics import Diagnostic
from forecourt.estate.changes import Function
from forecourt.estate.changes import Operation as OperationChange
from forecourt.source.codes import LENS_DOES_NOT_FIT, OVERLAPPING_CHANGES
from forecourt.source.quoting import shown


@dataclass(slots=True, kw_only=True)
class FunctionPairs:
    """The change that names a function, by operation of the older contract and way.

    `mistakes` grow as changes are put.
    """

    up: dict[Operation, Function] = field(default_factory=dict)
    down: dict[Operation, Function] = field(default_factory=dict)
    mistakes: list[Diagnostic] = field(default_factory=list)

    def put(self, change: Function, older: Operation, newer: Operation | None) -> None:
        """Takes what a change says of an operation, and `newer`, what became of that."""
        if newer is None:
            message = f"{shown(str(older))} is gone, so nobody calls a function for it"
            self._misfit(change, "function", message, "take it out of `in`")
            return
        if change.raises is not None:
            contents = () if older.body is None else older.body.contents
            if self._is_json(change, "raise", f"a request of {shown(str(older))}", contents):
                self._take(self.up, change, "raise", older)
        if change.lowers is not None:
            contents = tuple(
                c
                for answer in newer.responses
                if is_good(answer.status, newer)
                for c in answer.contents
            )
            if self._is_json(change, "lower", f"a good answer of {shown(str(newer))}", contents):
                self._take(self.down, change, "lower", older)

    def beside(self, others: Mapping[Operation, OperationChange]) -> None:
        """Tells where a change of the operation says something of the same body."""
        for functions, key, name in ((self.up, "raise", "body"), (self.down, "lower", "answer")):
            for operation, change in functions.items():
                other = others.get(operation)
                if other is not None and getattr(other, name) is not None:
                    self._overlap(change, key, operation, other.places[name].line)

    def of(self, operation: Operation) -> FunctionPair | None:
        """The functions of an operation. Two files of functions are two changes: one each way."""
        up, down = self.up.get(operation), self.down.get(operation)
        if up is None and down is None:
            return None
        return FunctionPair(
            raises=None if up is None or up.raises is None else (up.source, up.raises),
            lowers=None if down is None or down.lowers is None else (down.source, down.lowers),
        )

    def _is_json(
        self, change: Function, key: str, what: str, contents: tuple[Content, ...]
    ) -> bool:
        others = [c.media_type for c in contents if not is_json(c.media_type)]
        if not contents or len(others) == len(contents):
            self._misfit(change, key, f"{what} has no body of JSON", f"leave out `{key}`")
            return False
        if others:
            message = f"{what} may be {shown(others[0])}, which no function changes"
            way_out = "take it out of the contract: functions are called with JSON"
            self._misfit(change, key, message, way_out)
            return False
        return True

    def _take(
        self, functions: dict[Operation, Function], change: Function, key: str, older: Operation
    ) -> None:
        first = functions.setdefault(older, change)
        if first is not change:
            self._overlap(change, key, older, first.places.origin.line)

    def _overlap(self, change: Function, key: str, operation: Operation, line: int) -> None:
        message = (
            f"the change of line {line} says what becomes of this body of "
            f"{shown(str(operation))} already"
        )
        place = change.places[key]
        self.mistakes.append(OVERLAPPING_CHANGES.at(place, message, help="remove one of the two"))

    def _misfit(self, change: Function, key: str, message: str, way_out: str) -> None:
        self.mistakes.append(LENS_DOES_NOT_FIT.at(change.places[key], message, help=way_out))
