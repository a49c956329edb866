"""An issuer of tokens is reached over a connection that anybody can change.

Why it matters
    People sign in at an issuer, and it hands out tokens there. Over plain `http` whoever sits on
    the way reads both and calls as anybody. OpenID Connect Discovery 1.0 (section 3) asks for
    `https`.

Bad
    # forecourt.yaml
    identity:
      issuers:
        - name: acme-id
          issuer: http://id.acme.example/
          jwks: certs/acme-id.jwks.json
          token_audience: https://api.acme.example
          callers: public

Good
    # forecourt.yaml
    identity:
      issuers:
        - name: acme-id
          issuer: https://id.acme.example/
          jwks: https://id.acme.example/jwks.json
          token_audience: https://api.acme.example
          callers: public

When to waive
    Never. Keys over plain `http` are not even read: `jwks` is an `https` URL or a file.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each issuer that calls itself by a plain `http` URL."""
    organization = subject.estate.organization
    for issuer in organization.issuers if organization is not None else ():
        if issuer.issuer.lower().startswith("http:"):
            yield Finding(
                message=f"the tokens of `{issuer.name}` come from `{issuer.issuer}`, over plain "
                "http: whoever sits on the way could call as anybody",
                span=issuer.origin,
                help="let it speak TLS, and write what it then calls itself: "
                f"`{'https' + issuer.issuer[4:]}`",
            )


RULE = Rule(
    code="FC208",
    name="insecure-issuer",
    summary="an issuer of tokens is reached over plain http",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
