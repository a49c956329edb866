"""A version is deprecated without saying since when or until when, or dated but not deprecated.

Why it matters
    Both dates travel in every response (`Deprecation`, RFC 9745; `Sunset`, RFC 8594), and callers
    plan by them. "Some day" is not a plan, and a sunset on a version that is not deprecated would
    end it without a word.

Bad
    # apis/refunds/api.yaml
    versions:
      "1": {contract: v1.openapi.yaml, status: deprecated}
      "2": {contract: v2.openapi.yaml, status: current, sunset: 2031-01-01}

Good
    # apis/refunds/api.yaml
    versions:
      "1":
        contract: v1.openapi.yaml
        status: deprecated
        deprecated: 2029-01-01
        sunset: 2030-01-01
      "2": {contract: v2.openapi.yaml, status: current}

When to waive
    Never: a date far ahead is allowed, and can be moved further.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api, Status, Version
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each version whose status and dates do not agree."""
    for api in subject.estate.apis.values():
        for version in api.versions:
            for key, message, way_out in _contradictions(version):
                yield _finding(api, version, key, message, way_out)


def _contradictions(version: Version) -> Iterator[tuple[str, str, str]]:
    """Where, what, and the way out."""
    is_deprecated = version.status == Status.DEPRECATED
    for key, day in (("deprecated", version.deprecated), ("sunset", version.sunset)):
        if is_deprecated and day is None:
            yield "status", f"is deprecated, but has no `{key}`", f"add `{key}: YYYY-MM-DD`"
        if not is_deprecated and day is not None:
            yield (
                key,
                f"is {version.status.value}, but has `{key}: {day}`",
                f"write `status: deprecated`, or remove `{key}`",
            )


def _finding(api: Api, version: Version, key: str, message: str, way_out: str) -> Finding:
    return Finding(
        message=f"version `{version.name}` {message}",
        span=api.places[f"versions.{version.name}.{key}"],
        help=way_out,
        api=api.name,
        version=version.name,
    )


RULE = Rule(
    code="FC305",
    name="deprecation-undated",
    summary="a version's status and its dates do not agree",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
