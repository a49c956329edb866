"""What is observed leaves as it came, and what a filter would do is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.edge.lua.answering import WayOut


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WayOut:
    monkeypatch.chdir(tmp_path)
    return WayOut(tmp_path)


def seen(out: WayOut, *pieces: str, **given: Any) -> list[str]:
    """What is told of an answer that comes in pieces."""
    handle = out.answer("".join(pieces), mark=out.mark("observe"), **given)
    before = out.fields(handle)
    del before["forecourt-mark"]
    out.lua.run(
        """
        local handle, pieces = ...
        handle.bodyChunks = function()
          local i = 0
          return function()
            i = i + 1
            local piece = pieces[i]
            return piece and {
              length = function() return #piece end,
              getBytes = function(_, from, size) return piece:sub(from + 1, from + size) end,
            }
          end
        end
        """,
        handle,
        out.lua.value(pieces),
    )
    out.hold(handle)
    assert handle.text() == "".join(pieces), "the body is as it was"
    assert out.fields(handle) == before
    return [line.split(" ", 4)[4] for line in out.told(handle)]


@pytest.mark.parametrize(
    ("pieces", "given", "told"),
    [
        (['{"name":', '"a"}'], {}, []),
        (['{"marg', 'in":1}'], {}, ["200 undeclared /margin 1"]),
        (['{"name":7}'], {}, ["200 mismatched /name 1"]),
        (["no json"], {}, ["200 unreadable-answer syntax 1"]),
        (["x" * 5_000_000, "x" * 5_000_000], {}, ["200 unreadable-answer bytes 1"]),
        (["{}"], {"status": "418"}, []),
        (["{}"], {"status": "201"}, ["201 undeclared-status  1"]),
        (["{}"], {"status": "204"}, ["204 undeclared-body  1"]),
        ([""], {"status": "204"}, []),
        (
            ["<p/>"],
            {"fields": {"content-type": "image/png"}},
            ["200 undeclared-media-type image/png 1"],
        ),
        (["{}"], {"fields": {"content-type": ""}}, ["200 undeclared-media-type * 1"]),
        (["x"], {"fields": {"content-encoding": "gzip"}}, ["200 encoded-answer  1"]),
        (["x"], {"fields": {"content-type": "text/event-stream"}}, []),
        (["x"], {"asks": " head"}, []),
    ],
)
def test_notes(out: WayOut, pieces: list[str], given: Any, told: list[str]) -> None:
    assert seen(out, *pieces, **given) == told


def test_so_many_a_second_are_looked_at(out: WayOut) -> None:
    most = out.lua.module("attention").MOST
    told = [seen(out, '{"margin":1}') for _ in range(most * 2)]
    out.wait(1)
    told.append(seen(out, '{"margin":1}'))
    assert sum(int(line.rsplit(" ", 1)[1]) for lines in told for line in lines) == most + 1


def test_an_error_while_looking_harms_nobody(out: WayOut) -> None:
    handle = out.answer({"margin": 1}, mark=out.mark("observe"))
    out.lua.run("local h = ... h.bodyChunks = function() error('a fault') end", handle)
    out.hold(handle)
    assert handle.text() == '{"margin":1}'
