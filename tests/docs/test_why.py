"""The page about `why`: its commands print what it says, its table leaves nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from forecourt.actions.steps import STEPS
from forecourt.compiler.refusals import Refusal
from tests.docs.pages import blocks, is_as_printed, page, runs
from tests.docs.terminal import a_terminal
from tests.end_to_end.estates import acme
from tests.end_to_end.gateway import Gateway

PAGE = page("docs/why.md")
_ROW = re.compile(r"^\| `([A-Za-z ]+)` \| (.*?) \| (.*?) ?\|$", re.MULTILINE)


def test_its_table_has_every_step_in_order_and_every_refusal() -> None:
    rows = _ROW.findall(PAGE)
    assert [name for name, _, _ in rows] == [kind.name for kind in STEPS]
    told = {word for _, _, words in rows for word in re.findall(r"`([a-z-]+)`", words)}
    assert told == {refusal.word for refusal in Refusal}


@pytest.fixture
def served() -> Iterator[Gateway]:
    gateway = acme()
    try:
        gateway.start()
        yield gateway
    finally:
        gateway.clear_away()


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(120)
def test_its_commands_print_what_it_says(served: Gateway) -> None:
    ports = {"8443": str(served.ports.external), "9443": str(served.ports.internal)}
    with a_terminal(served.estate, served.settings) as terminal:
        for block in blocks(PAGE, "console"):
            for run in runs(block):
                command, prints = run.command, run.prints
                for told, real in ports.items():
                    command, prints = command.replace(told, real), prints.replace(told, real)
                said = terminal.types(command)
                assert is_as_printed(prints, said), f"{command}\n--- says\n{said}"
