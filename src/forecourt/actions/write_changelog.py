"""Write the changelog of an API: what each version changed, for callers of one audience."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from forecourt.actions.compare_contracts import compare_contracts, postures_for
from forecourt.actions.derive_changes import edition, of_api
from forecourt.actions.migration_guide import Step
from forecourt.actions.seen_changes import SeenChanges, as_seen
from forecourt.contract.comparison import Change, Verdict
from forecourt.contract.lenses.proof import left_by
from forecourt.estate.api import Api, Status, Version
from forecourt.estate.audience import Audience, sees
from forecourt.estate.changes import in_order
from forecourt.estate.model import Estate
from forecourt.governance.nearest import did_you_mean
from forecourt.source.estate import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a version changed. `step`: in the words of its changes, where there are any.

    `others` are differences of the contracts; where there is a `step`, those that it does not speak
    of and that break nobody. `follows` None: it is the first.
    """

    version: Version
    follows: str | None
    step: Step | None
    others: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changelog:
    """All versions of an API, the newest first."""

    api: Api
    audience: Audience
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoChangelog:
    """There is none, and why."""

    because: str


def write_changelog(
    files: Files, estate: Estate, name: str, audience: Audience | None, today: date
) -> Changelog | NoChangelog:
    """The changelog as callers of an audience read it; without one, those of the API."""
    api = estate.apis.get(name)
    if api is None:
        way_out = did_you_mean(name, estate.apis, "name an API of this estate")
        return NoChangelog(because=f"there is no API `{name}`; {way_out}")
    caller = api.audience if audience is None else audience
    if not sees(caller, api.audience):
        return NoChangelog(
            because=f"{caller.value} callers see nothing of `{name}`, which is "
            f"{api.audience.value}; name a narrower `--audience`"
        )
    entries = tuple(_entries(files, api, caller, today))
    return Changelog(api=api, audience=caller, entries=entries[::-1])


def _entries(files: Files, api: Api, caller: Audience, today: date) -> Iterator[Entry]:
    """One for each version that such callers may know of, the oldest first."""
    by_name = {version.name: version for version in api.versions}
    changes = {
        each.changes.version: as_seen(each, caller)
        for each in of_api(files.get, api)
        if not each.derived.mistakes
    }
    known = [
        name
        for name in in_order(by_name)
        # A draft is for those alone who see everything.
        if by_name[name].status is not Status.DRAFT or sees(caller, min(Audience))
    ]
    for index, name in enumerate(known):
        before = known[index - 1] if index else None
        seen = changes.get(name)
        step = None if seen is None else seen.step()
        follows = before if step is None else step.older
        others: tuple[Change, ...] = ()
        if follows is not None:
            others = _differences(files, api, follows, name, caller, today)
        if seen is not None:
            others = (*_left(seen, api, caller, today), *_new_operations(others, seen))
        yield Entry(version=by_name[name], follows=follows, step=step, others=others)


def _left(seen: SeenChanges, api: Api, caller: Audience, today: date) -> Iterator[Change]:
    """What its changes do not speak of, and breaks nobody."""
    postures = postures_for(api, caller)
    for change in left_by(seen.changes, seen.older, seen.newer, today=today, postures=postures):
        if change.verdict is Verdict.SAFE:
            yield change


def _new_operations(differences: Iterable[Change], seen: SeenChanges) -> Iterator[Change]:
    """Those that no operation of the older version has become."""
    known = {lens.becomes for lens in seen.hop.operations}
    there = {f"{method} {template}" for method, template in filter(None, known)}
    for change in differences:
        if change.kind.id == "operation-added" and not there & set(change.operations):
            yield change


def _differences(
    files: Files, api: Api, older: str, newer: str, caller: Audience, today: date
) -> tuple[Change, ...]:
    one, other = edition(files.get, api, older), edition(files.get, api, newer)
    if one is None or other is None:
        return ()
    return compare_contracts(one, other, today=today, audience=caller).comparison.changes
