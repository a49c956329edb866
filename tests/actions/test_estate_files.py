"""The names of an estate's files."""

from __future__ import annotations

import os
from pathlib import Path

from forecourt.actions.estate_files import authority_digests, files_below


def test_names_every_file_from_the_root_but_hidden_ones(tmp_path: Path) -> None:
    for path in ("forecourt.yaml", "certs/api.pem", ".git/config", "apis/a/.cache", "apis/a/g.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    assert files_below(tmp_path).paths == {"forecourt.yaml", "certs/api.pem", "apis/a/g.md"}


def test_opens_what_can_be_a_certificate_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("a certificate")
    (tmp_path / "large.pem").write_bytes(bytes(1024 * 1024 + 1))
    (tmp_path / "gone.pem").symlink_to("nowhere")
    (tmp_path / "itself.pem").symlink_to("itself.pem")
    os.mkfifo(tmp_path / "pipe.pem")
    below = files_below(tmp_path)
    held = {path: below.content(path) for path in below.paths}
    assert {path for path, content in held.items() if content} == {"a.pem"}
    assert set(authority_digests(below)) == {"a.pem"}
