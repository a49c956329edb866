"""What leaked is counted in the worker, and told once a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.server.leak_reports import read_report
from tests.edge.lua.answering import WayOut


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WayOut:
    monkeypatch.chdir(tmp_path)
    return WayOut(tmp_path)


def count(out: WayOut, place: str) -> None:
    meaning = out.meaning()
    out.lua.module("leak_counts").count(meaning, "200", "undeclared", place)


def told(out: WayOut) -> list[str]:
    handle = out.answer()
    out.lua.module("leak_counts").tell(handle)
    return out.told(handle)


def test_counts_add_up_until_they_are_told(out: WayOut) -> None:
    for place in ("/a", "/b", "/a"):
        count(out, place)
    assert sorted(told(out)) == [
        "filter lamps 2 GET%20/things 200 undeclared /a 2",
        "filter lamps 2 GET%20/things 200 undeclared /b 1",
    ]
    out.wait(5)
    assert told(out) == [], "and not twice"


def test_tells_once_a_second_at_most(out: WayOut) -> None:
    count(out, "/a")
    assert told(out)
    count(out, "/a")
    out.wait(0.5)
    assert told(out) == []
    out.wait(0.5)
    assert told(out) == ["filter lamps 2 GET%20/things 200 undeclared /a 1"]


def test_of_an_operation_so_many_places_and_then_how_many_more(out: WayOut) -> None:
    for number in range(260):
        count(out, f"/name{number}")
    lines = told(out)
    assert len(lines) == 201
    assert "filter lamps 2 GET%20/things - more  60" in lines


def test_what_it_writes_is_what_the_control_plane_reads(out: WayOut) -> None:
    count(out, "/a b%\n\xff")
    (read,) = read_report("\n".join(told(out)).encode())
    assert (read.at.api, read.at.version, read.at.operation) == ("lamps", "2", "GET /things")
    assert (read.at.place, read.times) == ("/a b%\n\ufffd", 1)
