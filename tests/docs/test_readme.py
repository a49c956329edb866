"""The README shows what happens: its transcript, and its five steps as they are typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forecourt.cli.welcome import welcome
from forecourt.estate.posture import DIMENSIONS
from tests.cli.shown import acme as shown
from tests.docs.estates import follow, ports_of
from tests.docs.pages import ROOT, Block, blocks, is_as_printed, page, patched, runs
from tests.docs.terminal import Terminal, a_terminal
from tests.end_to_end.estates import acme
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway

README = page("README.md")


def the_blocks() -> tuple[Block, ...]:
    """The transcript, then those of the five steps."""
    return tuple(blocks(README, "console", "diff", "text"))


def test_the_transcript_is_what_up_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (run,) = runs(the_blocks()[0])
    assert run.command == "make up"
    assert is_as_printed(run.prints, welcome(shown())), welcome(shown())


def test_it_counts_the_dimensions_right() -> None:
    assert f"has {len(DIMENSIONS)} dimensions" in README


@pytest.fixture
def served() -> Iterator[Gateway]:
    """The example, where the README has it: in `examples/acme`."""
    gateway = acme()
    (gateway.home / "examples").mkdir()
    (gateway.home / "examples" / "acme").symlink_to(gateway.estate)
    try:
        gateway.start()
        yield gateway
    finally:
        gateway.clear_away()


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_five_steps_go_as_they_are_told(served: Gateway) -> None:
    with a_terminal(served.home, served.settings) as terminal:
        for block in the_blocks()[1:]:
            _follow(block, served, terminal)


def _follow(block: Block, gateway: Gateway, terminal: Terminal) -> None:
    match block.language:
        case "diff":
            path = block.text.splitlines()[0].removeprefix("--- ")
            gateway.save(path, patched(gateway.read(path), block.text))
        case "text":
            eventually(
                lambda: is_as_printed(f"…\n{block.text}…\n", gateway.said_on_stdout()),
                what=f"`up` says what README.md:{block.line} says",
            )
        case _:
            follow(block, terminal, ports_of(gateway))
