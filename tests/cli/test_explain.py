"""`forecourt explain`: an API's posture, or a rule's page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forecourt.estate.audience import Audience
from forecourt.estate.posture import DIMENSIONS
from forecourt.governance import RULES, Rule
from tests.cli.command import ORGANIZATION, forecourt, told

_GOLDEN = Path(__file__).parent / "golden"
_DAY = ("--at", "2024-03-01")

_USERS = """\
name: users
audience: public
owner: {team: identity}
upstream: {url: http://users.svc:8080}
versioning: {scheme: none}
contract: openapi.yaml
sla: {tiers: [standard]}
posture:
  errors: sanitised
  body_limits: {bytes: 256 KB}
  deprecation: 6 months
"""
_WAIVER = """\
rule: laxer-than-posture
api: users
dimension: errors
owner: identity
because: support still reads our codes
approved_by: [api-review-board]
expires: 2024-08-01
"""


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """One public API that is stricter here, laxer there, and for one of them has a waiver."""
    floors = "floors: {deprecation: {public: 18 months}}\n"
    for path, text in {
        "forecourt.yaml": ORGANIZATION + floors,
        "apis/users/api.yaml": _USERS,
        "waivers/users-errors.yaml": _WAIVER,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.mark.parametrize("caller", ["internal", "partner", "public"])
def test_says_what_callers_find(estate: Path, caller: str, update_golden: bool) -> None:
    result = forecourt("explain", "users", "--estate", str(estate), "--caller", caller, *_DAY)
    golden = _GOLDEN / f"{caller}_callers_of_users.txt"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(told(result))
    assert golden.read_text() == told(result)


def test_no_golden_file_is_stale() -> None:
    expected = {f"{a.value}_callers_of_users.txt" for a in Audience}
    assert {path.name for path in _GOLDEN.iterdir()} == expected


def test_names_who_set_each_value(estate: Path) -> None:
    result = forecourt("explain", "users", "--estate", str(estate), "--format", "json", *_DAY)
    document = json.loads(result.stdout)
    assert (document["version"], document["api"]) == (1, "users")
    rows = {row["key"]: row for row in document["dimensions"]}
    assert list(rows) == [d.key for d in DIMENSIONS]
    assert rows["errors"] | {"because": ""} == {
        "key": "errors",
        "value": "sanitised",
        "set_by": "apis/users/api.yaml:9:11",
        "laxer": True,
        "waiver": "waivers/users-errors.yaml",
        "judged_by": "caller",
        "enforced_by": "edge",
        "because": "",
    }
    assert rows["deprecation"]["set_by"].startswith("forecourt.yaml:5:")
    assert rows["deprecation"]["value"] == "18 calendar months"
    assert rows["audit"]["set_by"] == "public"
    assert (rows["versioning"]["laxer"], rows["versioning"]["waiver"]) == (True, None)


def test_a_waiver_that_ended_allows_nothing(estate: Path) -> None:
    result = forecourt("explain", "users", "--estate", str(estate), "--at", "2024-08-01")
    (errors,) = (line for line in result.stdout.splitlines() if line.startswith("errors"))
    assert "laxer: no waiver allows it" in errors


def test_a_table_fits_the_terminal(estate: Path) -> None:
    arguments = ("explain", "users", "--estate", str(estate), "--format", "table", *_DAY)
    result = forecourt(*arguments, env={"COLUMNS": "120"})
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 120
    assert all(any(line.split()[:1] == [d.key] for line in lines) for d in DIMENSIONS)
    assert "\x1b" not in result.stdout


def test_a_caller_that_never_reaches_the_api_is_a_mistake_of_the_command(estate: Path) -> None:
    api = estate / "apis/users/api.yaml"
    api.write_text(api.read_text().replace("audience: public", "audience: internal"))
    result = forecourt("explain", "users", "--estate", str(estate), "--caller", "public")
    assert result.exit_code == 2
    assert "a public caller never reaches `users`, which is internal" in result.stderr


def test_an_api_that_cannot_be_read_is_left_to_check(estate: Path) -> None:
    (estate / "apis/users/api.yaml").write_text("name: [")
    result = forecourt("explain", "users", "--estate", str(estate))
    assert told(result) == (
        "exit code 1\n--- stderr\n"
        "error: `apis/users/api.yaml` cannot be read; see `forecourt check`\n"
    )


@pytest.mark.parametrize(
    ("word", "meant"), [("user", "users"), ("deprecation-to-short", "deprecation-too-short")]
)
def test_an_unknown_name_is_answered_with_the_one_meant(
    estate: Path, word: str, meant: str
) -> None:
    result = forecourt("explain", word, "--estate", str(estate))
    assert told(result) == (
        "exit code 2\n--- stderr\n"
        f"error: `{word}` is neither an API nor a rule; did you mean `{meant}`?\n"
    )


def test_a_code_that_there_is_none_of_needs_no_estate(tmp_path: Path) -> None:
    result = forecourt("explain", "FC999", "--estate", str(tmp_path))
    assert told(result) == "exit code 2\n--- stderr\nerror: there is no rule FC999\n"


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_its_page_by_name_and_code(rule: Rule) -> None:
    by_name = forecourt("explain", rule.name)
    by_code = forecourt("explain", rule.code.lower())
    assert by_name.exit_code == 0
    assert by_name.stdout == by_code.stdout
    assert by_name.stdout.startswith(f"{rule.code} {rule.name} (")


def test_a_page_says_whether_a_waiver_helps() -> None:
    assert forecourt("explain", "FC304").stdout.startswith(
        "FC304 deprecation-too-short (error, can be waived, since 0.1)\n\n"
        "A version is taken away sooner than its callers were promised.\n\nWhy it matters\n    "
    )
    assert "(error, cannot be waived, since 0.1)" in forecourt("explain", "FC211").stdout


@pytest.mark.parametrize("word", ["FC010", "missing-key", "FC105"])
def test_mistakes_of_files_and_contracts_have_a_page_too(word: str) -> None:
    result = forecourt("explain", word)
    assert result.exit_code == 0
    assert "cannot be waived" in result.stdout


def test_a_word_that_is_no_rule_is_said_to_be_none_outside_an_estate(tmp_path: Path) -> None:
    result = forecourt("explain", "laxer-than-postur", "--estate", str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr == (
        "error: no rule is called `laxer-than-postur` (did you mean `laxer-than-posture`?), and"
        f" `{tmp_path}` holds no `forecourt.yaml`; name the folder of an estate\n"
    )
