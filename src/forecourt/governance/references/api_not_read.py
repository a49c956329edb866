"""An API's own file is right, but what an environment lays over it is not.

Why it matters
    What cannot be read is not published, and must not look as if it had been removed: the API keeps
    serving as it was until the environment's file is repaired.

Bad
    # forecourt.prod.yaml
    upstreams: {payments: {url: payments.shop.svc:8080}}

    $ forecourt check --env prod

Good
    # forecourt.prod.yaml
    upstreams: {payments: {url: http://payments.shop.svc:8080}}

    $ forecourt check --env prod

When to waive
    Never: the mistake itself is reported at its place, beside this.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity, Span
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at the beginning of each API that something elsewhere makes unreadable."""
    for name in sorted(subject.facts.unread_apis):
        yield Finding(
            message=f"`{name}` cannot be read with what the environment lays over it",
            span=Span(f"apis/{name}/api.yaml", 1, 1),
            help=f"repair `upstreams.{name}` in the environment's file, where its mistake is "
            "reported",
            api=name,
        )


RULE = Rule(
    code="FC411",
    name="api-not-read",
    summary="what an environment lays over an API cannot be read",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
