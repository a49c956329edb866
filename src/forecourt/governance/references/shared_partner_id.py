"""Two partners have one id.

Why it matters
    Keys, limits and invoices belong to a partner by its `id`. With one id between them, one
    partner's key would open what the other's contract grants.

Bad
    # partners/globex.yaml
    id: partner_acme_corp           # copied from partners/acme-corp.yaml
    name: Globex
    apis: {payments: {}}

Good
    # partners/globex.yaml
    id: partner_globex
    name: Globex
    apis: {payments: {}}

When to waive
    Never.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each id that more than one partner has."""
    partners = subject.estate.partners
    bearers: dict[str, list[str]] = defaultdict(list)
    for partner in partners.values():
        bearers[partner.id].append(partner.name)
    for identifier, names in bearers.items():
        for name in names if len(names) > 1 else ():
            others = " and ".join(
                f"`{partners[other].places.origin.path}`" for other in names if other != name
            )
            yield Finding(
                message=f"`{identifier}` is also the id in {others}",
                span=partners[name].places["id"],
                help="give each partner an id of its own, such as "
                f"`partner_{name.replace('-', '_')}`; keep the one that has keys already",
            )


RULE = Rule(
    code="FC409",
    name="shared-partner-id",
    summary="two partners have one id",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
