"""A waiver names a rule, an API or a version that does not exist.

Why it matters
    It excuses nothing today, and something else entirely on the day that name appears. A rule that
    cannot be waived is named in vain too: its page says what to do instead.

Bad
    # waivers/payments-v1-sunset.yaml
    rule: deprecation-to-short
    api: payment

Good
    # waivers/payments-v1-sunset.yaml
    rule: deprecation-too-short       # or FC304
    api: payments

When to waive
    Never.
"""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.contract.codes import CODES as CONTRACT_CODES
from forecourt.diagnostics import Severity
from forecourt.estate.waiver import Waiver
from forecourt.governance.nearest import did_you_mean
from forecourt.governance.rule import Finding, Rule, Subject
from forecourt.source.codes import CODES as SOURCE_CODES

# Mistakes that reading finds; what cannot be read is no rule that could be broken for a while.
_OTHERS = (*SOURCE_CODES, *CONTRACT_CODES)


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each name in a waiver that leads nowhere."""
    for waiver in subject.estate.waivers:
        for key, message, way_out in _nowhere(waiver, subject):
            yield Finding(
                message=message,
                span=waiver.places[key],
                help=way_out,
                api=waiver.api,
                version=waiver.version,
            )


def leads_somewhere(waiver: Waiver, subject: Subject) -> bool:
    """Whether each of its names could cover something."""
    return next(_nowhere(waiver, subject), None) is None


def _nowhere(waiver: Waiver, subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Where, what, and the way out."""
    yield from _rule(waiver, subject.rules)
    apis = subject.estate.apis
    if f"apis/{waiver.api}/api.yaml" in subject.facts.unreadable:
        return
    if waiver.api not in apis:
        way_out = did_you_mean(waiver.api, apis, "delete the waiver, or name an API")
        yield "api", f"no API is called `{waiver.api}`", way_out
        return
    versions = [v.name for v in apis[waiver.api].versions]
    is_of_gone = any(r.about_gone and r.is_called(waiver.rule) for r in subject.rules)
    if waiver.version is not None and waiver.version not in versions and not is_of_gone:
        names = ", ".join(f"`{name}`" for name in versions if name)
        otherwise = f"name one of {names}" if names else "remove `version`"
        way_out = did_you_mean(waiver.version, versions, otherwise)
        yield "version", f"`{waiver.api}` has no version `{waiver.version}`", way_out


def _rule(waiver: Waiver, rules: tuple[Rule, ...]) -> Iterator[tuple[str, str, str]]:
    rule = next((r for r in rules if r.is_called(waiver.rule)), None)
    code = next((c for c in _OTHERS if waiver.rule in (c.code, c.name)), None)
    if rule is None and code is not None:
        way_out = f"delete the waiver; `forecourt explain {code.code}` says what to do instead"
        yield "rule", f"`{waiver.rule}` cannot be waived", way_out
    elif rule is None:
        known = [word for r in rules if r.waivable for word in (r.name, r.code)]
        names = ", ".join(f"`{r.name}`" for r in rules if r.waivable)
        way_out = did_you_mean(waiver.rule, known, f"these can be waived: {names}")
        yield "rule", f"no rule is called `{waiver.rule}`", way_out
    elif not rule.waivable:
        way_out = f"delete the waiver; `forecourt explain {rule.code}` says what to do instead"
        yield "rule", f"`{waiver.rule}` cannot be waived", way_out


RULE = Rule(
    code="FC904",
    name="waiver-of-nothing",
    summary="a waiver names a rule, an API or a version that does not exist",
    severity=Severity.ERROR,
    since="0.1",
    waivable=False,
    check=check,
    explanation=__doc__,
)
