"""`forecourt consumer add|list|show|suspend|resume`, as a person would run them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from forecourt.cli.record import who_acts
from tests.cli.command import forecourt, told
from tests.cli.published import a_published_estate


@pytest.fixture(autouse=True)
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return a_published_estate(tmp_path, monkeypatch)


def consumer(*arguments: str) -> str:
    """What `forecourt consumer` prints."""
    result = forecourt("consumer", *arguments)
    assert result.exit_code == 0, told(result)
    return result.stdout


def test_adds_an_application_and_lists_it_with_its_keys() -> None:
    said = consumer("add", "shop", "--developer", "ada", "--plan", "free")
    id = said.split()[-1]
    assert said == f"developer:ada/shop is {id}\n"
    assert forecourt("key", "issue", "--developer", "ada", "--application", "shop").exit_code == 0
    head, row, service = consumer("list").splitlines()
    assert " ".join(head.split()) == "CONSUMER ID PLAN KEYS CLIENTS KEY USED STATUS"
    assert row.split() == ["developer:ada/shop", id, "free", "1", "0", "never", "active"]
    assert service.split()[0] == "service:orders"
    shown = consumer("show", "developer:ada/shop")
    assert "limit     20 requests a minute, over all that it calls with" in shown
    assert "fc_live_" in shown


def test_shows_clients_limits_and_what_was_done_about_a_caller() -> None:
    of_ada = ("--developer", "ada", "--application", "shop")
    assert forecourt("client", "add", *of_ada).exit_code == 0
    assert consumer("list").splitlines()[1].split()[3:5] == ["0", "1"]
    block = ("block", "add", "developer:ada", "--for", "1h", "--because", "it scans")
    assert forecourt(*block).exit_code == 0
    for name, whom in (("developer:ada", ""), ("developer:ada/shop", "developer:ada: ")):
        shown = consumer("show", name)
        assert "client_" in shown
        said = rf"^block +{whom}blocked until .* by {who_acts()} \(it scans\)$"
        assert re.search(said, shown, re.M)
        assert re.search("^status +blocked$", shown, re.M), "and not active"
    assert re.search(
        "^limit +[0-9,]+ requests a minute, over all", consumer("show", "orders"), re.M
    )


@pytest.mark.parametrize("kind", ["key", "client"])
def test_says_which_of_its_credentials_is_blocked(kind: str) -> None:
    of_ada = ("--developer", "ada", "--application", "shop")
    added = forecourt("key", "issue", *of_ada).stdout.strip()
    client = forecourt("client", "add", *of_ada).stdout.split()[0].removeprefix("client_id=")
    (key,) = json.loads(forecourt("key", "list", "--format", "json").stdout)
    whom, id = (added, key["id"]) if kind == "key" else (client, client)
    assert forecourt("block", "add", whom, "--for", "1h", "--because", "it scans").exit_code == 0
    for name in ("developer:ada", "developer:ada/shop"):
        shown = consumer("show", name)
        said = rf"^block +{id}: blocked until .* by {who_acts()} \(it scans\)$"
        assert re.search(said, shown, re.M)
        assert re.search("^status +active$", shown, re.M), "another of it goes on"
        (row,) = [line for line in shown.splitlines() if line.startswith(id)]
        assert row.endswith("blocked, else active")
        assert shown.count("blocked, else") == 1


def test_an_owner_says_which_of_its_applications_is_blocked() -> None:
    id = consumer("add", "shop", "--developer", "ada").split()[-1]
    consumer("add", "till", "--developer", "ada")
    assert forecourt("block", "add", "developer:ada/shop").exit_code == 0
    assert f"{id}: blocked until lifted" in consumer("show", "developer:ada")
    assert "blocked" not in consumer("show", "developer:ada/till")
    shop, till, orders = (line.split() for line in consumer("list").splitlines()[1:])
    assert (shop[-1], till[-1], orders[-1]) == ("blocked", "active", "active")
    assert forecourt("block", "add", "service:orders").exit_code == 0
    listed = json.loads(consumer("list", "--format", "json"))
    assert [one["blocked"] for one in listed] == [True, False, True]
    assert forecourt("block", "add", "developer:ada").exit_code == 0
    assert "its owner is blocked" in consumer("list")


def test_lists_applications_for_programs() -> None:
    id = consumer("add", "shop", "--developer", "ada", "--plan", "free").split()[-1]
    assert forecourt("key", "issue", "--developer", "ada", "--application", "shop").exit_code == 0
    consumer("suspend", "developer:ada")
    shop, orders = json.loads(consumer("list", "--format", "json"))
    assert (shop["id"], shop["called"], shop["plan"]) == (id, "developer:ada/shop", "free")
    assert (shop["keys"], shop["clients"], shop["key_used"]) == (1, 0, None)
    assert (shop["suspended"], orders) == (
        True,
        {"called": "service:orders", "suspended": False, "blocked": False},
    )
    assert json.loads(consumer("list", "--developer", "eve", "--format", "json")) == []


def test_lists_the_applications_of_one_owner() -> None:
    consumer("add", "shop", "--developer", "ada")
    consumer("add", "sync", "--partner", "acme-corp")
    for name in ("acme-corp", "partner_acme_corp"):
        (_, row) = consumer("list", "--partner", name).splitlines()
        assert row.startswith("partner:partner_acme_corp/sync ")
    result = forecourt("consumer", "list", "--developer", "grace")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no applications; add one with `forecourt consumer add`" in result.stderr


@pytest.mark.parametrize(
    ("caller", "its", "id"),
    [
        ("developer:ada/shop", "developer:ada/shop", None),
        ("developer:ada", "developer:ada", "developer:ada"),
        ("partner:acme-corp", "partner:acme-corp", "partner:partner_acme_corp"),
        ("orders", "service:orders", "service:orders"),
    ],
)
def test_suspends_and_resumes(caller: str, its: str, id: str | None) -> None:
    added = consumer("add", "shop", "--developer", "ada").split()[-1]
    id = id or added
    stopped = consumer("suspend", caller, "--because", "an incident")
    assert stopped == f"{id} is suspended: nothing of it counts until it is resumed\n"
    shown = consumer("show", its)
    assert f"by {who_acts()} (an incident)" in shown
    assert "was suspended before" in forecourt("consumer", "suspend", caller).stderr
    assert consumer("resume", its) == f"{id} goes on\n"
    assert "suspended" not in consumer("show", its)
    assert "was not suspended" in forecourt("consumer", "resume", caller).stderr


def test_an_application_says_that_its_owner_is_suspended() -> None:
    consumer("add", "shop", "--developer", "ada")
    consumer("suspend", "developer:ada")
    assert "its owner is suspended" in consumer("list", "--developer", "ada")
    assert "its owner  suspended" in consumer("show", "developer:ada/shop")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "shop"], "nobody owns the application; add `--developer NAME` or"),
        (["add", "", "--developer", "ada"], "the application is ``, which cannot be a name"),
        (["add", "s", "--developer", "ada", "--plan", "gold"], "the plan is `gold`, which is not"),
        (["suspend", "partner:acme"], "nobody is called `partner:acme`; name `developer:ada/shop`"),
        (["resume", "nobody"], "nobody is called `nobody`"),
        (["show", "nobody"], "nobody is called `nobody`"),
    ],
)
def test_refuses(arguments: list[str], message: str) -> None:
    result = forecourt("consumer", *arguments)
    assert result.exit_code == 2
    assert message in " ".join(told(result).split())


def test_an_owner_has_one_application_of_a_name() -> None:
    id = consumer("add", "shop", "--developer", "ada").split()[-1]
    result = forecourt("consumer", "add", "shop", "--developer", "ada")
    assert result.exit_code == 2
    assert f"developer:ada/shop is there already, as {id}" in told(result)
