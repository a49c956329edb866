"""A service's rate limit allows more than the posture allows a service.

Why it matters
    The limit inside is no price and no privilege: it stops a loop that ran away. A service that is
    allowed more takes that protection from every API it calls, and none of their owners was asked.

Bad
    # services.yaml
    services: {orders: {rate_limit: {requests_per_minute: 50000}}}       # the table says 10,000

Good
    # services.yaml
    services: {orders: {rate_limit: {requests_per_minute: 5000}}}

When to waive
    Never: a waiver names an API, and a service calls many. Spread the calls over services, or ask
    for them in batches.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each service whose limit is laxer than the table's."""
    table = POSTURES[Audience.INTERNAL].rate_limit
    for service in subject.estate.services.values():
        if service.rate_limit is not None and service.rate_limit.is_laxer_than(table):
            yield Finding(
                message=f"service `{service.name}` may make "
                f"{service.rate_limit.requests_per_minute:,} calls a minute with bursts of "
                f"{service.rate_limit.capacity:,.0f}, laxer than the "
                f"{table.requests_per_minute:,} with bursts of {table.capacity:,.0f} that "
                "every service has",
                span=service.places["rate_limit"],
                help="write a stricter limit, or remove `rate_limit`",
            )


RULE = Rule(
    code="FC308",
    name="service-limit-laxer",
    summary="a service's rate limit allows more than the posture allows a service",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
