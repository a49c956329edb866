"""The Lua that runs inside Envoy, as it is installed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

LUA_FOLDER = Path(__file__).parent / "lua"


def lua_digest(folder: Path = LUA_FOLDER) -> str:
    """Changes with any byte of the edge's Lua, so that an upgrade gives Envoy new code to load."""
    total = sha256()
    for file in sorted(folder.rglob("*.lua")):
        total.update(f"{file.relative_to(folder).as_posix()}\n".encode())
        total.update(sha256(file.read_bytes()).digest())
    return total.hexdigest()[:16]


def install_lua(state: Path, folder: Path = LUA_FOLDER) -> None:
    """Links the Lua into a state folder, where Envoy looks for it."""
    link = state / "lua"
    fresh = state / ".lua-new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder)
    fresh.replace(link)
