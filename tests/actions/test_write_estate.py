from __future__ import annotations

from pathlib import Path

import pytest

from forecourt.actions.write_estate import Occupied, Written, write_estate

CONTENTS = {"forecourt.yaml": b"organization: Acme\n", "apis/users/api.yaml": b"name: users\n"}


def test_writes_every_file_with_its_folders(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "estate"
    assert write_estate(folder, CONTENTS) == Written(
        paths=("apis/users/api.yaml", "forecourt.yaml")
    )
    assert (folder / "apis/users/api.yaml").read_bytes() == b"name: users\n"


@pytest.mark.parametrize("kind", ["a file", "a folder"])
def test_writes_nothing_where_anything_is_there(tmp_path: Path, kind: str) -> None:
    there = tmp_path / "forecourt.yaml"
    if kind == "a file":
        there.write_text("mine")
    else:
        there.mkdir()
    assert write_estate(tmp_path, CONTENTS) == Occupied(paths=("forecourt.yaml",))
    assert [p.name for p in tmp_path.iterdir()] == ["forecourt.yaml"]


def test_leaves_other_files_of_the_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    assert isinstance(write_estate(tmp_path, CONTENTS), Written)
    assert (tmp_path / "README.md").read_text() == "mine"
