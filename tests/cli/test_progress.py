"""How far it is."""

from __future__ import annotations

import io
from threading import Condition

from forecourt.cli.progress import Progress


class _Terminal(io.StringIO):
    """What a person sees."""

    def __init__(self) -> None:
        super().__init__()
        self._written = Condition()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._written:
            self._written.notify_all()
            return super().write(text)

    def shows(self, text: str, times: int = 1) -> bool:
        """Whether it was written so often, soon."""
        with self._written:
            return self._written.wait_for(lambda: self.getvalue().count(text) >= times, 10)


def test_a_person_who_waits_sees_a_line_that_goes_away() -> None:
    terminal = _Terminal()
    with Progress("checking", terminal, patience=0) as progress:
        progress("reading contracts", 1_200, 3_000, "apis/a/\x1b[2Jv1.yaml")
        assert terminal.shows("apis/a")
    assert terminal.getvalue().endswith(
        "\r\x1b[2Kreading contracts: 1,200 of 3,000, apis/a/\N{REPLACEMENT CHARACTER}[2Jv1.yaml"
        "\r\x1b[2K"
    )


def test_what_is_done_at_once_is_not_talked_about() -> None:
    terminal = _Terminal()
    with Progress("reading contracts", terminal, patience=60) as progress:
        progress("reading contracts", 0, 1, "apis/a/v1.yaml")
    assert terminal.getvalue() == ""


def test_a_pipe_hears_nothing() -> None:
    pipe = io.StringIO()
    with Progress("reading contracts", pipe, patience=0) as progress:
        progress("reading contracts", 0, 1, "apis/a/v1.yaml")
    assert pipe.getvalue() == ""


def test_what_goes_on_is_said_where_nobody_tells_more() -> None:
    terminal = _Terminal()
    with Progress("starting envoy", terminal, patience=0):
        assert terminal.shows("starting")
    assert terminal.getvalue() == "\r\x1b[2Kstarting envoy\r\x1b[2K"


def test_it_begins_again() -> None:
    terminal = _Terminal()
    progress = Progress("publishing", terminal, patience=0)
    for time in (1, 2):
        with progress:
            assert terminal.shows("publishing", time)
    assert terminal.getvalue() == "\r\x1b[2Kpublishing\r\x1b[2K" * 2
