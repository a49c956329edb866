"""`forecourt open`: what is held, by name and on the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.actions.publishing import a_users_file, an_api_file
from tests.cli.command import told
from tests.cli.estates import Estate

WIDER = a_users_file("public")


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(tmp_path, monkeypatch)
    estate.publish()
    return estate


@pytest.fixture
def waiting(estate: Estate) -> Estate:
    """`users` waits to be public."""
    estate.write("apis/users/api.yaml", WIDER)
    estate.publish()
    return estate


def test_says_that_nothing_is_held(estate: Estate) -> None:
    result = estate.run("open")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "nothing is held\n")


def test_lists_what_would_open_and_how_to_open_it(waiting: Estate) -> None:
    result = waiting.run("open")
    assert result.exit_code == 0, told(result)
    lines = result.stdout.splitlines()
    assert lines[0] == "held: users would open:"
    assert (
        "  + anyone with a public key or token: users version 1 on the external listener,"
        " by api_key"
    ) in lines
    assert '  to open it: forecourt open users --because "…"' in lines
    assert "/users/" not in waiting.served()


def test_opens_what_is_named(waiting: Estate) -> None:
    result = waiting.run("open", "users", "--because", "agreed with ada")
    assert result.exit_code == 0, told(result)
    assert "serves after" in result.stdout
    assert "opened:" in result.stdout
    assert "/users/" in waiting.served()
    assert waiting.run("open").stderr == "nothing is held\n"
    record = waiting.run("revisions").stdout.splitlines()[0]
    assert "open" in record
    assert "(agreed with ada)" in record


@pytest.mark.parametrize("because", [(), ("--because", "")])
def test_opens_nothing_without_a_reason(waiting: Estate, because: tuple[str, ...]) -> None:
    result = waiting.run("open", "users", *because)
    assert result.exit_code == 2, told(result)
    assert result.stderr == 'error: say why, for the record: --because "…"\n'
    assert "/users/" not in waiting.served()


def test_says_what_is_held_where_the_name_is_wrong(waiting: Estate) -> None:
    result = waiting.run("open", "user", "--because", "x")
    assert result.exit_code == 2, told(result)
    assert result.stderr == "error: `user` is not held; held: users\n"


def test_opens_nothing_that_has_mistakes(waiting: Estate) -> None:
    waiting.write("apis/users/api.yaml", an_api_file("public", name="users", allow="[nobody]"))
    result = waiting.run("open", "users", "--because", "x")
    assert result.exit_code == 1, told(result)
    assert "apis/users/api.yaml:" in result.stderr
    assert result.stderr.endswith("error: mend these first; nothing was opened\n")


def test_a_partner_is_named_as_it_is_listed(estate: Estate) -> None:
    estate.write(
        "partners/zenith.yaml",
        (estate.folder / "partners/acme-corp.yaml")
        .read_text()
        .replace("partner_acme_corp", "partner_zenith"),
    )
    estate.publish()
    listed = estate.run("open").stdout
    assert "held: partner zenith would open:" in listed
    assert "forecourt open partner/zenith" in listed
    result = estate.run("open", "partner/zenith", "--because", "signed")
    assert result.exit_code == 0, told(result)


def test_lists_what_was_narrowed_and_opens_it_again(estate: Estate) -> None:
    estate.run("narrow", "payments", "--to", "internal", "--because", "a leak")
    listed = estate.run("open").stdout
    assert "narrowed: payments to internal by " in listed
    assert "because a leak" in listed
    result = estate.run("open", "payments", "--because", "mended")
    assert result.exit_code == 0, told(result)
    assert "payments" in result.stdout
    assert "opened:" in result.stdout
    assert "/payments/" in estate.served()


def test_no_reason_of_others_moves_a_cursor(estate: Estate) -> None:
    estate.run("narrow", "payments", "--to", "internal", "--because", "a\x1b[2Jleak")
    for verb in ("open", "revisions"):
        assert "\x1b" not in estate.run(verb).stdout
