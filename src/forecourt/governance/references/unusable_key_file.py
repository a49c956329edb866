"""A certificate, key or key set cannot be used.

Why it matters
    Envoy takes a listener's certificate, a partner's authority and an issuer's keys as they are, or
    not at all: with one that it does not take, nothing of what was just declared is served.

Bad
    $ mkdir --parents certs
    $ echo '<html>Sign in</html>' > certs/acme-id.jwks.json   # what a browser was shown

    # forecourt.yaml
    identity:
      issuers:
        - name: acme-id
          issuer: https://id.acme.example/
          jwks: certs/acme-id.jwks.json
          token_audience: https://api.acme.example
          callers: public

Good
    $ mkdir --parents certs
    $ echo '{"keys": [{"kty": "EC", "crv": "P-256",' > certs/keys.json
    $ echo '"x": "jvb_0kg5xMkcGsJL7lrvuQP2LjIWZazCTkJ4siI7ZeY",' >> certs/keys.json
    $ echo '"y": "T2wlIozU6Q3q70PsBdTUPc8JRPrmRR25WnAVHeIkRaI"}]}' >> certs/keys.json

    # forecourt.yaml
    identity:
      issuers:
        - name: acme-id
          issuer: https://id.acme.example/
          jwks: certs/keys.json
          token_audience: https://api.acme.example
          callers: public

    Certificates and keys are PEM, keys without a password and each beside its own certificate. RSA
    keys have 2048 bits or more, others are on P-256, P-384 or P-521. A key set is JSON (RFC 7517)
    and holds public keys only. What a local authority stands in for under `--local` is not looked
    at there.

When to waive
    Never: bring the file that is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.key_files import Holds, key_files
from forecourt.governance.rule import Finding, Rule, Subject

_HELP = {
    Holds.CERTIFICATE: "bring the certificate in PEM, and after it those that lead to an authority",
    Holds.KEY: "bring the private key of the certificate beside it, in PEM, without a password",
    Holds.AUTHORITIES: "bring the authority's certificate in PEM",
    Holds.KEY_SET: 'bring the issuer\'s public keys: `{"keys": […]}` (RFC 7517)',
}


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each name of a file that holds something else."""
    facts = subject.facts
    for named in key_files(subject.estate):
        because = facts.unusable.get(named.path)
        if because is not None and not (named.is_replaced and facts.is_local):
            yield Finding(
                message=f"`{named.path}` cannot be used: {because}",
                span=named.span,
                help=_HELP[named.holds],
            )


RULE = Rule(
    code="FC414",
    name="unusable-key-file",
    summary="a certificate, key or key set that cannot be used",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
