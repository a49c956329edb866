"""A version is taken out of the files while its callers still need to be told.

Why it matters
    For 90 days after its sunset a version answers 410, with the version to use and the guide: who
    comes back from a long holiday, and what runs once a quarter, learn what happened. Taken out of
    the files it is 404, as if it had never been; taken out before its sunset, it breaks callers
    who were promised that it stays.

Bad
    # apis/refunds/api.yaml
    versions:
      "1": {contract: v1.openapi.yaml}      # a month ago there was 0.9 as well

Good
    # apis/refunds/api.yaml
    versions:
      "1": {contract: v1.openapi.yaml}
      "0.9":
        contract: v1.openapi.yaml
        status: deprecated
        deprecated: 2028-01-01
        sunset: 2029-01-01

    The files are compared with what was published last from this folder, as far as callers outside
    were served. While it holds, nothing of the API is published; what was serves on. A version is
    taken out, too, where it becomes a draft or a preview, and where it moves to another path: at
    the old one there is nothing any more.

When to waive
    When nobody ever called it, or the version must not even be named any more. Name the version:

    # waivers/refunds-v0.9-gone.yaml
    rule: version-taken-out
    api: refunds
    version: "0.9"
    owner: refunds
    because: published by mistake; nobody called it
    approved_by: [api-review-board]
    expires: 2029-06-01
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from forecourt.diagnostics import Severity, Span
from forecourt.estate.api import Api, Status
from forecourt.governance.rule import Finding, Rule, ServedVersion, Subject

# Who calls once a quarter has called once by then, and read why not.
DAYS = 90


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each API that lacks a version which was served, and is not long gone."""
    for api in subject.estate.apis.values():
        served = (subject.facts.served or {}).get(api.name, ())
        yield from _missing(api, served, subject.today)


def _missing(api: Api, served: tuple[ServedVersion, ...], today: date) -> Iterator[Finding]:
    for version in served:
        last = None if version.sunset is None else version.sunset + timedelta(days=DAYS)
        if last is not None and today >= last:
            continue
        gone = _gone(api, version)
        if gone is None:
            continue
        what, back, span = gone
        if version.sunset is None:
            told = "is served and was never deprecated"
            way_out = f"{back}, deprecated, with a `sunset`"
        elif today < version.sunset:
            told = f"is served until {version.sunset}"
            way_out = f"{back}, and take it out from {last} on"
        else:
            told = f"ended on {version.sunset}, and answers 410 until {last}"
            way_out = f"{back}, and take it out from {last} on"
        name = f"version `{version.name}`" if version.name else "what was served without versions"
        yield Finding(
            message=f"{name} {told}, but {what}",
            span=span,
            help=f"{way_out}; an exception takes a waiver of `{RULE.name}` for `{api.name}`"
            f' with `version: "{version.name}"`',
            api=api.name,
            version=version.name,
        )


def _gone(api: Api, served: ServedVersion) -> tuple[str, str, Span] | None:
    """What became of a version that its callers do not find any more, the way back, and where; None
    where they find it."""
    its = next((v for v in api.versions if v.name == served.name), None)
    if its is None:
        return "it is not in the file any more", "put it back", api.places["versions"]
    if its.status not in (Status.CURRENT, Status.DEPRECATED):
        span = api.places[f"versions.{its.name}.status"]
        return f"it is a {its.status.value} now", "let it be what it was", span
    prefix = api.prefix_of(its.name)
    if prefix != served.prefix:
        return (
            f"it moves from `{served.prefix}` to `{prefix}`",
            "leave it there",
            api.places["path"],
        )
    return None


RULE = Rule(
    code="FC309",
    name="version-taken-out",
    summary="a version is taken out of the files while its callers still need to be told",
    severity=Severity.ERROR,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
    about_gone=True,
)
