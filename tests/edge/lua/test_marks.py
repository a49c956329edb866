"""What the mark of a request says to the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.edge.lua.answering import DIGEST, WayOut


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WayOut:
    monkeypatch.chdir(tmp_path)
    return WayOut(tmp_path)


def test_says_how_and_to_which_operation_an_answer_is_held(out: WayOut) -> None:
    meaning = out.meaning("observe")
    assert (meaning.check, meaning.api, meaning.version) == ("observe", "lamps", "2")
    assert meaning.operation.name == "GET /things"
    assert not meaning.is_detailed
    assert out.lua.module("marks").meaning(out.mark(errors="detailed")).is_detailed


def test_a_mark_may_hold_an_answer_to_nothing(out: WayOut) -> None:
    assert out.lua.module("marks").meaning("yes constant").check is None


@pytest.mark.parametrize(
    ("asks", "is_test", "is_head"),
    [
        ("", False, False),
        (" head", False, True),
        (" test", True, False),
        (" test head", True, True),
    ],
)
def test_a_mark_may_say_something_of_its_request_alone(
    out: WayOut, asks: str, is_test: bool, is_head: bool
) -> None:
    meaning = out.lua.module("marks").meaning
    held = meaning(out.mark() + asks)
    assert (held.is_test, held.is_head) == (is_test, is_head)
    assert (held.check, held.operation.name) == ("filter", "GET /things")
    assert meaning("yes constant" + asks).check is None


@pytest.mark.parametrize(
    "mark",
    [
        "no",
        "yes constant ",
        "yes constant head test",
        f"yes constant filter {DIGEST} 1 a@1 more",
        f"yes constant filter {DIGEST} x a@1",
        f"yes constant filter {DIGEST} 1",
    ],
)
def test_a_mark_that_cannot_be_read_lets_no_answer_out(out: WayOut, mark: str) -> None:
    with pytest.raises(Exception, match="a mark that says nothing"):
        out.lua.module("marks").meaning(mark)


def test_a_contract_that_is_not_there_is_looked_for_again(out: WayOut, tmp_path: Path) -> None:
    mark = out.mark(digest="f" * 32)
    meaning = out.lua.module("marks").meaning
    assert meaning(mark).operation is None
    content = (tmp_path / "contracts" / DIGEST).read_bytes()
    (tmp_path / "contracts" / ("f" * 32)).write_bytes(content)
    out.wait(2)
    assert meaning(mark).operation.name == "GET /things"
