"""Gives a running Envoy Lua that fails where and when a test says, and tells whether it did."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from typing import get_args

from lupa import luajit21

from forecourt.edge.code import LUA_FOLDER
from forecourt.edge.snapshots import SnapshotFolder
from tests.end_to_end.eventually import eventually
from tests.end_to_end.gateway import Gateway, Listener

# What the first line of every function becomes part of. It fails while a file names it, and says
# that it ran; else it hands on what a function returned.
_FAULT = """\
local open = io.open
return function(name, ...)
  local file = open("faults/active")
  local active = file and file:read("*a")
  if file then
    file:close()
  end
  if active ~= name then
    return ...
  end
  file = open("faults/hit", "a")
  file:write(name, "\\n")
  file:close()
  error("injected into " .. name)
end
"""
_REFUSED = "listener_manager.lds.update_rejected"
# Of each worker: connections are spread by chance.
_OFTEN = 2
_LISTENERS: tuple[Listener, ...] = get_args(Listener)
_USES = 'local injected = require("forecourt.fault")\n'
_FUNCTION = re.compile(r"^(?:local )?function ([\w.]+)\(.*\)$", re.MULTILINE)
_AFTERWARDS = """
local before_the_fault = {name}
{name} = function(...)
  return injected("{fault}", before_the_fault(...))
end

return _M"""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error at the start of a function, or at its end. A public one is spelled `_M.name`."""

    module: str
    function: str
    is_at_end: bool = False

    def __str__(self) -> str:
        return f"{self.module}: {self.function}{', at its end' if self.is_at_end else ''}"

    def within(self, text: str) -> str:
        """The module's text, with the fault besides those that it has."""
        if self.is_at_end:
            afterwards = _AFTERWARDS.format(name=self.function, fault=self)
            spoilt = text.replace("\nreturn _M", afterwards)
        else:
            spelled = re.escape(self.function)
            start = re.compile(rf"^(?:local )?function {spelled}\(.*\)$", re.MULTILINE)
            spoilt = start.sub(lambda found: f'{found[0]} injected("{self}")', text)
        assert spoilt.count("injected(") == text.count("injected(") + 1, f"cannot inject {self}"
        return spoilt if text.startswith(_USES) else _USES + spoilt


# They change something that outlasts a call, or a request; half of that may be done at an error.
_LEAVES_TRACES = {
    *("admission", "buckets", "charging", "entitlements", "faults"),
    *("gate", "news", "policies", "strangers", "test_keys"),
    *("attention", "leak_counts", "marks", "texts"),
}


def every_fault() -> list[Fault]:
    """One at the start of each function of the edge's code, and at the end where that differs."""
    found = []
    for path in sorted((LUA_FOLDER / "forecourt").glob("*.lua")):
        names = _FUNCTION.findall(path.read_text())
        found += [Fault(path.stem, name) for name in names]
        if path.stem in _LEAVES_TRACES:
            found += [Fault(path.stem, name, True) for name in names if name.startswith("_M.")]
    return found


def compiled_lua(folder: Path) -> None:
    """Puts all of the edge's Lua into a new folder, as bytecode of LuaJIT, which loads sooner."""
    compiled = luajit21.LuaRuntime(encoding=None).eval(
        "function(path) return string.dump(assert(loadfile(path))) end"
    )
    for path in LUA_FOLDER.rglob("*.lua"):
        target = folder / path.relative_to(LUA_FOLDER)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(compiled(str(path).encode()))


class FaultyCode:
    """Lua with faults, for one gateway, beside its own.

    A load makes Envoy read all modules 27 times, and most of that was to compile those that have no
    fault; they are bytecode, if Envoy's LuaJIT takes what ours makes.

    Each goes to Envoy as a change of its listeners, by the way that snapshots go, so that nothing
    has to be started again; the `server` field tells which code answered. Its snapshots bear the
    name of the one that was served at first, since `up` takes back whatever it did not record.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._snapshots = SnapshotFolder(gateway.state)
        served = self._snapshots.current()
        assert served is not None
        self._served = served
        self._files = self._snapshots.read(served)
        self._numbers = count(1)
        self._active = gateway.state / "faults" / "active"
        self._active.parent.mkdir(exist_ok=True)
        self._rest = self._compiled()

    def _compiled(self) -> Path:
        folder = self._gateway.state / "faults" / "compiled"
        compiled_lua(folder)
        with self.serving_again():
            return folder if self.load(folder / "forecourt") else LUA_FOLDER

    def serve_with(self, faults: Sequence[Fault]) -> bool:
        """Has Envoy run the code with those faults, with nothing remembered; whether it took it."""
        folder = self._copy(self._rest)
        for module, of_module in groupby(faults, key=lambda fault: fault.module):
            text = (LUA_FOLDER / "forecourt" / f"{module}.lua").read_text()
            for fault in of_module:
                text = fault.within(text)
            (folder / f"{module}.lua").write_text(text)
        (folder / "fault.lua").write_text(_FAULT)
        return self.load(folder)

    @contextmanager
    def active(self, fault: Fault) -> Iterator[None]:
        """What is served fails there while the block runs."""
        fresh = self._active.with_suffix(".fresh")
        fresh.write_text(str(fault))
        fresh.replace(self._active)
        try:
            yield
        finally:
            self._active.unlink()

    @contextmanager
    def code(self) -> Iterator[Path]:
        """A copy of the modules to be spoilt. What served before serves again after the block."""
        with self.serving_again():
            yield self._copy(LUA_FOLDER)

    @contextmanager
    def serving_again(self) -> Iterator[None]:
        """Whatever serves within the block: what served at first serves again after it."""
        try:
            yield
        finally:
            self._snapshots.publish(self._served)

    def _copy(self, code: Path) -> Path:
        folder = self._gateway.state / "faults" / f"code-{next(self._numbers)}"
        shutil.copytree(code, folder)
        return folder / "forecourt"

    def load(self, folder: Path) -> bool:
        """Has Envoy run the code in that folder; whether it took it. Returns when that is clear."""
        name = folder.parent.name
        return self.serve(name, {}, code=f"faults/{name}")

    @contextmanager
    def snapshot(self, changed: Mapping[str, bytes]) -> Iterator[bool]:
        """Envoy is given the snapshot with some files changed while the block runs."""
        with self.serving_again():
            yield self.serve(f"snapshot-{next(self._numbers)}", changed)

    def file(self, name: str) -> bytes:
        """A file of the snapshot that was served at first."""
        return self._files[name]

    def serve(self, name: str, changed: Mapping[str, bytes], *, code: str = "lua") -> bool:
        """Gives Envoy the snapshot with some of its files changed; whether it took that."""
        refused = self.refused()
        listeners = self._files["listeners.json"].decode()
        listeners = listeners.replace("lua/?.lua", f"{code}/?.lua")
        listeners = listeners.replace('"server_name":"forecourt"', f'"server_name":"{name}"')
        changed = {"listeners.json": listeners.encode(), **changed}
        folder = SnapshotFolder(self._gateway.state / "faults" / f"serving-{name}")
        self._link(folder.write(self._served, {**self._files, **changed}))
        eventually(
            lambda: self.refused() > refused or self._is_answered_by(name),
            what=f"envoy takes or refuses {name}",
        )
        return self.refused() == refused

    def _link(self, snapshot: Path) -> None:
        state = self._gateway.state
        fresh = state / "faults" / "current"
        fresh.symlink_to(snapshot.relative_to(state))
        fresh.replace(state / "current")

    def refused(self) -> int:
        """How often Envoy did not take listeners that it was given."""
        found = eventually(
            lambda: self._gateway.admin(f"/stats?filter={_REFUSED}").partition(f"{_REFUSED}: ")[2],
            what="envoy's own metrics",
        )
        return int(found)

    def hits(self) -> list[str]:
        """Which faults happened since this was asked last."""
        path = self._gateway.state / "faults" / "hit"
        if not path.exists():
            return []
        found = path.read_text().splitlines()
        path.unlink()
        return found

    def _is_answered_by(self, name: str) -> bool:
        """Asked often enough to meet every worker: each takes listeners by itself."""
        workers = self._gateway.workers
        often = range(1 if workers == 1 else _OFTEN * workers)
        return all(self._server(listener) == name for listener in _LISTENERS for _ in often)

    def _server(self, listener: Listener) -> str | None:
        request = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        answer = self._gateway.raw(request, listener=listener)
        return None if answer is None else answer.headers["server"]
