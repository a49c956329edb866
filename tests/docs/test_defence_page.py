"""Who is turned away: the commands for it by hand print what the page says."""

from __future__ import annotations

import pytest

from tests.docs.estates import a_gateway, follow, ports_of
from tests.docs.pages import blocks, page
from tests.docs.terminal import a_terminal


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_its_commands_print_what_it_says() -> None:
    with a_gateway(page("docs/guide.md")) as gateway:
        gateway.start()
        with a_terminal(gateway.estate, gateway.settings) as terminal:
            for block in blocks(page("docs/defence.md"), "console"):
                follow(block, terminal, ports_of(gateway))
