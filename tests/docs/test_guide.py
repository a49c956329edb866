"""The guide: its estate reads without a mistake, its commands run, its tables leave nothing out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from forecourt.cli.exit_codes import ExitCode
from forecourt.compiler.envoy.access_log import access_log
from forecourt.compiler.envoy.problems import NATIVE
from forecourt.compiler.refusals import Refusal
from forecourt.edge.code import LUA_FOLDER
from forecourt.settings import read_settings
from forecourt.source.schemas import SCHEMAS
from tests.cli.command import forecourt, told
from tests.docs.estates import a_gateway, estate_files, follow, write
from tests.docs.pages import ROOT, blocks, first_column, page, section
from tests.docs.terminal import a_terminal
from tests.edge.test_pem import GOOD, GOOD_KEY
from tests.end_to_end.gateway import Gateway

GUIDE = page("docs/guide.md")
READ_IN = [ROOT / "src" / "forecourt" / name for name in ("settings.py", "state_folder.py")]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    write(GUIDE, tmp_path)
    return tmp_path


# --- the estate -----------------------------------------------------------------------------------


def test_its_estate_has_one_warning_as_it_says(estate: Path) -> None:
    result = forecourt("check", "--local", "--format", "concise", str(estate))
    assert result.exit_code == ExitCode.NOTHING_WRONG, told(result)
    findings = re.findall(r"^\S+: (\w+)\[", result.stdout, re.MULTILINE)
    assert findings == ["warning"], told(result)
    assert "waivers/lamps-errors.yaml" in result.stdout


def test_its_environment_fits_its_estate(estate: Path) -> None:
    named = re.findall(r"certs/[\w-]+\.(?:pem|key)", estate_files(GUIDE)["forecourt.prod.yaml"])
    assert named
    (estate / "certs").mkdir()
    for path in named:
        (estate / path).write_bytes(GOOD_KEY if path.endswith(".key") else GOOD)
    result = forecourt("check", "--env", "prod", "--format", "concise", str(estate))
    assert result.exit_code == ExitCode.NOTHING_WRONG, told(result)
    assert "error[" not in result.stdout


def test_its_estate_shows_every_kind_of_file() -> None:
    kinds = {re.sub(r"^(apis|partners|waivers)/.*", r"\1", path) for path in estate_files(GUIDE)}
    assert kinds >= {"forecourt.yaml", "plans.yaml", "sla.yaml", "services.yaml"}
    assert kinds >= {"apis", "partners", "waivers", "forecourt.prod.yaml"}


def test_an_editor_is_told_each_schema_and_its_files() -> None:
    (settings,) = blocks(GUIDE, "json")
    assert json.loads(settings.text)["yaml.schemas"] == {
        f".schemas/{schema.name}.json": schema.files for schema in SCHEMAS
    }


def test_its_first_line_for_an_editor_is_that_of_the_example() -> None:
    (line,) = re.findall(r"^# yaml-language-server: .*$", GUIDE, re.MULTILINE)
    assert page("examples/acme/apis/users/api.yaml").startswith(f"{line}\n")


# --- its commands ---------------------------------------------------------------------------------


@pytest.fixture
def served() -> Iterator[Gateway]:
    """The guide's estate."""
    with a_gateway(GUIDE) as gateway:
        gateway.start()
        yield gateway


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_its_commands_print_what_it_says_and_the_edge_keeps_its_word(served: Gateway) -> None:
    with a_terminal(served.estate, served.settings) as terminal:
        for block in blocks(GUIDE, "console"):
            follow(block, terminal, {})

    assert served.call("/lamps/v1/lamps", key=served.a_key()).status_code == 200
    metrics = served.operations("/metrics").text
    for name in re.findall(r"`((?:forecourt|envoy)_\w+)`", section(GUIDE, "Metrics and health")):
        assert re.search(rf"^{name}(?:_bucket)?\b", metrics, re.MULTILINE), name
    assert served.operations("/health/live").status_code == 200
    assert served.operations("/health/ready").status_code == 200


# --- its tables -----------------------------------------------------------------------------------


def problems_of_the_gate() -> dict[str, int]:
    lua = (LUA_FOLDER / "forecourt" / "problems.lua").read_text()
    found = re.findall(r'status = (\d+),\n\s+name = "([\w-]+)"', lua)
    assert len(found) == lua.count("name = ")
    return {name: int(status) for status, name in found}


def test_its_problems_are_all_there_are() -> None:
    table = section(GUIDE, "Problems")
    rows = re.findall(r"^\| `([\w-]+)` \| ([\w' ]+) \|", table, re.MULTILINE)
    told_of = dict(rows)
    assert len(told_of) == len(rows), "one of them has two rows"
    of_the_mock = Refusal.NO_EXAMPLE
    there_are = problems_of_the_gate() | {p.name: p.status for p in NATIVE}
    there_are[of_the_mock.problem] = of_the_mock.status
    assert told_of.keys() == there_are.keys()
    own = {name: status for name, status in there_are.items() if name != "upstream-failed"}
    assert {name: int(told_of[name]) for name in own} == own


def test_its_fields_of_the_access_log_are_all_there_are() -> None:
    (log,) = access_log("external")
    config = log["typed_config"]
    assert isinstance(config, dict)
    told_of = first_column(section(GUIDE, "The access log"))
    assert sorted(told_of) == sorted(config["log_format"]["json_format"])


def test_its_settings_are_all_there_are() -> None:
    read = set(re.findall(r'"(FORECOURT_\w+)"', "".join(path.read_text() for path in READ_IN)))
    assert set(first_column(section(GUIDE, "Settings"))) == read


def test_its_defaults_are_those_that_are_read(estate: Path) -> None:
    settings = read_settings(estate, environ={})
    said = section(GUIDE, "Settings")
    assert f"| `{settings.operations}` |" in said
    assert f"| `{settings.state.name}` in the estate |" in said


def test_its_exit_codes_are_all_there_are() -> None:
    said = re.search(r"Exit codes of every verb: (.*?)\(a file", GUIDE, re.DOTALL)
    assert said
    assert [int(n) for n in re.findall(r"\b\d\b", said[1])] == sorted(ExitCode)
