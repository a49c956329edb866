"""Estates that pages show, served; and their commands, typed where they are."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.docs.pages import Block, Run, blocks, is_as_printed, runs
from tests.docs.terminal import Terminal
from tests.end_to_end.estates import a_home, some_ports
from tests.end_to_end.gateway import Gateway

_PATIENCE = 10
_FILE = re.compile(r"# ([\w./-]+)")


def estate_files(text: str) -> dict[str, str]:
    """The estate of a page: each YAML block by the path that its first line names."""
    found = {b.text.splitlines()[0].removeprefix("# "): b.text for b in blocks(text, "yaml")}
    assert len(found) == len(list(blocks(text, "yaml")))
    assert all(_FILE.fullmatch(f"# {path}") for path in found)
    return found


def write(text: str, folder: Path) -> None:
    """Writes the estate of a page into a folder."""
    for path, content in estate_files(text).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)


@contextmanager
def a_gateway(text: str) -> Iterator[Gateway]:
    """A gateway, not started, for the estate of a page, on ports of its own."""
    gateway = Gateway(home=a_home(), ports=some_ports())
    write(text, gateway.estate)
    gateway.change("forecourt.yaml", "127.0.0.1:8443", f"127.0.0.1:{gateway.ports.external}")
    gateway.change("forecourt.yaml", "127.0.0.1:9443", f"127.0.0.1:{gateway.ports.internal}")
    try:
        yield gateway
    finally:
        gateway.clear_away()


@contextmanager
def service_of(folder: Path) -> Iterator[int]:
    """The port on which Python's own server serves a folder, as pages start it."""
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def ports_of(gateway: Gateway) -> dict[str, int]:
    """The ports that pages speak of, and this gateway's."""
    return {"8443": gateway.ports.external, "9443": gateway.ports.internal}


def follow(block: Block, terminal: Terminal, ports: Mapping[str, int]) -> None:
    """Types the commands of a block, and compares what they print.

    One that waits (`sleep 1; …`) is typed again until it does: this machine may be busier than the
    reader's.
    """
    for run in runs(block):
        said = _typed(run, terminal, ports)
        tries = _PATIENCE if run.command.startswith("sleep ") else 0
        while tries and not is_as_printed(run.prints, said):
            said, tries = _typed(run, terminal, ports), tries - 1
        assert is_as_printed(run.prints, said), f"{run.command}\n--- says\n{said}"


def _typed(run: Run, terminal: Terminal, ports: Mapping[str, int]) -> str:
    return mapped(terminal.types(mapped(run.command, ports)), ports, back=True)


def mapped(text: str, ports: Mapping[str, int], *, back: bool = False) -> str:
    """A page's ports and real ones, one for the other."""
    for told, real in ports.items():
        old, new = (str(real), told) if back else (told, str(real))
        text = re.sub(rf":{old}\b", f":{new}", text)
    return text
