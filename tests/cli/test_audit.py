"""`forecourt audit`: who did what, and whether the log of it is whole."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from forecourt.cli.record import who_acts
from tests.cli.command import told
from tests.cli.estates import Estate

STATE = ".forecourt"


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    for name in ("SSH_CONNECTION", "SUDO_USER"):
        monkeypatch.delenv(name, raising=False)
    estate = Estate(tmp_path, monkeypatch)
    estate.publish()
    return estate


def tamper(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / STATE / "forecourt.db") as database:
        database.execute("DROP TRIGGER audit_log_keeps_update")
        database.execute("DROP TRIGGER audit_log_keeps_delete")
        for statement in statements:
            database.execute(statement)
    database.close()


def issue_key(estate: Estate) -> str:
    result = estate.run("key", "issue", "--developer", "ada", "--application", "shop")
    assert result.exit_code == 0, told(result)
    return result.stdout.strip()


def entries(estate: Estate, *options: str) -> list[dict[str, object]]:
    result = estate.run("audit", *options, "--format", "json")
    assert result.exit_code == 0, told(result)
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def test_lists_every_verb_that_was_run(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("SSH_CONNECTION", "198.51.100.7 5000 10.0.0.1 22")
    key = issue_key(estate)
    run = [
        ("key", "revoke", key, "--because", "it leaked"),
        ("token", "issue", "--service", "orders"),
        ("narrow", "payments", "--to", "internal", "--because", "an incident"),
        ("open", "payments", "--because", "it is over"),
    ]
    for words in run:
        result = estate.run(*words)
        assert result.exit_code == 0, told(result)
    found = entries(estate)
    assert [entry["what"] for entry in reversed(found)] == [
        "revision.publish",
        "key.issue",
        "key.revoke",
        "token.issue",
        "narrowing.set",
        "revision.narrow",
        "revision.open",
        "narrowing.lift",
    ]
    assert {entry["who"] for entry in found[:-1]} == {who_acts()}
    assert all(str(e["from"]).endswith(" over ssh from 198.51.100.7") for e in found[:-1])
    assert found[5]["because"] == "it leaked"
    listed = estate.run("audit")
    assert key not in listed.stdout
    assert len(listed.stdout.splitlines()) == len(found)
    assert "an incident" in listed.stdout


def test_a_narrowing_says_what_it_closed_and_an_opening_what_it_opened(estate: Estate) -> None:
    estate.run("narrow", "payments", "--to", "internal", "--because", "an incident")
    estate.run("open", "payments", "--because", "it is over")
    opened, narrowed = entries(estate, "--what", "revision")[:2]
    line = "anyone with a public key or token: payments version 1 on the external listener"
    assert any(line in text for text in narrowed["after"]["closed"])  # type: ignore[index]
    assert any(line in text for text in opened["after"]["opened"])  # type: ignore[index]
    assert opened["after"]["closed"] == []  # type: ignore[index]


def test_lists_those_since_a_moment_and_of_one_kind(estate: Estate) -> None:
    issue_key(estate)
    assert [e["what"] for e in entries(estate, "--what", "key")] == ["key.issue"]
    assert entries(estate, "--since", "2999-01-01") == []
    assert len(entries(estate, "--since", "2000-01-01T00:00+02:00")) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--what", "key.revok"), "did you mean `key.revoke`"),
        (("--since", "yesterday"), "which is no time"),
        (("verify", "--head", "abc"), "64 hexadecimal digits"),
    ],
    ids=["an act that is none", "a time that is none", "a hash that is none"],
)
def test_refuses(estate: Estate, options: tuple[str, ...], said: str) -> None:
    result = estate.run("audit", *options)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_whole_log_verifies_and_says_where_it_ends(estate: Estate) -> None:
    issue_key(estate)
    result = estate.run("audit", "verify")
    assert result.exit_code == 0, told(result)
    assert result.stdout.startswith("2 entries, each as it was written; head ")
    head = result.stdout.split()[-1]
    assert estate.run("audit", "verify", "--head", head).exit_code == 0
    assert head == entries(estate)[0]["hash"]


def test_names_the_first_entry_that_was_changed(estate: Estate, tmp_path: Path) -> None:
    issue_key(estate)
    tamper(tmp_path, "UPDATE audit_log SET entry = replace(entry, 'shop', 'shoq')")
    result = estate.run("audit", "verify")
    assert result.exit_code == 1
    assert "entry 2 of the audit log: its text was changed" in result.stderr


def test_an_end_that_was_taken_off_is_found_by_the_anchor(estate: Estate, tmp_path: Path) -> None:
    issue_key(estate)
    first = entries(estate)[1]["hash"]
    tamper(
        tmp_path,
        "DELETE FROM audit_log WHERE number = 2",
        f"UPDATE ledger SET audit = 1, audit_head = '{first}'",
    )
    result = estate.run("audit", "verify")
    assert result.exit_code == 1
    assert "entry 2 of the audit log: it is missing" in result.stderr


def test_without_an_anchor_only_what_was_noted_says_that_it_is_whole(
    estate: Estate, tmp_path: Path
) -> None:
    (tmp_path / STATE / "audit-anchor.json").unlink()
    result = estate.run("audit", "verify")
    assert result.exit_code == 1
    assert "no anchor" in result.stderr
    noted = str(entries(estate)[0]["hash"])
    assert estate.run("audit", "verify", "--head", noted).exit_code == 0
    assert estate.run("audit", "verify").exit_code == 0
    assert estate.run("audit", "verify", "--head", "0" * 64).exit_code == 1


def test_an_anchor_that_was_broken_is_a_finding(estate: Estate, tmp_path: Path) -> None:
    (tmp_path / STATE / "audit-anchor.json").write_text("nonsense")
    result = estate.run("audit", "verify")
    assert result.exit_code == 1
    assert "written by hand" in result.stderr
