"""SARIF 2.1.0, which code scanning services read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
(numbers of sections are those of that document)
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from forecourt import __version__
from forecourt.cli.formats.kinds import OF_CHANGES, SUMMARIES
from forecourt.cli.formats.report import Lines, Report, printable
from forecourt.cli.rule_page import page_of
from forecourt.diagnostics import Diagnostic, Severity

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

# 3.14.14: the base is named without its URI, which would be a path of this machine; whoever reads
# the log knows where its checkout is.
_ROOT = "SRCROOT"
_ROOT_IS = "the root of the checkout that holds the estate"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def written(report: Report) -> str:
    """One log with one run; rules are those that were broken, each with its page as help."""
    rules = {d.code: d for d in report.diagnostics}
    indexes = {code: index for index, code in enumerate(sorted(rules))}
    lines = Lines(report.files)
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "forecourt",
                        "version": __version__,
                        "rules": [_rule(rules[code]) for code in indexes],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": {_ROOT: {"description": {"text": _ROOT_IS}}},
                "results": [_result(d, indexes[d.code], report, lines) for d in report.diagnostics],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(broken: Diagnostic) -> dict[str, Any]:
    """A `reportingDescriptor` (3.49). Its texts take no arguments, so braces in them are braces."""
    page = page_of(broken.code) or broken.name
    return {
        "id": broken.code,
        "name": broken.name,
        "shortDescription": {"text": SUMMARIES.get(broken.code) or OF_CHANGES[broken.code]},
        "help": {"text": page, "markdown": f"```text\n{page}\n```"},
        "defaultConfiguration": {"level": _LEVELS[broken.severity]},
    }


def _result(diagnostic: Diagnostic, index: int, report: Report, lines: Lines) -> dict[str, Any]:
    """A `result` (3.27)."""
    said = printable(diagnostic.message)
    if diagnostic.help is not None:
        said += f"\n\nhelp: {printable(diagnostic.help)}"
    uri = quote(report.path_in_checkout(diagnostic.span.path))
    region = {"startLine": diagnostic.span.line, "startColumn": _utf16_column(diagnostic, lines)}
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": _message(said)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri, "uriBaseId": _ROOT},
                    "region": region,
                }
            }
        ],
        "partialFingerprints": {"finding/v1": _fingerprint(diagnostic)},
    }


def _utf16_column(diagnostic: Diagnostic, lines: Lines) -> int:
    """The column in UTF-16 code units, from 1 (3.30.6); ours counts characters."""
    column = diagnostic.span.column
    before = (lines.at(diagnostic.span) or "")[: column - 1]
    return column + sum(1 for character in before if ord(character) > 0xFFFF)


def _message(text: str) -> str:
    """A message string: braces doubled (3.11.5), and nothing read as a link (3.11.6)."""
    return _LINK.sub(r"\\[", text.replace("{", "{{").replace("}", "}}"))


def _fingerprint(diagnostic: Diagnostic) -> str:
    """What stays the same when lines move: the file, the rule and what is said (3.27.17)."""
    parts = (diagnostic.span.path, diagnostic.code, diagnostic.message)
    return sha256("\0".join(parts).encode()).hexdigest()
