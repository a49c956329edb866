"""State folders that a real Envoy runs in."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forecourt.compiler.ir.edge import Edge
from forecourt.compiler.snapshot import Snapshot, snapshot
from forecourt.edge.code import lua_digest
from forecourt.edge.material import MaterialFolder
from forecourt.edge.snapshots import SnapshotFolder
from forecourt.estate.organization import Address
from forecourt.server.materials import material_of
from tests.compiler.builders import an_edge, some_keys
from tests.end_to_end.ports import free_ports
from tests.governance.builders import (
    an_external_listener,
    an_internal_listener,
    an_organization,
)


@contextmanager
def a_state_folder() -> Iterator[Path]:
    """A folder with a short path, since those of sockets are bounded."""
    folder = Path(tempfile.mkdtemp(prefix="forecourt-"))
    MaterialFolder(folder).make_folders()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class Ports:
    """An edge on two ports of this machine."""

    def __init__(self) -> None:
        self.external, self.internal = free_ports(2)

    @property
    def addresses(self) -> tuple[tuple[str, int], ...]:
        return ("127.0.0.1", self.external), ("127.0.0.1", self.internal)

    def edge(self, *apis: Any) -> Edge:
        """An edge with these APIs, of `tests.governance.builders`."""
        external = Address(host="127.0.0.1", port=self.external)
        internal = Address(host="127.0.0.1", port=self.internal)
        organization = an_organization(
            external=an_external_listener(address=external),
            internal=an_internal_listener(address=internal),
        )
        return an_edge(organization, *apis)

    def snapshot(self, *apis: Any) -> Snapshot:
        return snapshot(self.edge(*apis), some_keys(), lua_digest=lua_digest())

    def publish(self, state: Path, *apis: Any) -> Snapshot:
        """A snapshot that the folder serves, with its certificates, without a word to Envoy."""
        edge = self.edge(*apis)
        MaterialFolder(state).provide(material_of(edge, state), datetime.now(UTC))
        made = self.snapshot(*apis)
        folder = SnapshotFolder(state)
        folder.write(made.digest, made.files)
        folder.publish(made.digest)
        return made
