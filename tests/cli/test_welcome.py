"""What `up` shows first, on the example estate."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from forecourt.actions.check_estate import examine
from forecourt.actions.estate_files import files_below
from forecourt.actions.parts import edge_of, wanted_parts
from forecourt.cli.welcome import Shown, calls, welcome
from forecourt.edge.material import MaterialFolder
from forecourt.estate.organization import Address
from forecourt.server.local_callers import LocalCallers
from forecourt.source.folder import EstateFolder

ROOT = Path(__file__).parents[2]
ACME = ROOT / "examples" / "acme"
CALLERS = LocalCallers(
    developer=f"fc_live_{'D' * 33}", partners={"acme-corp": f"fc_live_{'P' * 33}"}
)


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def acme(callers: LocalCallers | None = CALLERS) -> Shown:
    files, mistakes = EstateFolder(ACME).read()
    examined = examine(
        files, None, date(2026, 1, 1), mistakes=mistakes, other_files=files_below(ACME)
    )
    return Shown(
        folder=ACME,
        operations=Address(host="127.0.0.1", port=9464),
        edge=edge_of(wanted_parts(examined.estate, {}, local=True), {}),
        examined=examined,
        revision=7,
        material=MaterialFolder(ACME / ".forecourt"),
        callers=callers,
    )


def test_fits_a_terminal_of_120_columns() -> None:
    assert max(map(len, welcome(acme()).splitlines())) <= 120


def test_a_call_over_several_lines_is_one_command_to_a_shell() -> None:
    shown = acme()
    printed = re.findall(r"^  (curl (?:.*\\\n)*.*)$", welcome(shown), re.MULTILINE)
    assert [shlex.split(text.replace("\\\n", " ")) for text in printed] == [
        shlex.split(call.command) for call in calls(shown, CALLERS)
    ]


def test_says_where_to_look_next() -> None:
    text = welcome(acme())
    assert "forecourt revisions --estate examples/acme" in text
    assert "http://127.0.0.1:9464/health/ready" in text


def test_shows_no_callers_where_they_are_real() -> None:
    text = welcome(acme(callers=None))
    assert text.startswith("Acme is served, revision 7.")
    assert "curl" not in text
    assert "fc_" not in text
