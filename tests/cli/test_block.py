"""`forecourt block`, as a person would run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forecourt.cli.record import who_acts
from tests.cli.command import forecourt, told
from tests.cli.estates import Estate


@pytest.fixture(autouse=True)
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(tmp_path, monkeypatch)
    text = (tmp_path / "forecourt.yaml").read_text()
    assert text.count("hosts: [api.acme.example]") == 1
    never = "hosts: [api.acme.example], never_block: [10.0.0.0/8]"
    estate.write("forecourt.yaml", text.replace("hosts: [api.acme.example]", never))
    estate.publish()
    return estate


def add(*words: str) -> str:
    """The id of a block that was added."""
    result = forecourt("block", "add", *words)
    assert result.exit_code == 0, told(result)
    return result.stdout.strip()


def listed(*options: str) -> list[dict[str, Any]]:
    result = forecourt("block", "list", "--format", "json", *options)
    assert result.exit_code == 0, told(result)
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_lists_what_was_added_with_who_and_why() -> None:
    id = add("203.0.113.7", "--for", "24h", "--because", "it scans")
    (block,) = listed()
    assert (block["id"], block["target"], block["state"]) == (id, "203.0.113.7/32", "blocked")
    assert (block["who"], block["because"]) == (who_acts(), "it scans")
    text = forecourt("block", "list").stdout
    assert text.startswith(f"{id}  blocked  address 203.0.113.7/32  ")
    assert "\n    it scans\n" in text


def test_lifts_by_whom_and_by_id() -> None:
    assert forecourt("consumer", "add", "shop", "--developer", "ada").exit_code == 0
    add("developer:ada")
    add("developer:ada", "--for", "1h")
    result = forecourt("block", "lift", "developer:ada", "--because", "a mistake")
    assert result.stderr.count("lifted blk_") == 2, told(result)
    id = add("orders")
    assert forecourt("block", "lift", id).exit_code == 0
    assert listed() == []
    assert {block["state"] for block in listed("--all")} == {"lifted"}
    assert forecourt("block", "lift", id).exit_code == 1


def test_blocks_a_client_that_is_there_and_lifts_what_is_gone() -> None:
    told_of = forecourt("client", "add", "--developer", "ada", "--application", "shop").stdout
    id = told_of.splitlines()[0].removeprefix("client_id=")
    add(id)
    forecourt("client", "revoke", id)
    result = forecourt("block", "lift", id)
    assert result.exit_code == 0, told(result)


def test_spares_a_tester_until_it_is_lifted() -> None:
    issued = forecourt("key", "issue", "--developer", "eve", "--application", "test")
    key = issued.stdout.strip()
    result = forecourt("block", "spare", key, "--for", "8h", "--because", "they were asked to")
    assert "no detector does anything about it until 2" in result.stderr, told(result)
    (spared,) = listed()
    assert (spared["state"], spared["kind"]) == ("spared", "credential")
    assert key not in result.output
    assert forecourt("block", "lift", key).exit_code == 0
    assert forecourt("block", "spare", "10.0.0.1").exit_code == 0


def test_says_that_nobody_is_blocked() -> None:
    assert forecourt("block", "list").stderr == "nobody is blocked\n"


@pytest.mark.parametrize("whom", ["10.1.2.3", "10.0.0.0/7", "0.0.0.0/0"])
def test_never_blocks_a_declared_address(whom: str) -> None:
    result = forecourt("block", "add", whom)
    assert result.exit_code == 1
    assert "`never_block` names (10.0.0.0/8)" in result.stderr
    assert listed() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("203.0.113.7", "--for", "soon"), "`--for` is `soon`, which is no span of time"),
        (("203.0.113.7/24",), "is no network"),
        (("fc_live_abc",), "nobody was given that key"),
        (("developer:adda",), "nobody is called `developer:adda`"),
        (("client_made_up",), "no client has the id `client_made_up`; see `forecourt client list`"),
        (("token:nobody/shop/eve",), "`token:nobody/shop/eve` is of no issuer"),
    ],
    ids=["no time", "no network", "a key", "nobody", "a client", "a token"],
)
def test_says_what_is_wrong(words: tuple[str, ...], said: str) -> None:
    result = forecourt("block", "add", *words)
    assert result.exit_code == 2
    assert said in result.stderr
