"""`forecourt up`, where it does not come to serving; see tests/end_to_end for the rest."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from forecourt.cli.up import _tell_failure
from tests.cli.command import forecourt, told


@pytest.mark.parametrize("options", [(), ("--local",)], ids=["up", "up --local"])
def test_what_it_keeps_is_for_its_owner_only(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "forecourt.yaml").write_text("organization: [Acme\n")
    state = tmp_path / "state"
    result = forecourt("up", *options, str(tmp_path), env={"FORECOURT_STATE": str(state)})
    assert result.exit_code == 1, told(result)
    assert "so there is no listener" in result.stderr
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_a_folder_that_is_no_estate_is_said_in_a_line(tmp_path: Path) -> None:
    result = forecourt("up", str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: `{tmp_path}` holds no `forecourt.yaml`; name the folder of an estate\n"
    )


def test_a_state_folder_that_cannot_be_made_is_said_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "forecourt.yaml").write_text("organization: Acme\n")
    (tmp_path / "taken").write_text("")
    result = forecourt("up", str(tmp_path), env={"FORECOURT_STATE": str(tmp_path / "taken" / "x")})
    assert result.exit_code == 3, told(result)
    assert result.stderr == f"error: `{tmp_path / 'taken' / 'x'}`: not a directory\n"


def test_what_cannot_be_published_is_logged_with_what_it_was_about() -> None:
    error = RecursionError()
    error.add_note("while reading `apis/a/openapi.yaml`")
    with capture_logs() as lines:
        _tell_failure(error)
    assert [line["because"] for line in lines] == [
        "RecursionError; while reading `apis/a/openapi.yaml`"
    ]
