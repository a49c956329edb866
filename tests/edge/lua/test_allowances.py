"""What may leave, by status and media type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.edge.lua.answering import WayOut


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WayOut:
    monkeypatch.chdir(tmp_path)
    return WayOut(tmp_path)


def allowance(out: WayOut, status: str, content_type: str | None) -> Any:
    found = out.lua.module("allowances").of(out.meaning(), status, content_type)
    plain = out.lua.plain(found)
    if "reason" in plain:
        return plain["reason"]
    return next(name for name in ("passes", "schema", "is_bodyless") if name in plain)


@pytest.mark.parametrize(
    ("status", "content_type", "expected"),
    [
        ("200", "application/json", "schema"),
        ("200", "Application/JSON ; charset=UTF-8", "schema"),
        ("200", "application/vnd.thing+json", "schema"),
        ("200", "application/other+json", "undeclared-media-type"),
        ("200", "text/csv", "passes"),
        ("200", "text/json", "passes"),
        ("200", "application/json, text/html", "undeclared-media-type"),
        ("200", "application/json;q=text/html", "schema"),
        ("200", "nonsense", "undeclared-media-type"),
        ("200", None, "is_bodyless"),
        ("201", "application/json", "undeclared-status"),
        ("204", "text/html", "is_bodyless"),
        ("304", "text/html", "is_bodyless"),
        ("418", "application/problem+json", "schema"),
        ("418", "application/pdf", "passes"),
        ("418", "text/plain", "undeclared-media-type"),
        ("302", None, "undeclared-status"),
    ],
)
def test_says(out: WayOut, status: str, content_type: str | None, expected: str) -> None:
    assert allowance(out, status, content_type) == expected
    assert allowance(out, status, content_type) == expected, "and the same again"


def test_an_upstream_cannot_fill_the_memory_with_media_types(out: WayOut) -> None:
    for number in range(1000):
        allowance(out, "200", f"a/{number}")
    found = out.meaning().allowances["200"].found
    assert len(list(found)) <= 32


def test_a_default_is_for_all_that_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = WayOut(tmp_path, {"default": {"description": ""}})
    assert allowance(out, "201", "text/html") == "is_bodyless"
