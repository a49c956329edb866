"""The organisation's floor lies below what the audience demands.

Why it matters
    A floor makes the table stricter for the whole organisation. One that lies below the table has
    no effect, yet whoever reads it would plan by it.

Bad
    # forecourt.yaml
    floors: {deprecation: {public: 6 months}}        # the table says 12

Good
    # forecourt.yaml
    floors: {deprecation: {public: 18 months}}

When to waive
    Never: a waiver names an API, and a floor is everybody's. Waive `deprecation-too-short` for the
    version that cannot wait.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.posture import POSTURES
from forecourt.governance.months import in_words
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each floor below the table."""
    organization = subject.estate.organization
    if organization is None:
        return
    for audience, months in organization.deprecation_floors.items():
        table = POSTURES[audience].deprecation
        if months < table:
            yield Finding(
                message=f"the floor for {audience.value} APIs is {in_words(months)}, laxer than "
                f"the {in_words(table)} that {audience.value} demands",
                span=organization.places[f"floors.deprecation.{audience.value}"],
                help=f"write {in_words(table)} or more, or remove the floor",
            )


RULE = Rule(
    code="FC303",
    name="floor-laxer-than-posture",
    summary="the organisation's floor lies below what the audience demands",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
