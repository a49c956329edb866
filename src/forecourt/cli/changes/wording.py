"""What is said of changes, whatever the format."""

from __future__ import annotations

from forecourt.actions.compare_contracts import Compared, Consequence
from forecourt.contract.comparison import Change, Verdict
from forecourt.estate.audience import Audience


def sentence(change: Change) -> str:
    """Where, and what was and is."""
    return f"{change.where}: {change.message}" if change.where else change.message


def verdicts(change: Change, audiences: tuple[Audience, ...]) -> str:
    """For whom it is how bad, where that is not the same for all audiences."""
    by_verdict: dict[Verdict, list[str]] = {}
    for audience, each in sorted(change.verdicts.items()):
        by_verdict.setdefault(each, []).append(audience.value)
    if len(by_verdict) == 1 and len(change.verdicts) == len(audiences):
        return ""
    return "; ".join(
        f"{each.value} for {', '.join(by_verdict[each])}"
        for each in sorted(by_verdict, reverse=True)
    )


def others(change: Change) -> str:
    """How many operations it concerns besides."""
    more = len(change.operations) - 1
    if more <= 0:
        return ""
    if more <= _MOST_NAMED:
        return f"also in {', '.join(change.operations[1:])}"
    return f"also in {more} other operations"


_MOST_NAMED = 2


def consequence(each: Consequence, compared: Compared) -> str:
    """What is to be done for callers of an audience, and who they are."""
    changes = "1 breaking change" if each.breaking == 1 else f"{each.breaking:,} breaking changes"
    demanded = _DEMANDED.get(each.demand)
    if demanded is None:  # one that the API says of itself
        return f"{each.audience.value}: {changes} ({each.demand})"
    said = demanded.format(changes, _callers(each, compared))
    if each.demand == _NEW_VERSION and each.is_new_version:
        said += f": `{compared.new.name}` is one"
    return f"{each.audience.value}: {said}"


# By the dimension `breaking_change` of their posture.
_NEW_VERSION = "new_version"
_DEMANDED = {
    "announce": "announce {} to {}",
    "acknowledge": "have {} acknowledged by {}",
    _NEW_VERSION: "put {} in a new version",
}


def _callers(each: Consequence, compared: Compared) -> str:
    if each.who is None:
        return "all who call"
    if not each.who and compared.estate_mistakes:
        return "whoever may call: the estate has mistakes, and names nobody beside them"
    return ", ".join(each.who) or "nobody: the estate names none who may call"


def count(compared: Compared) -> str:
    """`5 breaking, 1 risky, 8 safe changes`, and how much could not be compared."""
    counts = compared.comparison.counts()
    found = [f"{n:,} {each.value}" for each, n in counts.items() if n]
    said = "nothing changed"
    if found:
        said = f"{', '.join(found)} change{'s' if sum(counts.values()) != 1 else ''}"
    left = len({each.operation for each in compared.not_compared})
    if left:
        return f"{said}; {left:,} operation{'s' if left != 1 else ''} not compared"
    return said
