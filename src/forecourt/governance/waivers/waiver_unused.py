"""A waiver excuses nothing.

Why it matters
    A waiver that is left behind excuses the next mistake of its kind before anybody has seen it. So
    does one of two for the same, of which nobody can say which end counts.

Bad
    # waivers/users-body-limits.yaml
    rule: laxer-than-posture
    api: users                # which asks for no more than its audience allows
    dimension: body_limits
    owner: identity
    because: portraits are uploaded here
    approved_by: [api-review-board]
    expires: 2029-12-01

Good
    Delete the file.

When to waive
    Never: it is a warning, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.diagnostics import Severity
from forecourt.estate.waiver import Waiver
from forecourt.governance.rule import Finding, Rule, Subject
from forecourt.governance.waivers.waiver_of_nothing import leads_somewhere


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each waiver that covers no finding, though it could, or that repeats another."""
    first: dict[object, Waiver] = {}
    for waiver in subject.estate.waivers:
        if waiver.is_expired(subject.today) or not leads_somewhere(waiver, subject):
            continue
        before = first.setdefault(_excused(waiver, subject.rules), waiver)
        if before is not waiver:
            yield Finding(
                message=f"`{before.places.origin.path}` excuses the same",
                span=waiver.places["rule"],
                help="keep the one that is right",
                api=waiver.api,
                version=waiver.version,
            )
            continue
        if waiver.name not in subject.needed and _is_known(waiver, subject):
            yield Finding(
                message=f"`{waiver.api}` keeps `{waiver.rule}` without this waiver",
                span=waiver.places["rule"],
                help=f"delete `{waiver.places.origin.path}`",
                api=waiver.api,
                version=waiver.version,
            )


def _excused(waiver: Waiver, rules: tuple[Rule, ...]) -> object:
    """What it excuses, whether the rule is named or given by its code."""
    rule = next((r.code for r in rules if r.is_called(waiver.rule)), waiver.rule)
    return rule, waiver.api, waiver.version, waiver.dimension


def _is_known(waiver: Waiver, subject: Subject) -> bool:
    """Whether what its API needs is known: it could be read, and what was served, if it matters."""
    is_of_gone = any(r.about_gone and r.is_called(waiver.rule) for r in subject.rules)
    if is_of_gone and subject.facts.served is None:
        return False
    api = subject.estate.apis.get(waiver.api)
    return api is not None and api.places.origin.path not in subject.facts.unreadable


RULE = Rule(
    code="FC903",
    name="waiver-unused",
    summary="a waiver excuses nothing",
    severity=Severity.WARNING,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
    needs_all=True,
)
