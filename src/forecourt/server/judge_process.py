"""A process that judges bodies, one after the other: who started it ends it where one takes long.

A pattern that is no automaton may take as long as it likes, and holds the interpreter meanwhile. So
no thread will do.
"""

from __future__ import annotations

import os
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import BinaryIO

from forecourt.compiler.bundle.formats import FORMATS, is_of
from forecourt.compiler.contracts.exact import schemas_of
from forecourt.contract.exact_judge import ExactJudge, NoJson
from forecourt.contract.validity import Unjudgeable
from forecourt.server.frames import frame, next_frame
from forecourt.server.judge_frames import Answer, Question, question, written

_FORMATS: Mapping[str, Callable[[str], bool]] = {
    name: partial(is_of, name=name) for name in FORMATS
}

# Contracts whose schemas are kept; those not asked for longest are forgotten.
MOST_CONTRACTS = 64

# Whoever is let through natively goes first.
_NICENESS = 10


class Bench:
    """The judges of the contracts that were brought."""

    def __init__(self, most: int = MOST_CONTRACTS) -> None:
        self._most = most
        self._judges: OrderedDict[str, dict[str, ExactJudge]] = OrderedDict()

    def answer(self, asked: Question) -> Answer:
        """The verdict about a body; `kept` for a contract that was brought."""
        if asked.schemas is not None:
            self._judges[asked.contract] = dict(_judges(asked.schemas))
            while len(self._judges) > self._most:
                self._judges.popitem(last=False)
            return Answer(verdict="kept")
        if asked.contract not in self._judges:
            return Answer(verdict="forgotten")
        self._judges.move_to_end(asked.contract)
        judge = self._judges[asked.contract].get(asked.root)
        if judge is None:
            return Answer(verdict="lost")
        try:
            faults = tuple((b.pointer, b.rule, b.expected) for b in judge.broken(asked.body))
        except NoJson:
            return Answer(verdict="no-json")
        except Unjudgeable:
            return Answer(verdict="lost")
        return Answer(verdict="broken" if faults else "kept", faults=faults)


def _judges(schemas: bytes) -> Iterator[tuple[str, ExactJudge]]:
    """Those of a contract; what cannot be judged by is lost."""
    for root, schema in schemas_of(schemas).items():
        with suppress(Unjudgeable):
            yield root, ExactJudge(schema, _FORMATS)


def serve(asked: BinaryIO, answered: BinaryIO, bench: Bench) -> None:
    """Answers until nobody asks any more."""
    while (said := next_frame(asked)) is not None:
        answered.write(frame(written(bench.answer(question(said)))))
        answered.flush()


if __name__ == "__main__":
    os.nice(_NICENESS)
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer, Bench())
    except BrokenPipeError:  # whoever asked is gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
