"""The names of an estate's files."""

from __future__ import annotations

from pathlib import Path

from forecourt.actions.estate_files import files_below


def test_names_every_file_from_the_root_but_hidden_ones(tmp_path: Path) -> None:
    for path in ("forecourt.yaml", "certs/api.pem", ".git/config", "apis/a/.cache", "apis/a/g.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    assert files_below(tmp_path).paths == {"forecourt.yaml", "certs/api.pem", "apis/a/g.md"}
