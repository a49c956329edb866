"""A waiver comes to its end within two weeks.

Why it matters
    After that day nothing about its API is published. Two weeks are enough to repair what it
    excuses, or to ask again those who approved it.

Bad
    # waivers/payments-v1-sunset.yaml
    expires: 2029-08-01

    $ forecourt check --at 2029-07-25

Good
    Delete the waiver together with what it excused; or have it approved again, with a new end:

    # waivers/payments-v1-sunset.yaml
    expires: 2029-10-01

    $ forecourt check --at 2029-07-25

When to waive
    Never: it is a warning, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from forecourt.diagnostics import Severity
from forecourt.governance.rule import Finding, Rule, Subject

NOTICE = timedelta(days=14)


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at the end of each waiver that is near."""
    for waiver in subject.estate.waivers:
        left = waiver.expires - subject.today
        if timedelta(0) < left <= NOTICE:
            days = "1 day" if left.days == 1 else f"{left.days} days"
            yield Finding(
                message=f"the waiver of `{waiver.rule}` ends in {days}; then nothing new is "
                f"published about `{waiver.api}`",
                span=waiver.places["expires"],
                help="repair what it excuses, or have it approved again with a new end",
                api=waiver.api,
                version=waiver.version,
            )


RULE = Rule(
    code="FC902",
    name="waiver-expiring",
    summary="a waiver comes to its end within two weeks",
    severity=Severity.WARNING,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
