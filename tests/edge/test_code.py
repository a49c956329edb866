"""The Lua that runs inside Envoy, as it is installed."""

from __future__ import annotations

from pathlib import Path

from forecourt.edge.code import LUA_FOLDER, install_lua, lua_digest


def some_code(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        path = folder / "forecourt" / f"{name}.lua"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_the_digest_changes_with_any_byte_and_any_name(tmp_path: Path) -> None:
    digests = [
        lua_digest(some_code(tmp_path / "a", one="return 1", two="return 2")),
        lua_digest(some_code(tmp_path / "b", one="return 1", two="return 3")),
        lua_digest(some_code(tmp_path / "c", one="return 1", too="return 2")),
        lua_digest(some_code(tmp_path / "d", one="return 1")),
        lua_digest(some_code(tmp_path / "e", one="return 2", two="return 1")),
    ]
    assert len(set(digests)) == len(digests)
    assert lua_digest(some_code(tmp_path / "f", two="return 2", one="return 1")) == digests[0]


def test_what_is_no_lua_does_not_count(tmp_path: Path) -> None:
    folder = some_code(tmp_path, one="return 1")
    before = lua_digest(folder)
    (folder / "notes.txt").write_text("changed")
    assert lua_digest(folder) == before


def test_the_installed_code_has_a_digest() -> None:
    assert len(lua_digest()) == 16
    assert lua_digest() == lua_digest(LUA_FOLDER)


def test_envoy_finds_it_through_the_state_folder(tmp_path: Path) -> None:
    install_lua(tmp_path)
    assert (tmp_path / "lua" / "forecourt" / "gate.lua").is_file()
    other = some_code(tmp_path / "upgraded", gate="return 2")
    install_lua(tmp_path, other / "forecourt")
    assert (tmp_path / "lua" / "gate.lua").read_text() == "return 2"
    assert not (tmp_path / ".lua-new").exists()
