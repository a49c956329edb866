"""An API whose callers are promised published tiers names none.

Why it matters
    A stranger decides by what is promised: how available, how soon somebody answers, what is paid
    when it is not kept. An objective (`slo`) is a target inside the organisation; nobody outside
    can hold anybody to it.

Bad
    # apis/invoices/api.yaml
    name: invoices
    audience: public
    owner: {team: finance}
    upstream: {url: http://invoices.finance.svc:8080}
    versions: {"1": {contract: v1.openapi.yaml}}
    slo: {availability: {target: 99.9%}}

Good
    # apis/invoices/api.yaml
    name: invoices
    audience: public
    owner: {team: finance}
    upstream: {url: http://invoices.finance.svc:8080}
    versions: {"1": {contract: v1.openapi.yaml}}
    sla: {tiers: [standard, premium]}                # declared in sla.yaml

When to waive
    While an API is tried out in public and promises nothing yet, for as long as that is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.api import Api
from forecourt.estate.posture import posture_of
from forecourt.governance.demands import whose
from forecourt.governance.rule import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each API that must publish its promise and has none."""
    for api in subject.estate.apis.values():
        published = posture_of(api, api.audience).promise == "sla_published"
        if published and not api.sla_tiers:
            yield _finding(api, tuple(subject.estate.tiers))


def _finding(api: Api, tiers: tuple[str, ...]) -> Finding:
    choice = ", ".join(tiers) or "declare them in `sla.yaml` first"
    objective = "; `slo` is a target inside, not a promise" if api.objective is not None else ""
    return Finding(
        message=f"`{api.name}` names no `sla.tiers`, but {whose(api)} publishes what it "
        f"promises{objective}",
        span=api.places["sla" if "sla" in api.places else "audience"],
        help=f"add `sla: {{tiers: […]}}` ({choice}); an exception takes a waiver of "
        f"`{RULE.name}` for `{api.name}`",
        api=api.name,
    )


RULE = Rule(
    code="FC306",
    name="promise-missing",
    summary="an API whose callers are promised published tiers names none",
    severity=Severity.ERROR,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
