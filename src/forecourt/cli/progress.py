"""How far it is, for a person who waits: on stderr, once a second has passed."""

from __future__ import annotations

import shutil
import sys
from threading import Event, Thread
from types import TracebackType
from typing import TextIO

from forecourt.cli.formats.report import printable

_PATIENCE, _PACE = 1.0, 0.1
_CLEAR = "\r\x1b[2K"


class Progress:
    """A line that is replaced, and gone in the end. Nothing, where `stream` is not a terminal.

    `what` is what goes on as long as nobody tells more. It may begin again once it has ended, as
    for each save that is published.
    """

    def __init__(
        self, what: str, stream: TextIO | None = None, patience: float = _PATIENCE
    ) -> None:
        self._what = what
        self._stream = sys.stderr if stream is None else stream
        self._patience = patience
        self._state = what
        self._done = Event()
        self._thread: Thread | None = None

    def __call__(self, what: str, done: int = 0, total: int = 0, name: str = "") -> None:
        """What goes on now, how many of how many are done, and which is next."""
        self._state = f"{what}: {done:,} of {total:,}, {name}" if total else what

    def __enter__(self) -> Progress:
        if self._stream.isatty():
            self._state = self._what
            self._done.clear()
            self._thread = Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _show(self) -> None:
        shown, wait = "", self._patience
        while not self._done.wait(wait):
            wait = _PACE
            if self._state != shown:
                shown = self._state
                width = shutil.get_terminal_size().columns - 1
                self._stream.write(f"{_CLEAR}{printable(shown)[:width]}")
                self._stream.flush()
        if shown:
            self._stream.write(_CLEAR)
            self._stream.flush()
