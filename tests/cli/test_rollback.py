"""`forecourt rollback`: an earlier revision again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.actions.publishing import an_api_file
from tests.cli.command import told
from tests.cli.estates import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """Revision 2 closed `payments` to everybody outside."""
    estate = Estate(tmp_path, monkeypatch)
    estate.publish()
    estate.write("apis/payments/api.yaml", an_api_file("internal"))
    estate.publish()
    return estate


def test_a_way_back_that_opens_something_says_what_and_asks(estate: Estate) -> None:
    result = estate.run("rollback", "1", "--because", "x")
    assert result.exit_code == 1, told(result)
    lines = result.stdout.splitlines()
    assert lines[0] == "going back would open:"
    assert any("payments version 1 on the external listener" in line for line in lines[1:])
    assert result.stderr == "error: nothing was published; add `--open` to open it\n"
    assert "/payments/" not in estate.served()


def test_goes_back_where_that_is_wanted(estate: Estate) -> None:
    result = estate.run("rollback", "1", "--because", "too early", "--open")
    assert result.exit_code == 0, told(result)
    assert result.stdout.startswith("revision 3 serves after ")
    assert "/payments/" in estate.served()
    record = estate.run("revisions").stdout.splitlines()[0]
    assert "rollback" in record
    assert "(too early)" in record


def test_what_is_left_behind_waits(estate: Estate) -> None:
    estate.run("rollback", "1", "--because", "x", "--open")
    listed = estate.run("open").stdout
    assert "held: payments was rolled back, and its file still says the same" in listed


def test_asks_for_a_reason(estate: Estate) -> None:
    result = estate.run("rollback", "1", "--open")
    assert result.exit_code == 2, told(result)
    assert result.stderr == 'error: say why, for the record: --because "…"\n'


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999"])
def test_says_that_there_is_no_such_revision(estate: Estate, number: str) -> None:
    result = estate.run("rollback", number, "--because", "x")
    assert result.exit_code == 2, told(result)
    assert result.stderr == (f"error: there is no revision {number}; see `forecourt revisions`\n")


def test_a_revision_is_a_number(estate: Estate) -> None:
    result = estate.run("rollback", "latest", "--because", "x")
    assert result.exit_code == 2, told(result)
    assert "REVISION" in result.stderr
