"""Two issuers have the same name for themselves.

Why it matters
    A token says who signed it in `iss`. If two entries claim the same `iss` with different callers
    or claims, which of them applies would be chance, and with it whether a caller is a partner or a
    stranger.

Bad
    issuers:
      - {name: acme-id, issuer: https://id.acme.example/, callers: public, …}
      - {name: partners-id, issuer: https://id.acme.example/, callers: partner, …}

Good
    issuers:
      - {name: acme-id, issuer: https://id.acme.example/, callers: public, …}
      - {name: partners-id, issuer: https://partners.acme.example/, callers: partner, …}

When to waive
    Never: a waiver does not make a token say more than it says.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each issuer whose `issuer` or `name` an earlier one has already."""
    organization = subject.estate.organization
    if organization is None:
        return
    taken: dict[tuple[str, str], str] = {}
    for i, issuer in enumerate(organization.issuers):
        for key, word in (("issuer", issuer.issuer), ("name", issuer.name)):
            place = f"identity.issuers.{i}.{key}"
            first = taken.setdefault((key, word), place)
            if first != place:
                yield Finding(
                    message=f"`{word}` is the `{key}` of another entry too, at "
                    f"{organization.places[first]}",
                    span=organization.places[place],
                    help="remove one of the two, or name what the other issuer writes in `iss`"
                    if key == "issuer"
                    else "give one of them another name",
                )


RULE = Rule(
    code="FC209",
    name="ambiguous-issuer",
    summary="two issuers cannot be told apart",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
