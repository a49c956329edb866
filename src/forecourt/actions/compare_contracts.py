"""Compare two contracts: what changed, where, and whom it concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from forecourt.actions.edition import Edition
from forecourt.actions.not_compared import NotCompared, not_compared, without_returned
from forecourt.contract.comparison import Change, Comparison, Verdict, compare
from forecourt.diagnostics import Span
from forecourt.estate.api import Api
from forecourt.estate.audience import Audience, sees
from forecourt.estate.model import Estate
from forecourt.estate.posture import POSTURES, Posture, posture_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedChange:
    """A change, and where it is written in both documents."""

    change: Change
    old: Span
    new: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What follows for callers of an audience from `breaking` changes.

    `demand` is what their posture says of breaking changes. `who` are those of them that the estate
    names: services, or partners with the versions that they may use; None where it names nobody.
    """

    audience: Audience
    breaking: int
    demand: str
    who: tuple[str, ...] | None
    is_new_version: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two contracts, and all that changed. `audiences` are those that it is judged for.

    `not_compared` are the operations that either side leaves out. `estate_mistakes` are those of
    the estate's files, by which callers may be missing among the `consequences`.
    """

    old: Edition
    new: Edition
    comparison: Comparison
    audiences: tuple[Audience, ...]
    changes: tuple[LocatedChange, ...]
    consequences: tuple[Consequence, ...]
    not_compared: tuple[NotCompared, ...]
    estate_mistakes: int

    @property
    def is_clear(self) -> bool:
        """Whether everything was compared, and nothing is breaking for anybody."""
        return not (self.not_compared or self.comparison.is_breaking)


def compare_contracts(
    old: Edition,
    new: Edition,
    *,
    today: date,
    estate: Estate | None = None,
    estate_mistakes: int = 0,
    audience: Audience | None = None,
) -> Compared:
    """Everything that changed from one to the other.

    It is judged for callers of `audience`; without one, for all who see the API that the estate
    says it is of, and for all there are where it says nothing.
    """
    declared = new.declared or old.declared
    api = None if declared is None else declared.api
    postures = postures_for(api, audience)
    comparison = compare(
        old.contract,
        new.contract,
        today=today,
        postures=postures,
        # Whoever calls a declared API calls our paths, whatever servers its document names.
        has_servers=api is None,
    )
    comparison = without_returned(comparison, old)
    return Compared(
        old=old,
        new=new,
        comparison=comparison,
        audiences=tuple(sorted(postures)),
        changes=tuple(
            LocatedChange(change=c, old=old.place(c.old), new=new.place(c.new))
            for c in comparison.changes
        ),
        consequences=tuple(_consequences(comparison, old, new, api, estate)),
        not_compared=not_compared(old, new),
        estate_mistakes=estate_mistakes,
    )


def postures_for(api: Api | None, audience: Audience | None = None) -> Mapping[Audience, Posture]:
    """The postures of those who see an API: of all there are, or of one audience."""
    return {
        each: POSTURES[each] if api is None else posture_of(api, each)
        for each in ((audience,) if audience is not None else Audience)
        if api is None or sees(each, api.audience)
    }


def _consequences(
    comparison: Comparison, old: Edition, new: Edition, api: Api | None, estate: Estate | None
) -> Iterator[Consequence]:
    is_new_version = (
        old.declared is not None
        and new.declared is not None
        and old.declared.api.name == new.declared.api.name
        and old.declared.version.name != new.declared.version.name
    )
    for audience in Audience:
        breaking = sum(
            change.verdicts.get(audience) is Verdict.BREAKING for change in comparison.changes
        )
        if breaking:
            yield Consequence(
                audience=audience,
                breaking=breaking,
                demand=_demand(api, audience),
                who=_who(audience, old, api, estate),
                is_new_version=is_new_version,
            )


def _demand(api: Api | None, audience: Audience) -> str:
    """What their column of the table says, unless the API says something of its own."""
    own = None if api is None else api.posture.get("breaking_change")
    return own if isinstance(own, str) else POSTURES[audience].breaking_change


def _who(
    audience: Audience, old: Edition, api: Api | None, estate: Estate | None
) -> tuple[str, ...] | None:
    """The callers that the estate names, of those who may use what was there."""
    if api is None or estate is None:
        return None
    version = None if old.declared is None else old.declared.version.name
    match POSTURES[audience].authorization:
        case "service":
            return tuple(sorted(estate.services if api.allow is None else api.allow))
        case "contract":
            return tuple(_partners(api, version, estate))
        case "scope":
            return None


def _partners(api: Api, version: str | None, estate: Estate) -> Iterator[str]:
    for name, partner in sorted(estate.partners.items()):
        if api.name not in partner.apis:
            continue
        allowed = partner.apis[api.name]
        if allowed is None:
            yield f"{name} (every version)"
        elif version is None or version in allowed:
            yield f"{name} (versions {', '.join(allowed)})"
