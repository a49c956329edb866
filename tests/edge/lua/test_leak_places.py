"""Places are told without anybody's data in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.edge.lua.answering import WayOut


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WayOut:
    monkeypatch.chdir(tmp_path)
    return WayOut(tmp_path)


@pytest.mark.parametrize(
    ("pointer", "told"),
    [
        ("", ""),
        ("/name", "/name"),
        ("/margin", "/margin"),
        ("/internal_cost-v2", "/internal_cost-v2"),
        ("/owners/*/share", "/owners/*/share"),
        ("/owners/ada/cost", "/owners/*/cost"),
        ("/owners/ada", "/owners/ada"),
        ("/margin/inner/cost", "/*/*/cost"),
        ("/ada@example.org", "/*"),
        ("/DE89370400440532013000", "/*"),
        ("/2024-01-01", "/*"),
        ("/0f8fad5b-d9cb-469f-a165-70867728950e", "/*"),
        ("/a b", "/*"),
        ("/a~1b", "/*"),
        ("/" + "x" * 65, "/*"),
        ("/\u00e9", "/*"),
    ],
)
def test_a_name_is_told_if_it_is_declared_or_a_programmers_at_the_end(
    out: WayOut, pointer: str, told: str
) -> None:
    bundle = out.meaning().contract.bundle
    raw = pointer.encode().decode("latin-1")
    assert out.lua.module("leak_places").told(bundle, raw, True) == told


@pytest.mark.parametrize(("pointer", "told"), [("/name", "/name"), ("/owners/ada", "/owners/*")])
def test_what_is_declared_and_no_property_is_a_key_of_a_map(
    out: WayOut, pointer: str, told: str
) -> None:
    bundle = out.meaning().contract.bundle
    assert out.lua.module("leak_places").told(bundle, pointer, False) == told


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("Text/HTML; charset=x", "text/html"),
        (" application/vnd.a+json ", "application/vnd.a+json"),
        *(("", "*"), ("ada", "*"), ("a/b c", "*"), ("a/" + "b" * 70, "*")),
    ],
)
def test_a_media_type_is_told_if_it_is_one(out: WayOut, field: str, told: str) -> None:
    assert out.lua.module("leak_places").media_type(field) == told


def test_of_a_long_place_the_end_is_told(out: WayOut) -> None:
    bundle = out.lua.module("marks").meaning(out.mark()).contract.bundle
    told = out.lua.module("leak_places").told(bundle, "/name" * 1_000 + "/secret", True)
    assert told.startswith("/.../name/")
    assert told.endswith("/name/secret")
    assert len(told) <= 520
