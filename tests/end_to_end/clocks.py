"""A clock that a test sets, for the control plane and the edge's Lua. Envoy's own nobody sets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from forecourt.bootstrap import opened_world
from forecourt.edge.code import LUA_FOLDER, install_lua, lua_digest
from forecourt.edge.replacing import replace_file

# Whoever opens the store to run a verb.
_OPENED_BY = ("up", "against_store", "compile")
_READ = "return read(REALTIME)\n"
_READ_AND_SET = """\
local file = open("{file}", "r")
  local seconds = file:read("*n")
  file:close()
  return read(REALTIME) + seconds
"""


@dataclass(frozen=True, slots=True)
class Clock:
    """In `folder`: the file that says how far it is off, and the Lua that reads it."""

    folder: Path

    def make(self) -> None:
        """Begins with the true time."""
        self.folder.mkdir()
        self.set_off(timedelta())
        shutil.copytree(LUA_FOLDER, self._lua)
        module = self._lua / "forecourt" / "clock.lua"
        text = module.read_text()
        assert text.count(_READ) == 1
        text = text.replace(_READ, _READ_AND_SET.format(file=self._file))
        # The sandbox takes it away from whoever comes later.
        module.write_text(text.replace("local _M = {}", "local open = io.open\nlocal _M = {}"))

    def set_off(self, off: timedelta) -> None:
        """So far from the true time, at once."""
        replace_file(self._file, f"{off.total_seconds():.6f}".encode())

    def __call__(self) -> datetime:
        """What time it is by this clock."""
        return datetime.now(UTC) + timedelta(seconds=float(self._file.read_text()))

    @contextmanager
    def gone_by(self) -> Iterator[None]:
        """What runs in the block goes by it, and the Lua is that which does."""
        opened = partial(opened_world, clock=self)
        with ExitStack() as stack:
            for module in _OPENED_BY:
                stack.enter_context(patch(f"forecourt.cli.{module}.opened_world", opened))
            for name, given in (
                ("edge.material.install_lua", partial(install_lua, folder=self._lua)),
                ("bootstrap.lua_digest", partial(lua_digest, self._lua)),
            ):
                stack.enter_context(patch(f"forecourt.{name}", given))
            yield

    @property
    def _file(self) -> Path:
        return self.folder / "off"

    @property
    def _lua(self) -> Path:
        return self.folder / "lua"
