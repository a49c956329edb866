"""The keys that prove tokens come over a connection that anybody can change.

Why it matters
    Whoever can replace an issuer's keys on the way can sign tokens for any caller. Plain `http`
    lets anybody do so who sits between this machine and the issuer.

Bad
    issuers:
      - {issuer: http://id.acme.example/, jwks: http://id.acme.example/jwks.json, …}

Good
    issuers:
      - {issuer: https://id.acme.example/, jwks: https://id.acme.example/jwks.json, …}

    A file of the estate works too: `jwks: certs/acme-id.jwks.json`.

When to waive
    Never: use a file where the issuer speaks no TLS.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each issuer or key set that is named by a plain `http` URL."""
    organization = subject.estate.organization
    for i, issuer in enumerate(organization.issuers if organization is not None else ()):
        assert organization is not None
        for key, url in (("issuer", issuer.issuer), ("jwks", issuer.jwks)):
            if url.lower().startswith("http:"):
                yield Finding(
                    message=f"`{url}` is plain http: whoever sits on the way could sign tokens "
                    f"that `{issuer.name}` never issued",
                    span=organization.places[f"identity.issuers.{i}.{key}"],
                    help="use the https address"
                    + (", or a file of the estate" if key == "jwks" else ""),
                )


RULE = Rule(
    code="FC208",
    name="insecure-issuer",
    summary="the keys that prove tokens come over plain http",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
