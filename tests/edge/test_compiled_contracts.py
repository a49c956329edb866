"""Compiled contracts on a disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.edge.compiled_contracts import CompiledContractFolder
from forecourt.edge.snapshots import SnapshotFolder

FILES = {"listeners.json": b"{}"}


@pytest.fixture
def contracts(tmp_path: Path) -> CompiledContractFolder:
    return CompiledContractFolder(tmp_path)


def test_takes_what_it_lacks(contracts: CompiledContractFolder, tmp_path: Path) -> None:
    assert contracts.lacking(["a", "b"]) == {"a", "b"}
    contracts.take({"a": b"one"})
    assert contracts.lacking(["a", "b"]) == {"b"}
    assert [path.name for path in (tmp_path / "contracts").iterdir()] == ["a"]
    contracts.take({"a": b"another"})
    assert (tmp_path / "contracts" / "a").read_bytes() == b"one", "what is there never changes"


def test_a_snapshot_has_those_that_it_needs(
    contracts: CompiledContractFolder, tmp_path: Path
) -> None:
    contracts.take({"a": b"one", "b": b"two"})
    snapshots = SnapshotFolder(tmp_path)
    folder = snapshots.write("first", FILES, ["a"])
    assert (folder / "contracts" / "a").read_bytes() == b"one"
    assert snapshots.contracts("first") == {"a"}
    assert snapshots.read("first") == FILES


def test_a_snapshot_whose_contract_is_not_there_is_not_written(tmp_path: Path) -> None:
    snapshots = SnapshotFolder(tmp_path)
    with pytest.raises(FileNotFoundError):
        snapshots.write("first", FILES, ["a"])
    assert not snapshots.path("first").exists()


def test_what_no_snapshot_has_any_more_goes(
    contracts: CompiledContractFolder, tmp_path: Path
) -> None:
    contracts.take({"a": b"one", "b": b"two"})
    snapshots = SnapshotFolder(tmp_path)
    snapshots.write("first", FILES, ["a"])
    snapshots.write("second", FILES, ["b"])
    snapshots.publish("second")
    snapshots.prune(1)
    assert [path.name for path in (tmp_path / "contracts").iterdir()] == ["b"]


def test_finds_the_exact_schemas_of_a_way_in(contracts: CompiledContractFolder) -> None:
    assert not contracts.has_exact()
    contracts.take({"a": b"one", "a.exact": b"{}"})
    assert contracts.has_exact()
    assert contracts.exact("a") == b"{}"
    assert contracts.exact("b") is None
