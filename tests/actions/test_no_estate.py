"""What is said of a folder that is no estate."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forecourt.actions.no_estate import is_estate, no_estate


def test_a_folder_without_its_first_file_is_no_estate(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "a.yaml").write_text("a: openapi\n")
    os.mkfifo(tmp_path / "b.yaml")
    for folder in (tmp_path, tmp_path / "round", tmp_path / "nowhere"):
        assert not is_estate(folder)
        says = f"`{folder}` holds no `forecourt.yaml`; name the folder of an estate"
        assert no_estate(folder) == says


@pytest.mark.parametrize(
    "text",
    ["openapi: 3.1.0\n", "# ours\n'openapi': 3.0.0\n", '{\n  "openapi": "3.1.0"}', '{"openapi":1}'],
)
def test_a_document_in_it_is_what_an_estate_could_be_made_around(tmp_path: Path, text: str) -> None:
    (tmp_path / "my shop.json").write_text(text)
    command = f"forecourt init DIR --openapi '{tmp_path}/my shop.json' --audience WORD"
    assert no_estate(tmp_path).endswith(f", or make one around a document: `{command}`")
