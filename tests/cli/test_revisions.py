"""`forecourt revisions`: what was published, when, by whom and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.cli.record import who_acts
from tests.actions.publishing import an_api_file
from tests.cli.command import told
from tests.cli.estates import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    return Estate(tmp_path, monkeypatch)


def test_says_that_nothing_was_published(estate: Estate) -> None:
    result = estate.run("revisions")
    assert (result.exit_code, result.stdout) == (0, ""), told(result)
    assert result.stderr == "nothing was published yet\n"


def test_lists_them_newest_first_with_who_and_why(estate: Estate) -> None:
    estate.publish()
    estate.write("apis/payments/api.yaml", an_api_file("partner", sla="{tiers: [standard]}"))
    estate.publish()
    estate.run("narrow", "payments", "--to", "internal", "--because", "a leak")
    result = estate.run("revisions")
    assert result.exit_code == 0, told(result)
    newest, second, first = (line.split() for line in result.stdout.splitlines())
    assert [newest[0], second[0], first[0]] == ["3", "2", "1"]
    assert [newest[3], second[3], first[3]] == ["narrow", "save", "first"]
    assert [newest[4], second[4]] == [who_acts(), "ada"]
    assert newest[6:] == ["payments", "(a", "leak)"], "which API, and why"
    assert "partner acme-corp" in result.stdout.splitlines()[2]


def test_lists_no_more_than_asked(estate: Estate) -> None:
    estate.publish()
    estate.run("narrow", "payments", "--to", "internal", "--because", "x")
    result = estate.run("revisions", "--most", "1")
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["2"]
    assert estate.run("revisions", "--most", "0").exit_code == 2


def test_works_from_another_folder(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    estate.publish()
    monkeypatch.chdir("/")
    result = estate.run("revisions", "--estate", str(estate.folder))
    assert result.exit_code == 0, told(result)
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize("verb", ["revisions", "open"])
def test_says_in_a_line_that_the_database_does_not_answer(
    estate: Estate, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://u:hunter2@127.0.0.1:1/none"
    monkeypatch.setenv("FORECOURT_DATABASE_URL", url)
    result = estate.run(verb)
    assert result.exit_code == 3, told(result)
    assert len(result.stderr.splitlines()) == 1
    assert "hunter2" not in told(result)
