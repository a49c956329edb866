"""Every rule applied to an estate, what is waived left out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from forecourt.diagnostics import Diagnostic, in_reading_order
from forecourt.estate.model import Estate
from forecourt.estate.waiver import Waiver
from forecourt.governance.rule import Facts, Finding, Rule, Subject
from forecourt.governance.rules import ABOUT_THE_ESTATE, ABOUT_WAIVERS, RULES
from forecourt.governance.supposing import Supposed, findings, meant_for
from forecourt.governance.waiving import covering


def govern(
    estate: Estate, facts: Facts, today: date, supposed: Supposed | None = None
) -> tuple[Diagnostic, ...]:
    """What is wrong with an estate on that day, in reading order.

    `supposed` is what there is of it with the files that have mistakes. It adds findings, and
    excuses nothing: waivers count only as they stand in the estate itself.
    """
    subject = Subject(estate=estate, facts=facts, today=today, rules=RULES)
    by_api: dict[str | None, list[Waiver]] = defaultdict(list)
    for waiver in estate.waivers:
        by_api[waiver.api].append(waiver)
    needed: set[str] = set()
    diagnostics: list[Diagnostic] = []
    for rule in ABOUT_THE_ESTATE:
        for finding in findings(rule, subject, supposed):
            waivers = covering(by_api[finding.api], rule, finding)
            needed |= {w.name for w in waivers}
            if all(w.is_expired(today) for w in waivers):
                meant = meant_for(supposed, estate, rule, finding)
                diagnostics.append(_diagnostic(rule, finding, meant))
    about_waivers = Subject(
        estate=estate, facts=facts, today=today, rules=RULES, needed=frozenset(needed)
    )
    for rule in ABOUT_WAIVERS:
        diagnostics += (_diagnostic(rule, f) for f in findings(rule, about_waivers, supposed))
    return in_reading_order(diagnostics)


def _diagnostic(rule: Rule, finding: Finding, meant: str | None = None) -> Diagnostic:
    """`meant` is the file of a waiver that has mistakes, and might excuse it without."""
    mend = f"mend `{meant}`, if it is to excuse this; or " if meant is not None else ""
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        message=finding.message,
        span=finding.span,
        help=mend + finding.help,
    )
