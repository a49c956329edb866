"""`forecourt schema`: what editors complete and check an estate's files with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from forecourt.source.schemas import SCHEMAS, FileSchema, schema_of
from tests.cli.command import forecourt, told

_EXAMPLE = Path(__file__).parents[2] / "examples" / "acme"
_MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


def test_without_a_name_it_lists_them() -> None:
    lines = forecourt("schema").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[s.name, s.files] for s in SCHEMAS]
    assert all(line.endswith(s.about) for line, s in zip(lines, SCHEMAS, strict=True))


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_with_a_name_it_prints_one(schema: FileSchema) -> None:
    result = forecourt("schema", schema.name)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == schema.document


def test_a_name_that_is_none_is_answered_with_the_one_meant() -> None:
    assert told(forecourt("schema", "partners")) == (
        "exit code 2\n--- stderr\nerror: there is no schema `partners`; did you mean `partner`?\n"
    )


def test_it_writes_them_all(tmp_path: Path) -> None:
    result = forecourt("schema", "--write", str(tmp_path / "a" / "b"))
    assert told(result) == f"exit code 0\n--- stderr\n9 schemas are in `{tmp_path}/a/b`\n"
    written = sorted(p.name for p in (tmp_path / "a" / "b").iterdir())
    assert written == sorted(f"{s.name}.json" for s in SCHEMAS)
    assert (tmp_path / "a/b/sla.json").read_text() == forecourt("schema", "sla").stdout


def test_it_writes_the_one_that_is_named(tmp_path: Path) -> None:
    assert forecourt("schema", "api", "--write", str(tmp_path)).exit_code == 0
    assert [p.name for p in tmp_path.iterdir()] == ["api.json"]


def test_a_folder_that_cannot_be_made_is_the_worlds_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = forecourt("schema", "--write", str(tmp_path / "file" / "under"))
    assert result.exit_code == 3


# --- the example ----------------------------------------------------------------------------------


def test_the_example_has_the_schemas_of_today(update_golden: bool) -> None:
    folder = _EXAMPLE / ".schemas"
    if update_golden:
        forecourt("schema", "--write", str(folder))
    for schema in SCHEMAS:
        printed = forecourt("schema", schema.name).stdout
        assert (folder / f"{schema.name}.json").read_text() == printed, (
            "run pytest tests/cli --update-golden"
        )
    assert len(list(folder.iterdir())) == len(SCHEMAS)


def test_each_file_of_the_example_names_its_schema() -> None:
    seen = 0
    for path in sorted(_EXAMPLE.rglob("*.yaml")):
        schema = schema_of(path.relative_to(_EXAMPLE).as_posix())
        if schema is None:
            continue
        seen += 1
        found = _MODELINE.match(path.read_text())
        assert found, path
        assert (path.parent / found[1]).resolve() == _EXAMPLE / ".schemas" / f"{schema.name}.json"
    assert seen >= len(SCHEMAS) - 1  # it has no environment
