"""The page about limits: what it has one write is right, and answers say what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from forecourt.edge.code import LUA_FOLDER
from tests.cli.command import forecourt, told
from tests.docs.estates import estate_files, write
from tests.docs.pages import Block, blocks, page
from tests.edge.luajit import Lua

PAGE, GUIDE = page("docs/limits.md"), page("docs/guide.md")
SNIPPETS = list(blocks(PAGE, "yaml"))


def laid_over(below: Any, above: Any) -> Any:
    """A mapping with what another says, key by key; anything else is the other's."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    return {**below, **{key: laid_over(below.get(key), value) for key, value in above.items()}}


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    write(GUIDE, tmp_path)
    (tmp_path / "waivers/lamps-errors.yaml").unlink()  # an example of its own
    return tmp_path


def _write(block: Block, estate: Path) -> None:
    """Lays a snippet over the file that its first line names."""
    path = estate / block.text.splitlines()[0].removeprefix("# ")
    path.write_text(
        json.dumps(laid_over(yaml.safe_load(path.read_text()), yaml.safe_load(block.text)))
    )


def test_each_of_its_snippets_may_be_written(estate: Path) -> None:
    assert len(SNIPPETS) == 6
    for block in SNIPPETS:
        _write(block, estate)
        result = forecourt("check", "--local", "--strict", "--format", "concise", str(estate))
        assert result.exit_code == 0, f"{block.text}\n{told(result)}"


def test_a_laxer_limit_of_an_api_takes_a_waiver_as_it_says(estate: Path) -> None:
    (block,) = [b for b in SNIPPETS if "posture:" in b.text]
    _write(Block(language="yaml", text=block.text.replace("30", "3000"), line=0), estate)
    result = forecourt("check", "--local", "--format", "concise", str(estate))
    assert "laxer-than-posture" in result.stdout


def test_its_answers_say_what_the_edge_says() -> None:
    limits = Lua().module("limits")
    (_, refusal) = (block.text for block in blocks(PAGE, "http"))
    policy = limits.policy(600, None, None, 20) + ", " + limits.item("operation", 10)
    assert f"ratelimit-policy: {policy}\n" in refusal
    assert f"ratelimit: {limits.state(0, 60, 'operation')}\n" in refusal


def test_it_names_each_limit_that_an_answer_may_name() -> None:
    lua = "".join(
        path.read_text()
        for path in (LUA_FOLDER / "forecourt").glob("*.lua")
        if path.stem in ("limits", "charging")
    )
    named = set(re.findall(r'(?:state_of|add_policy|item)\([^"()]*"(\w+)"', lua))
    named |= set(re.findall(r"""'"(\w+)";[qr]=""", lua))
    (listing,) = re.findall(r"A limit has a name: ([^.]*)\.", PAGE)
    assert named | {"day", "month"} == set(re.findall(r"`(\w+)`", listing))


def test_its_lease_is_the_edges() -> None:
    assert "for three minutes where" in PAGE
    assert Lua().module("places").LEASE == 180


def test_the_guides_estate_is_what_it_is_written_for() -> None:
    assert {b.text.splitlines()[0].removeprefix("# ") for b in SNIPPETS} <= set(estate_files(GUIDE))
