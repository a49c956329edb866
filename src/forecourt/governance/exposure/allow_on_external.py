"""An API for callers outside the organisation names the services that may call it.

Why it matters
    `allow` lists services. Partners are admitted by their contracts and strangers by their keys,
    so on an external API the list looks like a fence and keeps nobody out. Whoever reads the file
    would believe otherwise.

Bad
    # apis/payments/api.yaml
    audience: public
    allow: [orders, billing]

Good
    # apis/payments/api.yaml
    audience: public                # partners: name this API in partners/NAME.yaml

    or, if only those services should call:

    # apis/users/api.yaml
    audience: internal
    allow: [orders, billing]

When to waive
    Never: the two lines contradict each other. Decide which of them is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each `allow` of an external API."""
    for api in subject.estate.apis.values():
        if api.allow is not None and api.audience.is_external:
            yield Finding(
                message=f"`allow` names services, but `{api.name}` is {api.audience.value}: the "
                "list keeps nobody outside from calling",
                span=api.places["allow"],
                help="remove `allow`, or write `audience: internal` if only those services "
                "should call",
                api=api.name,
            )


RULE = Rule(
    code="FC205",
    name="allow-on-external",
    summary="an API for callers outside names the services that may call it",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
