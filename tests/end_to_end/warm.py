"""Processes that run `forecourt` without loading it first: each is forked from one that has.

To load it takes longer than all that a small estate's `up` does besides. What runs is the same; the
pages of the documentation are tried with the command itself.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path

from forecourt.__main__ import main
from tests.end_to_end.clocks import Clock

_FORKED = get_context("forkserver")
_FORKED.set_forkserver_preload(["tests.end_to_end.warmed"])


class Warm:
    """`forecourt ARGUMENTS` as a process of its own, by a clock if one is given, whose streams go
    to files."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        out: Path,
        err: Path,
        clock: Clock | None = None,
    ) -> None:
        for file in (out, err):
            file.write_bytes(b"")
        given = (tuple(arguments), folder, dict(environment), out, err, clock)
        self._process = _FORKED.Process(target=_run, args=given)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Its exit code, minus a signal's number where one ended it; None while it runs."""
        return self._process.exitcode

    def wait(self, seconds: float) -> int:
        """The exit code once it has ended."""
        self._process.join(seconds)
        code = self._process.exitcode
        assert code is not None, f"it still runs after {seconds} s"
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it without a word."""
        self.send_signal(signal.SIGKILL)


def _run(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    out: Path,
    err: Path,
    clock: Clock | None,
) -> None:
    for stream, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, stream)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["forecourt", *arguments]
    with nullcontext() if clock is None else clock.gone_by():
        main()
