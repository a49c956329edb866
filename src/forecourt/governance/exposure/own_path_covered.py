"""A path of an API may mean one at which the gateway itself answers.

Why it matters
    Where a parameter may have any value, or an API without a contract stands at `/`, requests for
    the gateway's own paths would be its too. The gateway answers them: those values never reach the
    API. `forecourt explain own-path-taken` lists the paths.

Bad
    # apis/refunds/api.yaml
    path: /oauth
    versioning: {scheme: header}

    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /{refund}:
        parameters: [{name: refund, in: path, required: true, schema: {type: string}}]
        get: {responses: {"200": {description: one of them}}}

Good
    # apis/refunds/api.yaml
    path: /refunds
    versioning: {scheme: header}

    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /{refund}:
        parameters: [{name: refund, in: path, required: true, schema: {type: string}}]
        get: {responses: {"200": {description: one of them}}}

When to waive
    Where no such value exists: nothing of the API is called `token`, for instance.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.own_paths import taken
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each path that may mean an own one, however many."""
    for each in taken(subject):
        if not each.is_all:
            yield Finding(
                message=each.message,
                span=each.span,
                help="give the API another `path`, or waive `own-path-covered` for "
                f"`{each.api}` if it has nothing there",
                api=each.api,
                version=each.version,
            )


RULE = Rule(
    code="FC216",
    name="own-path-covered",
    summary="a path of an API may mean one at which the gateway itself answers",
    severity=Severity.WARNING,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
