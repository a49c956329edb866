"""What the audiences see, put together: one change with a verdict for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from forecourt.contract.comparison.catalogue import BY_ID
from forecourt.contract.comparison.change import Change, Comparison
from forecourt.contract.comparison.kind import Kind
from forecourt.contract.comparison.met import Seen
from forecourt.contract.comparison.verdict import Verdict
from forecourt.contract.values import Pointer
from forecourt.estate.audience import Audience
from forecourt.estate.posture import Posture

# The same change, in whatever operation and for whatever audience it is met.
_Same = tuple[str, Pointer, Pointer, str]


def together(
    seen: Mapping[Audience, Iterable[Seen]], postures: Mapping[Audience, Posture]
) -> Comparison:
    """The changes that any audience sees. What only some see come or go changed its audience."""
    operations: dict[_Same, set[str]] = defaultdict(set)
    first: dict[_Same, Seen] = {}
    verdicts: dict[_Same, dict[Audience, Verdict]] = defaultdict(dict)
    for audience, each_seen in seen.items():
        for each in each_seen:
            told = each.told
            left = told.months_left
            if left is not None and postures[audience].deprecation <= left:
                continue
            same = (told.kind, told.old, told.new, told.message)
            operations[same] |= each.operations
            first.setdefault(same, each)
            verdicts[same][audience] = BY_ID[told.kind].verdict_under(postures[audience])
    widest_view = min(seen, default=None)  # internal callers see everything
    changes = [
        _change(first[same], operations[same], verdicts[same], widest_view) for same in first
    ]
    return Comparison(changes=tuple(sorted(changes, key=_order)))


def _change(
    seen: Seen,
    operations: set[str],
    verdicts: Mapping[Audience, Verdict],
    widest_view: Audience | None,
) -> Change:
    told = seen.told
    kind, message = BY_ID[told.kind], told.message
    if widest_view is not None and widest_view not in verdicts:
        kind, message = _of_audience(kind, message, verdicts)
    return Change(
        kind=kind,
        operations=tuple(sorted(operations, key=lambda name: (name != seen.nearest, name))),
        where=told.where,
        old=told.old,
        new=told.new,
        message=message,
        verdicts=verdicts,
    )


def _of_audience(
    kind: Kind, message: str, verdicts: Mapping[Audience, Verdict]
) -> tuple[Kind, str]:
    """What others see as it was did not go: it is no longer, or now, for these."""
    who = " and ".join(audience.value for audience in sorted(verdicts))
    if any(word in kind.id for word in _GOES):
        return BY_ID["audience-narrowed"], f"{message}, for {who} callers: it is not theirs now"
    if any(word in kind.id for word in _COMES):
        return BY_ID["audience-widened"], f"{message}, for {who} callers: it is theirs, too"
    return kind, f"{message}, for {who} callers"


_GOES = ("-removed", "-refused")
_COMES = ("-added", "-allowed")


def _order(change: Change) -> tuple[object, ...]:
    worst = sorted(Verdict, reverse=True).index(change.verdict)
    first = change.operations[0].split(" ")[::-1] if change.operations else []
    return (first, worst, change.where, change.kind.id, change.old, change.message)
