"""An API stands, or declares an operation, where the gateway itself answers.

Why it matters
    The gateway is an authorization server on the external listener, and gives services their tokens
    on the internal one. It answers at these paths itself, whatever API stands around them, and what
    is below them leads nowhere: requests there never reach the API, also while the gateway has no
    client yet.

        external    /.well-known/oauth-authorization-server, /oauth/introspect,
                    /oauth/jwks, /oauth/revoke, /oauth/token
        internal    /internal/token

    APIs for callers outside are on both listeners.

Bad
    # apis/refunds/api.yaml
    path: /oauth
    versioning: {scheme: header}

    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /token:
        post: {responses: {"200": {description: a token of its own}}}

Good
    # apis/refunds/api.yaml
    path: /identity
    versioning: {scheme: header}

    # apis/refunds/v1.openapi.yaml
    openapi: 3.1.0
    info: {title: Refunds, version: "1"}
    paths:
      /token:
        post: {responses: {"200": {description: a token of its own}}}

When to waive
    Never: no waiver can say which of the two should answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.own_paths import taken
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each path that nobody could call."""
    for each in taken(subject):
        if each.is_all:
            yield Finding(
                message=each.message,
                span=each.span,
                help=f"give it another path, or `{each.api}` another `path`",
                api=each.api,
                version=each.version,
            )


RULE = Rule(
    code="FC215",
    name="own-path-taken",
    summary="an API stands, or declares an operation, where the gateway itself answers",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
