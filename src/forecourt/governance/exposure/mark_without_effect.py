"""An element is marked for a wider audience than what it stands in.

Why it matters
    An element is seen where nothing on the way to it is for a narrower audience: its API, its path,
    its operation. A mark can only narrow. One that says a wider audience shows the element to
    nobody, and whoever reads it believes that it does.

Bad
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        x-audience: internal
        get: {x-audience: partner, responses: {"200": {description: all of them}}}

Good
    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /refunds:
        get: {x-audience: partner, responses: {"200": {description: all of them}}}
        post: {x-audience: internal, responses: {"201": {description: done}}}

When to waive
    Take the mark away instead: it changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.audience import Audience, narrower
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each mark that is wider than its API, or than what it stands in."""
    for api in subject.estate.apis.values():
        for version in api.versions:
            facts = subject.facts.contracts.get(version.document or "")
            for mark in facts.marks if facts is not None else ():
                limit = narrower(mark.around or Audience.PUBLIC, api.audience)
                if mark.audience <= limit:
                    continue
                is_api = limit is api.audience
                what = f"the API `{api.name}`" if is_api else "what this stands in"
                yield Finding(
                    message=f"this is marked `{mark.audience.value}`, and {what} is "
                    f"`{limit.value}`, so that the mark shows it to nobody more",
                    span=mark.span,
                    help="take the mark away, or widen what is around it",
                    api=api.name,
                    version=version.name,
                )


RULE = Rule(
    code="FC213",
    name="mark-without-effect",
    summary="an element is marked wider than what it stands in",
    severity=Severity.WARNING,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
