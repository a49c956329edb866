"""JUnit's XML, which every continuous integration shows: a suite a file, a case a finding.

The elements and attributes are those that Jenkins, GitLab and others have in common:
https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from forecourt.cli.formats.heading import heading
from forecourt.cli.formats.report import Report, printable
from forecourt.diagnostics import Diagnostic

_NAME = "forecourt check"
_SOUND = "nothing wrong"


def written(report: Report) -> str:
    """A failure for what makes the command fail; what does not is a case that was skipped.

    A file without findings is a case that passes, so that there are always cases.
    """
    by_file: dict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in report.diagnostics:
        by_file[diagnostic.span.path].append(diagnostic)
    suites = ET.Element("testsuites", name=_NAME)
    for path in sorted({*report.files, *by_file}):
        suites.append(_suite(path, by_file[path], report))
    for key in ("tests", "failures", "errors", "skipped"):
        suites.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _suite(path: str, found: list[Diagnostic], report: Report) -> ET.Element:
    failures = sum(report.fails(d) for d in found)
    shown = printable(report.path_in_checkout(path))
    counts = _counts(tests=len(found) or 1, failures=failures, skipped=len(found) - failures)
    suite = ET.Element("testsuite", {"name": shown, **counts})
    if not found:
        ET.SubElement(suite, "testcase", {"name": _SOUND, "classname": shown, "file": shown})
    for diagnostic in found:
        suite.append(_case(diagnostic, shown, report.fails(diagnostic)))
    return suite


def _counts(*, tests: int, failures: int, skipped: int) -> Mapping[str, str]:
    return {
        "tests": str(tests),
        "failures": str(failures),
        "errors": "0",
        "skipped": str(skipped),
    }


def _case(diagnostic: Diagnostic, shown: str, fails: bool) -> ET.Element:
    span = diagnostic.span
    # Readers that meet a name twice keep one case of the two: the place sets them apart.
    name = f"{diagnostic.code} {diagnostic.name} at {span.line}:{span.column}"
    case = ET.Element(
        "testcase", {"name": name, "classname": shown, "file": shown, "line": str(span.line)}
    )
    message = printable(diagnostic.message)
    if fails:
        kind = f"{diagnostic.code} {diagnostic.name}"
        outcome = ET.SubElement(case, "failure", {"message": message, "type": kind})
    else:
        outcome = ET.SubElement(case, "skipped", {"message": message})
    outcome.text = heading(diagnostic)
    if diagnostic.help is not None:
        outcome.text += f"\nhelp: {printable(diagnostic.help)}"
    return case
