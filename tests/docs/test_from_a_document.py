"""From a document to an API it goes as it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.docs.estates import follow, ports_of, service_of, write
from tests.docs.pages import blocks, page
from tests.docs.terminal import a_terminal
from tests.end_to_end.estates import a_home, some_ports
from tests.end_to_end.gateway import Gateway

PAGE = page("docs/guides/from-a-document.md")
MADE, CHECKED, CALLED, PREFERRED, MENDED, SERVICE, ANSWERED, OPENED = tuple(blocks(PAGE, "console"))


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """Where the page's reader stands: a folder with the document, in which `bakery` will be."""
    gateway = Gateway(home=a_home(), ports=some_ports())
    write(PAGE, gateway.home)
    gateway.estate.mkdir()
    (gateway.home / "bakery").symlink_to(gateway.estate.name)
    yield gateway
    gateway.clear_away()


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_it_goes_as_it_is_told(gateway: Gateway) -> None:
    with a_terminal(gateway.home, gateway.settings) as terminal:
        ports = ports_of(gateway)
        follow(MADE, terminal, ports)
        gateway.change("forecourt.yaml", "127.0.0.1:8443", f"127.0.0.1:{gateway.ports.external}")
        gateway.change("forecourt.yaml", "127.0.0.1:9443", f"127.0.0.1:{gateway.ports.internal}")
        follow(CHECKED, terminal, ports)
        gateway.start()
        follow(CALLED, terminal, ports)
        follow(PREFERRED, terminal, ports)
        gateway.stop()
        with service_of(gateway.home / "service") as port:
            ports = {**ports, "8000": port}
            follow(MENDED, terminal, ports)
            follow(SERVICE, terminal, ports)
            gateway.local = False
            gateway.start()
            follow(ANSWERED, terminal, ports)
            follow(OPENED, terminal, ports)


def test_what_is_started_by_hand_is_what_the_test_starts() -> None:
    started = [line for block in blocks(PAGE, "sh") for line in block.text.splitlines()]
    assert started == [
        "forecourt up --local",
        "python3 -m http.server 8000 --bind 127.0.0.1 --directory ../service &",
        "forecourt up",
    ]
