"""Which waiver covers what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forecourt.estate.waiver import Waiver
from forecourt.governance.rule import Finding, Rule


def covers(waiver: Waiver, rule: Rule, finding: Finding) -> bool:
    """Whether a waiver speaks of this finding, be it expired or not.

    One that names no version or dimension covers all of them.
    """
    return (
        rule.waivable
        and rule.is_called(waiver.rule)
        and waiver.api == finding.api
        and waiver.version in (None, finding.version)
        and waiver.dimension in (None, finding.dimension)
    )


def ends(waivers: Iterable[Waiver], rule: Rule, api: str, version: str) -> date | None:
    """The first day on which no waiver of a rule counts for a version; None: there is none."""
    days = (
        w.expires
        for w in waivers
        if rule.is_called(w.rule) and w.api == api and w.version in (None, version)
    )
    return max(days, default=None)


def covering(waivers: Iterable[Waiver], rule: Rule, finding: Finding) -> tuple[Waiver, ...]:
    """Every waiver that speaks of this finding."""
    return tuple(w for w in waivers if covers(w, rule, finding))
