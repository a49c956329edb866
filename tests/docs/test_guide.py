"""The guide: its estate reads without a mistake, its commands run, its tables leave nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from forecourt.bootstrap import read_settings
from forecourt.cli.exit_codes import ExitCode
from forecourt.compiler.envoy.access_log import access_log
from forecourt.compiler.envoy.problems import NATIVE
from forecourt.edge.code import LUA_FOLDER
from forecourt.estate.rate_limit import RateLimit
from tests.cli.command import forecourt, told
from tests.docs.pages import ROOT, blocks, is_as_printed, page, runs
from tests.docs.terminal import a_terminal
from tests.end_to_end.estates import a_home, some_ports
from tests.end_to_end.gateway import Gateway

GUIDE = page("docs/guide.md")
BOOTSTRAP = ROOT / "src" / "forecourt" / "bootstrap.py"


def estate_files() -> dict[str, str]:
    """The guide's estate: each block by the path that its first line names."""
    found = {b.text.splitlines()[0].removeprefix("# "): b.text for b in blocks(GUIDE, "yaml")}
    assert len(found) == len(list(blocks(GUIDE, "yaml")))
    return found


def section(title: str) -> str:
    """The text under a heading."""
    _, found, rest = GUIDE.partition(f"\n## {title}\n")
    assert found, title
    return rest.partition("\n## ")[0]


def first_column(title: str) -> list[str]:
    """What stands in backquotes in the first column of a section's table."""
    rows = re.findall(r"^\| (`.+?) \|", section(title), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def write(folder: Path) -> None:
    for path, text in estate_files().items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


# --- the estate -----------------------------------------------------------------------------------


def test_its_estate_has_one_warning_as_it_says(estate: Path) -> None:
    result = forecourt("check", "--local", "--format", "concise", str(estate))
    assert result.exit_code == ExitCode.NOTHING_WRONG, told(result)
    findings = re.findall(r"^\S+: (\w+)\[", result.stdout, re.MULTILINE)
    assert findings == ["warning"], told(result)
    assert "waivers/lamps-errors.yaml" in result.stdout


def test_its_environment_fits_its_estate(estate: Path) -> None:
    named = re.findall(r"certs/[\w-]+\.(?:pem|key)", estate_files()["forecourt.prod.yaml"])
    assert named
    (estate / "certs").mkdir()
    for path in named:
        (estate / path).write_text("")
    result = forecourt("check", "--env", "prod", "--format", "concise", str(estate))
    assert result.exit_code == ExitCode.NOTHING_WRONG, told(result)
    assert "error[" not in result.stdout


def test_its_estate_shows_every_kind_of_file() -> None:
    kinds = {re.sub(r"^(apis|partners|waivers)/.*", r"\1", path) for path in estate_files()}
    assert kinds >= {"forecourt.yaml", "plans.yaml", "sla.yaml", "services.yaml"}
    assert kinds >= {"apis", "partners", "waivers", "forecourt.prod.yaml"}


# --- its commands ---------------------------------------------------------------------------------


@pytest.fixture
def served() -> Iterator[Gateway]:
    """The guide's estate."""
    gateway = Gateway(home=a_home(), ports=some_ports())
    write(gateway.estate)
    gateway.change("forecourt.yaml", "127.0.0.1:8443", f"127.0.0.1:{gateway.ports.external}")
    gateway.change("forecourt.yaml", "127.0.0.1:9443", f"127.0.0.1:{gateway.ports.internal}")
    try:
        gateway.start()
        yield gateway
    finally:
        gateway.clear_away()


@pytest.mark.end_to_end
@pytest.mark.slow
@pytest.mark.timeout(180)
def test_its_commands_print_what_it_says_and_the_edge_keeps_its_word(served: Gateway) -> None:
    with a_terminal(served.estate, served.settings) as terminal:
        for block in blocks(GUIDE, "console"):
            for run in runs(block):
                said = terminal.types(run.command)
                assert is_as_printed(run.prints, said), f"{run.command}\n--- says\n{said}"

    key = served.a_key(developer="lin", application="till", plan="free")
    answers = [served.call("/lamps/v1/lamps", key=key) for _ in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429]
    assert answers[0].headers["ratelimit-policy"] == '"minute";q=20;w=60'
    assert answers[-1].json()["type"] == "urn:forecourt:problem:rate-limited"
    assert int(answers[-1].headers["retry-after"]) >= 1

    metrics = served.operations("/metrics").text
    for name in re.findall(r"`((?:forecourt|envoy)_\w+)`", section("Metrics and health")):
        assert re.search(rf"^{name}(?:_bucket)?\b", metrics, re.MULTILINE), name
    assert served.operations("/health/live").status_code == 200
    assert served.operations("/health/ready").status_code == 200

    kept = {p.name for p in served.state.iterdir() if not p.name.startswith(".")}
    told_of = {name.strip("/") for name in first_column("The state folder")}
    assert kept - told_of == set()
    assert served.state.stat().st_mode & 0o077 == 0


# --- its tables -----------------------------------------------------------------------------------


def problems_of_the_gate() -> dict[str, int]:
    lua = (LUA_FOLDER / "forecourt" / "problems.lua").read_text()
    found = re.findall(r'status = (\d+),\n\s+name = "([\w-]+)"', lua)
    assert len(found) == lua.count("name = ")
    return {name: int(status) for status, name in found}


def test_its_problems_are_all_there_are() -> None:
    told_of = dict(re.findall(r"^\| `([\w-]+)` \| ([\w' ]+) \|", section("Problems"), re.MULTILINE))
    there_are = problems_of_the_gate() | {p.name: p.status for p in NATIVE}
    assert told_of.keys() == there_are.keys()
    own = {name: status for name, status in there_are.items() if name != "upstream-failed"}
    assert {name: int(told_of[name]) for name in own} == own


def test_its_fields_of_the_access_log_are_all_there_are() -> None:
    (log,) = access_log("external")
    config = log["typed_config"]
    assert isinstance(config, dict)
    assert sorted(first_column("The access log")) == sorted(config["log_format"]["json_format"])


def test_its_settings_are_all_there_are() -> None:
    read = set(re.findall(r'"(FORECOURT_\w+)"', BOOTSTRAP.read_text()))
    assert set(first_column("Settings")) == read


def test_its_defaults_are_those_that_are_read(estate: Path) -> None:
    settings = read_settings(estate, environ={})
    said = section("Settings")
    assert f"| `{settings.operations}` |" in said
    assert f"| `{settings.state.name}` in the estate |" in said


def test_its_limits_follow_the_formula() -> None:
    rows = re.findall(
        r"^\| ([\d,]+) \| ([\d.]+) \| ([\d,]+) \| ([\d,]+) \|$", section("Limits"), re.MULTILINE
    )
    assert len(rows) >= 4
    for rate, burst, at_once, in_a_minute in rows:
        limit = RateLimit(requests_per_minute=_number(rate), burst_allowance=Decimal(burst))
        assert limit.capacity == _number(at_once)
        assert limit.most_in_a_minute == _number(in_a_minute)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def test_its_exit_codes_are_all_there_are() -> None:
    said = re.search(r"Exit codes of every verb: (.*?)\(a file", GUIDE, re.DOTALL)
    assert said
    assert [int(n) for n in re.findall(r"\b\d\b", said[1])] == sorted(ExitCode)
