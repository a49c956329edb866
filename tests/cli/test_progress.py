"""How far it is."""

from __future__ import annotations

import io
from threading import Event

from forecourt.cli.progress import Progress


class _Terminal(io.StringIO):
    """What a person sees. `written` is set once there is something."""

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.written.set()
        return super().write(text)


def test_a_person_who_waits_sees_a_line_that_goes_away() -> None:
    terminal = _Terminal()
    with Progress("reading contracts", terminal, patience=0) as progress:
        progress(1_200, 3_000, "apis/a/\x1b[2Jv1.yaml")
        assert terminal.written.wait(10)
    said = terminal.getvalue()
    assert said == (
        "\r\x1b[2Kreading contracts: 1,200 of 3,000, apis/a/\N{REPLACEMENT CHARACTER}[2Jv1.yaml"
        "\r\x1b[2K"
    )


def test_what_is_done_at_once_is_not_talked_about() -> None:
    terminal = _Terminal()
    with Progress("reading contracts", terminal, patience=60) as progress:
        progress(0, 1, "apis/a/v1.yaml")
    assert terminal.getvalue() == ""


def test_a_pipe_hears_nothing() -> None:
    pipe = io.StringIO()
    with Progress("reading contracts", pipe, patience=0) as progress:
        progress(0, 1, "apis/a/v1.yaml")
    assert pipe.getvalue() == ""
