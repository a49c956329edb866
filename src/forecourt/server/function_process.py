"""A process that runs functions of the estate: who started it ends it where one takes long."""

from __future__ import annotations

import json
import os
import sys
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal
from typing import Any, BinaryIO, NoReturn

from forecourt.contract.values import Json, encode
from forecourt.server.confinement import confine
from forecourt.server.frames import frame, next_frame
from forecourt.server.function_frames import Answer, Question, question, written

# Files that are kept; those not asked for longest are forgotten.
MOST_FILES = 64

# Whoever needs no function goes first.
_NICENESS = 10

# As large as the edge takes a body.
_MOST_BYTES = 8 << 20

# The longest reason that is told; the rest of it may be the whole body.
_MOST_SAID = 500

_Names = dict[str, Any]


class Shelf:
    """The files that were brought."""

    def __init__(self, most: int = MOST_FILES) -> None:
        self._most = most
        self._files: OrderedDict[str, _Names | Answer] = OrderedDict()

    def answer(self, asked: Question) -> Answer:
        """What a function makes of a body; `done` for a file that was brought."""
        if asked.source is not None:
            self._files[asked.file] = _loaded(asked.source, asked.file)
            while len(self._files) > self._most:
                self._files.popitem(last=False)
            return Answer(outcome="done")
        names = self._files.get(asked.file)
        if names is None:
            return Answer(outcome="forgotten")
        self._files.move_to_end(asked.file)
        if isinstance(names, Answer):
            return names
        function = names.get(asked.function)
        if not callable(function):
            return Answer(outcome="lost")
        return _changed(function, asked.body)


def _loaded(source: bytes, name: str) -> _Names | Answer:
    """What a file defines, or that it cannot be run."""
    names: _Names = {"__name__": "estate_functions", "__builtins__": __builtins__}
    try:
        exec(compile(source, f"{name}.py", "exec"), names)  # noqa: S102 - what the estate says
    except BaseException as error:
        return _failed(error)
    return names


def _changed(function: Callable[[Json], object], body: bytes) -> Answer:
    try:
        value = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        return _failed(error)
    try:
        made = function(value)
    except ValueError as error:
        return Answer(outcome="refused", why=_said(error))
    except BaseException as error:
        return _failed(error)
    try:
        content = _as_json(made)
    except (TypeError, ValueError, RecursionError) as error:
        return _failed(error)
    if len(content) > _MOST_BYTES:
        return Answer(outcome="failed", why=f"made {len(content)} bytes, more than {_MOST_BYTES}")
    return Answer(outcome="done", body=content)


def _as_json(made: object) -> bytes:
    """As exact as it was: a Decimal keeps its digits. ValueError for what is no JSON."""
    json.dumps(made, allow_nan=False, default=_of_decimal)  # other types, NaN, circles
    return encode(made)  # type: ignore[arg-type]


def _of_decimal(value: object) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _failed(error: BaseException) -> Answer:
    return Answer(outcome="failed", why=f"{type(error).__name__}: {_said(error)}")


def _said(error: BaseException) -> str:
    return " ".join(str(error).split())[:_MOST_SAID]


def serve(asked: BinaryIO, answered: BinaryIO, shelf: Shelf) -> None:
    """Answers until nobody asks any more."""
    while (said := next_frame(asked)) is not None:
        answered.write(frame(written(shelf.answer(question(said)))))
        answered.flush()


def _taken(stream: int, mode: str) -> BinaryIO:
    """A stream that functions cannot reach: theirs leads nowhere."""
    mine = os.fdopen(os.dup(stream), mode)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, stream)
    os.close(nowhere)
    return mine  # type: ignore[return-value]


if __name__ == "__main__":
    os.nice(_NICENESS)
    asking, answering = _taken(sys.stdin.fileno(), "rb"), _taken(sys.stdout.fileno(), "wb")
    _taken(sys.stderr.fileno(), "wb").close()
    confine()
    try:
        serve(asking, answering, Shelf())
    except BrokenPipeError:  # whoever asked is gone
        os.dup2(os.open(os.devnull, os.O_RDONLY), answering.fileno())
