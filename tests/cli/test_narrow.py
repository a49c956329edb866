"""`forecourt narrow`: close an API to wider callers at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import told
from tests.cli.estates import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    estate = Estate(tmp_path, monkeypatch)
    estate.publish()
    return estate


def test_closes_it_and_says_how_to_open_it_again(estate: Estate) -> None:
    result = estate.run("narrow", "payments", "--to", "internal", "--because", "a leak")
    assert result.exit_code == 0, told(result)
    first, second = result.stdout.splitlines()
    assert first.startswith("revision 2 serves after ")
    assert first.endswith("payments, narrowed by hand")
    assert second == 'to open it again: forecourt open payments --because "…"'
    assert "/payments/" not in estate.served()
    assert "/payments/" in estate.served("internal")


def test_works_while_its_file_is_wrong(estate: Estate) -> None:
    estate.write("apis/payments/api.yaml", "rubbish: [")
    result = estate.run("narrow", "payments", "--to", "internal", "--because", "a leak")
    assert result.exit_code == 0, told(result)


def test_asks_for_a_reason(estate: Estate) -> None:
    result = estate.run("narrow", "payments", "--to", "internal")
    assert result.exit_code == 2, told(result)
    assert result.stderr == 'error: say why, for the record: --because "…"\n'
    assert "/payments/" in estate.served()


@pytest.mark.parametrize(
    ("name", "hint"),
    [("paymants", "did you mean `payments`?"), ("xyz", "see `forecourt revisions`")],
)
def test_suggests_a_name(estate: Estate, name: str, hint: str) -> None:
    result = estate.run("narrow", name, "--to", "internal", "--because", "x")
    assert result.exit_code == 2, told(result)
    assert result.stderr == f"error: no API `{name}` is published; {hint}\n"


@pytest.mark.parametrize("to", ["public", "partner", "internal"])
def test_is_never_a_way_to_widen(estate: Estate, to: str) -> None:
    result = estate.run("narrow", "users", "--to", to, "--because", "x")
    assert result.exit_code == 2, told(result)
    assert result.stderr == "error: `users` is served as internal, which is no wider\n"


def test_knows_three_audiences(estate: Estate) -> None:
    result = estate.run("narrow", "payments", "--to", "everybody", "--because", "x")
    assert result.exit_code == 2, told(result)
    assert "everybody" in result.stderr
