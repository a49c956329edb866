"""JUnit's XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from forecourt.cli.formats.junit import written
from forecourt.cli.formats.report import Report
from forecourt.diagnostics import Severity
from tests.cli.formats.builders import a_finding

# What Jenkins' own schema (jenkins-junit.xsd) and GitLab's reader know.
_KNOWN = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped"},
    "testcase": {"name", "classname", "file", "line"},
    "failure": {"message", "type"},
    "skipped": {"message"},
}
_INSIDE = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "skipped"},
    "failure": set(),
    "skipped": set(),
}
_WARNING = a_finding(2, severity=Severity.WARNING)
_FILES = {"a.yaml": "", "b.yaml": ""}


def _root(report: Report) -> ET.Element:
    """The document, every element where it may be and the counts as they are."""
    root = ET.fromstring(written(report))
    for element in root.iter():
        assert set(element.attrib) <= _KNOWN[element.tag]
        assert {inner.tag for inner in element} <= _INSIDE[element.tag]
        for key, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            if key in element.attrib:
                assert int(element.attrib[key]) == len(list(element.iter(tag)))
    return root


def test_a_file_is_a_suite_and_a_finding_a_case() -> None:
    root = _root(Report(diagnostics=(a_finding(2, 3, help="do so"),), files=_FILES, within="x"))
    assert [suite.attrib["name"] for suite in root] == ["x/a.yaml", "x/b.yaml"]
    case = root[0][0]
    assert case.attrib == {
        "name": "FC013 unknown-key at 2:3",
        "classname": "x/a.yaml",
        "file": "x/a.yaml",
        "line": "2",
    }
    assert case[0].attrib == {"message": "`x` is wrong", "type": "FC013 unknown-key"}
    assert case[0].text == "a.yaml:2:3: error[FC013 unknown-key] `x` is wrong\nhelp: do so"


def test_a_sound_file_is_a_case_that_passes() -> None:
    root = _root(Report(diagnostics=(), files=_FILES))
    assert [case.attrib["name"] for case in root.iter("testcase")] == ["nothing wrong"] * 2
    assert root.attrib["tests"] == "2"


@pytest.mark.parametrize(("is_strict", "outcome"), [(False, "skipped"), (True, "failure")])
def test_a_warning_fails_only_where_asked_to(is_strict: bool, outcome: str) -> None:
    root = _root(Report(diagnostics=(_WARNING,), files=_FILES, is_strict=is_strict))
    assert [case.tag for case in root[0][0]] == [outcome]


def test_a_file_that_is_missing_is_a_suite_too() -> None:
    root = _root(Report(diagnostics=(a_finding(path="forecourt.yaml"),)))
    assert root[0].attrib["failures"] == "1"


def test_nothing_in_a_file_breaks_the_document() -> None:
    evil = "]]>\x00\x1b</failure>&\ud800\ufffe"
    root = _root(Report(diagnostics=(a_finding(message=evil, help=evil, path=evil),)))
    assert "</failure>&" in root[0][0][0].attrib["message"]
