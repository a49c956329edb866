"""The first hour goes as it is told, from four files to a service that answers."""

from __future__ import annotations

import re

import pytest

from tests.docs.estates import a_gateway, estate_files, follow, ports_of, service_of
from tests.docs.pages import blocks, page
from tests.docs.terminal import a_terminal

PAGE = page("docs/guides/first-hour.md")
CHECKED, CALLED, LOGGED, CLEARED, ANSWERED = tuple(blocks(PAGE, "console"))


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_first_hour_goes_as_it_is_told() -> None:
    with a_gateway(PAGE) as gateway, a_terminal(gateway.estate, gateway.settings) as terminal:
        ports = ports_of(gateway)
        follow(CHECKED, terminal, ports)
        gateway.start()
        follow(CALLED, terminal, ports)
        follow(LOGGED, terminal, ports)
        gateway.stop()
        follow(CLEARED, terminal, ports)
        with service_of(gateway.home / "service") as port:
            gateway.change("apis/teas/api.yaml", "127.0.0.1:8000", f"127.0.0.1:{port}")
            gateway.local = False
            gateway.start()
            follow(ANSWERED, terminal, ports)


def test_what_is_started_by_hand_is_what_the_test_starts() -> None:
    started = [line for block in blocks(PAGE, "sh") for line in block.text.splitlines()]
    assert started == [
        "forecourt up --local",
        "python3 -m http.server 8000 --bind 127.0.0.1 --directory ../service &",
        "forecourt up",
    ]


def test_it_has_as_many_files_as_it_says() -> None:
    assert len(estate_files(PAGE)) == 4
    assert re.search(r"^## Four files$", PAGE, re.MULTILINE)
