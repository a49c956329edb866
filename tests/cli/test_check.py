"""Each folder of `cases` is a claim: an estate, and what `forecourt check` says about it."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from forecourt import __version__
from forecourt.cli.formats.kinds import SUMMARIES
from tests.cli.command import ESTATES, ORGANIZATION, forecourt, inside, told
from tests.docs.pages import blocks

_EXPECTED, _COMMAND = "expected.txt", "command"
_USUALLY = "check --at 2024-03-01"
_EXAMPLE = Path(__file__).parents[2] / "examples" / "acme"


def _cases() -> list[Path]:
    return sorted(path for path in ESTATES.iterdir() if path.is_dir())


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_says(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    estate = tmp_path / "estate"
    shutil.copytree(case, estate, symlinks=True, ignore=shutil.ignore_patterns(_EXPECTED, _COMMAND))
    inside(estate, monkeypatch)
    written = case / _COMMAND
    arguments = (written.read_text() if written.exists() else _USUALLY).split()
    text = told(forecourt(*arguments)).replace(f'"{__version__}"', '"VERSION"')
    if update_golden:
        (case / _EXPECTED).write_text(text)
    assert (case / _EXPECTED).read_text() == text


@pytest.mark.parametrize("form", ["concise", "json"])
def test_says_the_same_of_contracts_that_it_remembers(tmp_path: Path, form: str) -> None:
    estate, env = tmp_path / "estate", {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    shutil.copytree(ESTATES / "an_audience_that_contradicts_itself_is_refused_at_its_place", estate)
    (estate / "forecourt.yaml").write_text(ORGANIZATION)
    words = ("check", str(estate), "--at", "2024-03-01", "--format", form)
    first = told(forecourt(*words, env=env))
    assert list((tmp_path / "cache" / "forecourt" / "contracts").iterdir())
    assert told(forecourt(*words, env=env)) == first
    assert told(forecourt(*words, "--no-cache", env=env)) == first


def test_nothing_is_remembered_where_nothing_may_be(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    forecourt("check", "--local", str(_EXAMPLE), "--no-cache", env=env)
    assert list(tmp_path.iterdir()) == []


def test_the_example_is_sound() -> None:
    result = forecourt("check", str(_EXAMPLE), "--at", "2029-03-01", "--local", "--strict")
    assert told(result) == "exit code 0\n--- stderr\nnothing wrong in 16 files\n"


def test_one_word_makes_the_example_wrong(tmp_path: Path) -> None:
    """What a newcomer does first."""
    estate = tmp_path / "acme"
    shutil.copytree(_EXAMPLE, estate, ignore=shutil.ignore_patterns(".forecourt"))
    users = estate / "apis/users/api.yaml"
    users.write_text(users.read_text().replace("audience: internal", "audience: public"))
    result = forecourt("check", str(estate), "--at", "2029-03-01", "--local", "--format", "json")
    found = json.loads(result.stdout)["diagnostics"]
    assert {d["path"] for d in found} == {"apis/users/api.yaml"}
    assert {d["name"] for d in found} == {
        "promise-missing",
        "allow-on-external",
        "laxer-than-posture",
    }
    assert all(d["help"] for d in found)


@pytest.mark.parametrize("folder", ["nowhere", "."], ids=["absent", "empty"])
def test_a_folder_without_its_first_file_is_no_estate(tmp_path: Path, folder: str) -> None:
    """Nor is whatever lies below it read: it may be anything."""
    result = forecourt("check", str(tmp_path / folder))
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: `{tmp_path / folder}` holds no `forecourt.yaml`; name the folder of an estate\n"
    )


def test_an_environment_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "forecourt.yaml").write_text(ORGANIZATION)
    result = forecourt("check", str(tmp_path), "--env", "prod")
    assert result.exit_code == 1
    assert "forecourt.prod.yaml" in result.stdout


def test_a_day_that_is_none_is_a_mistake_of_the_command() -> None:
    result = forecourt("check", "--at", "2024-02-30")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: `--at` is `2024-02-30`, which is not a date; write it as 2024-03-01\n"
    )


# --- on a terminal --------------------------------------------------------------------------------


def _on_a_terminal(folder: Path, **env: str) -> str:
    """What a person sees."""
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "forecourt", "check", str(folder), "--at", "2024-03-01"],
            stdout=theirs,
            stderr=subprocess.PIPE,
            env={k: v for k, v in os.environ.items() if k != "NO_COLOR"} | env,
            check=False,
        )
        assert done.returncode == 1
        return os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.slow
def test_a_person_sees_the_line_in_colour_unless_asked_not_to(tmp_path: Path) -> None:
    organization = ORGANIZATION.replace("127.0.0.1:9443", "127.0.0.1:8443")
    (tmp_path / "forecourt.yaml").write_text(organization)
    painted = _on_a_terminal(tmp_path)
    assert "\x1b[31m\x1b[1merror[FC209 shared-listener-address]\x1b[0m" in painted
    plain = _on_a_terminal(tmp_path, NO_COLOR="1")
    assert "\x1b" not in plain
    assert "4 |   internal: {address: 127.0.0.1:8443, trust_domain: acme.example}" in plain


# --- the examples of the format -------------------------------------------------------------------

_DESIGN = Path(__file__).parents[3] / "shared" / "design" / "estate.md"


@pytest.mark.skipif(not _DESIGN.is_file(), reason="needs ../shared/design")
@pytest.mark.parametrize(
    "case",
    [
        ESTATES / "the_examples_of_the_format_are_checked_as_of_a_day",
        Path(__file__).parents[1] / "source/cases/the_examples_of_the_format_read_without_error",
    ],
    ids=["checked", "read"],
)
def test_the_examples_are_those_of_the_design_to_the_letter(case: Path) -> None:
    written = "".join(b.text for b in blocks(_DESIGN.read_text(), "yaml"))
    named = [p for p in sorted(case.rglob("*.yaml")) if not _is_around(p.relative_to(case))]
    assert len(named) == 9
    for path in named:
        assert path.read_text() in written, path
        written = written.replace(path.read_text(), "", 1)
    assert written == ""


def _is_around(path: Path) -> bool:
    """Whether it stands there so that the examples lead somewhere."""
    return path.name.endswith((".openapi.yaml", ".overlay.yaml")) or "analytics" in path.parts


# --- the catalogue of findings --------------------------------------------------------------------

_SHOWN = re.compile(r'\[(FC[0-9]{3}) |"code": "(FC[0-9]{3})"')


def test_every_kind_of_finding_has_a_golden_case() -> None:
    """Through the command, or where files are read."""
    folders = (ESTATES, Path(__file__).parents[1] / "source" / "cases")
    texts = (path.read_text() for folder in folders for path in folder.glob("*/expected.txt"))
    shown = {code for text in texts for found in _SHOWN.findall(text) for code in found if code}
    assert sorted(set(SUMMARIES) - shown) == []


def test_waits_for_nothing_that_it_does_not_use() -> None:
    """Whoever checks at every save would wait for half of what serves to be read, too."""
    loaded = "import sys, forecourt.cli.check; print(*sys.modules)"
    names = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"sqlalchemy", "starlette", "forecourt.bootstrap", "forecourt.server"} & {
        *names
    } == set()
