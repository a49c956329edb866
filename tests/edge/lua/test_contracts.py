"""Compiled contracts, loaded by digest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forecourt.compiler.contracts.compile import compile_contract
from forecourt.compiler.contracts.serialized import serialize
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract
from tests.edge.luajit import Lua


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contracts").mkdir()
    return tmp_path / "contracts"


@pytest.fixture
def contracts() -> Any:
    return Lua().module("contracts")


def test_loads_what_stands_there_and_keeps_it(folder: Path, contracts: Any) -> None:
    compiled = compile_contract(a_contract(), Audience.PUBLIC)
    (folder / "abc").write_bytes(compiled.way_in)
    loaded = contracts.of("abc")
    assert loaded.operations[1].name == "GET /things"
    assert loaded.digest == "abc"
    assert loaded.bundle is not None
    (folder / "abc").unlink()
    assert contracts.of("abc").digest == "abc", "it is kept"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing of ours",
        serialize({"format": 0, "operations": (), "bundle": b""}),
        serialize({"format": 1, "operations": (), "bundle": b"FCB0"}),
        compile_contract(a_contract(), Audience.PUBLIC).way_in[:-9],
    ],
)
def test_what_it_cannot_read_is_not_there(folder: Path, contracts: Any, content: bytes) -> None:
    (folder / "abc").write_bytes(content)
    assert contracts.of("abc") is None
    assert contracts.of("nothing") is None


def test_what_was_not_there_is_looked_for_again(folder: Path) -> None:
    lua = Lua()
    clock = "{monotonic = function() return now end}"  # one that nobody sets back
    lua.run(f"now = 0 package.loaded['forecourt.clock'] = {clock}")
    contracts = lua.module("contracts")
    assert contracts.of("abc") is None
    (folder / "abc").write_bytes(compile_contract(a_contract(), Audience.PUBLIC).way_in)
    assert contracts.of("abc") is None, "not at every request"
    lua.run("now = 1")
    assert contracts.of("abc").digest == "abc"


def test_no_more_bytes_are_remembered_than_may_be(folder: Path) -> None:
    """All go before one more would be too many: and whoever keeps them lets go as well."""
    lua = Lua()
    contracts = lua.module("contracts")
    lua.run(
        "forgotten = 0 require('forecourt.contracts').forget_with(function() "
        "forgotten = forgotten + 1 end)"
    )
    content = compile_contract(a_contract(), Audience.PUBLIC).way_in
    contracts.MOST_BYTES = 3 * len(content)
    for name in ("a", "b", "c", "d"):
        (folder / name).write_bytes(content)
    for name in ("a", "b", "c", "a"):
        assert contracts.of(name) is not None
    assert lua.run("return forgotten") == 0
    assert contracts.of("d").digest == "d"
    assert lua.run("return forgotten") == 1
    (folder / "a").unlink()
    assert contracts.of("a") is None, "it was forgotten"
    contracts.MOST_BYTES = 1
    assert contracts.of("b").digest == "b", "one by itself is served however large it is"
