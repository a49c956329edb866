"""A version is deprecated without saying since when or until when, or dated but not deprecated.

Why it matters
    Both dates travel in every response (`Deprecation`, RFC 9745; `Sunset`, RFC 8594), and callers
    plan by them. "Some day" is not a plan, and a sunset on a version that is not deprecated would
    end it without a word. So would a day that was agreed with a partner (`sunsets`): nothing ends
    before it is deprecated (RFC 9745).

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
from datetime import date

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api, Status, Version
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each version whose status and dates do not agree."""
    for api in subject.estate.apis.values():
        for version in api.versions:
            for key, message, way_out in _contradictions(version):
                yield _finding(api, version, key, message, way_out)
    for partner in subject.estate.partners.values():
        for (name, label), on in partner.sunsets.items():
            its = subject.estate.apis.get(name)
            agreed = next((v for v in its.versions if v.name == label), None) if its else None
            told = None if agreed is None else _ends_too_soon(agreed, on)
            if told is not None:
                message, way_out = told
                yield Finding(
                    message=f"version `{label}` of `{name}` {message}",
                    span=partner.places[f"sunsets.{name}.{label}"],
                    help=way_out,
                )


def _ends_too_soon(version: Version, on: date) -> tuple[str, str] | None:
    """Why a version cannot end on a day that was agreed with a partner, and the way out."""
    if version.status is not Status.DEPRECATED:
        told = f"is {version.status.value}, and would end on {on} without a word"
        return told, "write `status: deprecated` at the version, or remove the day"
    if version.deprecated is not None and on <= version.deprecated:
        told = f"would end on {on}, and is deprecated from {version.deprecated} on"
        return told, "agree on a later day"
    return None


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
