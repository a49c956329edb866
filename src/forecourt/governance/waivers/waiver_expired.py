"""A waiver has come to its end.

Why it matters
    An exception was granted until a day, and that day has come. From then on the rule holds again:
    the API keeps serving as it is, narrowing it is still possible, but nothing else about it is
    published until the exception is ended or granted anew.

Bad
    # waivers/payments-v1-sunset.yaml
    expires: 2029-08-01

    $ forecourt check --at 2029-08-01

Good
    Delete the waiver together with what it excused; or have it approved again, with a new end:

    # waivers/payments-v1-sunset.yaml
    expires: 2029-10-01

    $ forecourt check --at 2029-08-01

When to waive
    Never: that is what `expires` is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at the end of each waiver that is past."""
    for waiver in subject.estate.waivers:
        if waiver.is_expired(subject.today):
            needed = waiver.name in subject.needed
            yield Finding(
                message=f"the waiver of `{waiver.rule}` ended on {waiver.expires}, so nothing new "
                f"is published about `{waiver.api}`",
                span=waiver.places["expires"],
                help=f"repair what it excused and delete `{waiver.places.origin.path}`, or have "
                "it approved again with a new end"
                if needed
                else f"delete `{waiver.places.origin.path}`: nothing needs it any more",
                api=waiver.api,
                version=waiver.version,
            )


RULE = Rule(
    code="FC901",
    name="waiver-expired",
    summary="a waiver has come to its end",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
