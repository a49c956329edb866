"""What a rule finds in what is known of files that have mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from forecourt.diagnostics import Places
from forecourt.estate.model import Estate
from forecourt.estate.unread import Unknown
from forecourt.estate.waiver import Waiver
from forecourt.governance.rule import Finding, Rule, Subject
from forecourt.governance.waiving import covers

# So many files are left out of sight one by one; then all that have mistakes are.
_MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Supposed:
    """An estate in which files with mistakes have values too, of which some are `Unread`.

    `files` are the paths of those files.
    """

    estate: Estate
    files: frozenset[str]


class Located(Protocol):
    """What knows where it was written."""

    @property
    def places(self) -> Places:
        """Where."""
        ...


L = TypeVar("L", bound=Located)


def findings(rule: Rule, subject: Subject, supposed: Supposed | None) -> tuple[Finding, ...]:
    """What a rule finds, and what more it finds in what is supposed.

    Of two findings about one place, that counts which knows more.
    """
    sure = tuple(rule.check(subject))
    if supposed is None or not supposed.files or rule.needs_all:
        return sure
    more = _supposed(rule, subject, supposed)
    places = {_place(finding) for finding in more}
    return (*(f for f in sure if _place(f) not in places), *more)


def meant_for(
    supposed: Supposed | None, estate: Estate, rule: Rule, finding: Finding
) -> str | None:
    """The file of a waiver with mistakes that speaks of a finding, as far as is known of it."""
    sound = {waiver.name for waiver in estate.waivers}
    for waiver in supposed.estate.waivers if supposed is not None and rule.waivable else ():
        if waiver.name not in sound and _may_cover(waiver, rule, finding):
            return waiver.places.origin.path
    return None


def _may_cover(waiver: Waiver, rule: Rule, finding: Finding) -> bool:
    try:
        return covers(waiver, rule, finding)
    except Unknown:
        return True


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.span, finding.api, finding.version, finding.dimension


def _supposed(rule: Rule, subject: Subject, supposed: Supposed) -> tuple[Finding, ...]:
    """What follows from known values alone: a file of which the rule asks more is set aside."""
    found: dict[Finding, None] = {}
    aside: frozenset[str] = frozenset()
    while True:
        try:
            for finding in rule.check(_without(aside, subject, supposed)):
                found[finding] = None
        except Unknown as asked:
            if asked.path in aside or aside == supposed.files:
                break
            aside = aside | {asked.path} if len(aside) < _MOST_STEPS else supposed.files
        except TypeError:  # C code that takes a text, and nothing else
            if aside == supposed.files:
                raise
            aside = supposed.files
        else:
            break
    return tuple(found)


def _without(aside: frozenset[str], subject: Subject, supposed: Supposed) -> Subject:
    """The subject with all that is supposed, except in these files."""
    sound, estate = subject.estate, supposed.estate
    organization = estate.organization
    if organization is not None and organization.places.origin.path in aside:
        organization = sound.organization
    waivers = {waiver.name: waiver for waiver in sound.waivers}
    return replace(
        subject,
        estate=Estate(
            organization=organization,
            apis=_kept(estate.apis, sound.apis, aside),
            services=_kept(estate.services, sound.services, aside),
            partners=_kept(estate.partners, sound.partners, aside),
            plans=_kept(estate.plans, sound.plans, aside),
            tiers=_kept(estate.tiers, sound.tiers, aside),
            waivers=tuple(
                _kept({waiver.name: waiver for waiver in estate.waivers}, waivers, aside).values()
            ),
        ),
        facts=replace(
            subject.facts, unreadable=subject.facts.unreadable - (supposed.files - aside)
        ),
    )


def _kept(supposed: Mapping[str, L], sound: Mapping[str, L], aside: Iterable[str]) -> dict[str, L]:
    return {
        name: value
        for name, value in supposed.items()
        if name in sound or value.places.origin.path not in aside
    }
