"""Serves snapshots on this machine: written whole, switched by one rename."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from forecourt.edge.admin import Admin
from forecourt.edge.compiled_contracts import CompiledContractFolder
from forecourt.edge.snapshots import SnapshotFolder
from forecourt.edge.validation import validate

_LISTENERS, _CLUSTERS = "listeners.json", "clusters.json"
# A new upstream's name is looked up before anything is sent to it; no publish waits for longer.
_CLUSTER_SECONDS = 2.0
# Old snapshots stay for who wants to compare; revisions are rebuilt from their parts.
_KEPT = 10


class EdgeOnDisk:
    """The edge of one state folder, whether Envoy runs at the moment or not."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._folder = SnapshotFolder(state)
        self._contracts = CompiledContractFolder(state)
        self._admin = Admin(state)

    def served(self) -> str | None:
        """The digest of the snapshot that is served."""
        return self._folder.current()

    async def accept(self, files: Mapping[str, bytes]) -> None:
        """Asks Envoy about a snapshot that changes its listeners, before anybody relies on it.

        A listener that Envoy refuses would leave the old one, or none. Routes and upstreams are of
        few shapes, which the tests show to Envoy. Raises `SnapshotRefused`.
        """
        current = self._folder.current()
        if current is None or self._folder.read(current)[_LISTENERS] != files[_LISTENERS]:
            await asyncio.to_thread(validate, files, self._state)

    def lacking(self, contracts: frozenset[str]) -> frozenset[str]:
        """Which of these compiled contracts are not on the disk."""
        return self._contracts.lacking(contracts)

    def take(self, contracts: Mapping[str, bytes]) -> None:
        """Puts compiled contracts on the disk, by digest. Raises `OSError`."""
        self._contracts.take(contracts)

    async def serve(
        self, digest: str, files: Mapping[str, bytes], contracts: frozenset[str] = frozenset()
    ) -> None:
        """Serves a snapshot from now on. Raises `OSError`, and then what served before still does.

        Routes and upstreams reach Envoy separately. Where a snapshot brings new upstreams, one with
        the upstreams of both and the routes of the old is served until they are known, so that no
        request meets a route whose upstream is not there yet. `contracts` are the digests of the
        compiled contracts that it needs.
        """
        self._folder.write(digest, files, contracts)
        if (meanwhile := self._meanwhile(files)) is not None and await self._admin.is_ready():
            between, names = meanwhile
            step = f"{_digest(between)}-with-old-upstreams"
            current = self._folder.current()
            old = frozenset() if current is None else self._folder.contracts(current)
            self._folder.write(step, between, old)
            self._folder.publish(step)
            await self._admin.wait_for_clusters(names, _CLUSTER_SECONDS)
        self._folder.publish(digest)
        self._folder.prune(_KEPT)

    def _meanwhile(self, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], set[str]] | None:
        current = self._folder.current()
        if current is None:
            return None
        old_files = self._folder.read(current)
        old, new = _clusters(old_files[_CLUSTERS]), _clusters(files[_CLUSTERS])
        added = new.keys() - old.keys()
        if not added:
            return None
        both = {"resources": [cluster for _, cluster in sorted({**new, **old}.items())]}
        return {**old_files, _CLUSTERS: msgspec.json.encode(both, order="sorted")}, added


def _digest(files: Mapping[str, bytes]) -> str:
    """One name for the same bytes only: the step of an earlier publication had other routes."""
    total = sha256()
    for name, content in sorted(files.items()):
        total.update(f"{name} {len(content)}\n".encode() + content)
    return total.hexdigest()[:16]


def _clusters(content: bytes) -> dict[str, Any]:
    return {c["name"]: c for c in msgspec.json.decode(content)["resources"]}
