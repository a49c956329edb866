"""What callers outside newly see of a version that they could call before: a mark went, or widened.

The edge has the names of what it holds back, and a published API says them too, so that what is
published can be compared with what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from forecourt.compiler.ir.apis import Api, Version
from forecourt.compiler.lowering.apis import EXTERNAL
from forecourt.compiler.reach import Reach
from forecourt.contract.hidden import spoken
from forecourt.contract.reached import Members, Reached, Remembered, shown_places, told
from forecourt.estate.audience import Audience


class Shows(Protocol):
    """What the contracts that are wanted show to an audience, of an API's version."""

    def thing(self, api: str, version: str, audience: Audience, key: str) -> bool:
        """Whether it sees what `contract.hidden` has named so, and was hidden."""

    def places(self, api: str, version: str, audience: Audience) -> Members | None:
        """What it sees, by its places; None where no contract is at hand."""


class ShowsEverything:
    """Where nobody can look: what is no longer hidden is seen."""

    def thing(self, api: str, version: str, audience: Audience, key: str) -> bool:
        return True

    def places(self, api: str, version: str, audience: Audience) -> Members | None:
        return None


def newly_shown(before: Api, after: Api, shows: Shows) -> frozenset[Reach]:
    """What was hidden from an audience and is not any more, though it is still there.

    New operations and properties are not among it: they are what the contract declares. A version
    or an audience that is new is told as such, with all that it sees.
    """
    if EXTERNAL not in after.listeners:
        return frozenset()
    return frozenset(
        Reach(
            who=f"{audience.value} callers",
            listener=EXTERNAL,
            what=f"{what} in {_named(after, version)}",
        )
        for version in after.versions
        for earlier in before.versions
        if version.name == earlier.name and version.is_released and earlier.is_released
        for audience in _callers_of_both(before, after)
        for what in _shown(before, earlier, after, version, audience, shows)
    )


def _shown(
    before: Api, earlier: Version, after: Api, version: Version, audience: Audience, shows: Shows
) -> Iterator[str]:
    """What an audience sees newly of a version, by marks that went and by places that show."""
    gone = _held_back(before, earlier, audience) - _held_back(after, version, audience)
    if not _is_held(after, audience):
        yield from map(spoken, gone)
        return
    keys = [key for key in gone if shows.thing(after.name, version.name, audience, key)]
    yield from map(spoken, keys)
    was, now = _reached(before, earlier, audience), _reached(after, version, audience)
    if was == now:
        return
    places = shows.places(after.name, version.name, audience) or Remembered(hidden=now)
    # What a mark hid everywhere is told once.
    known = {key.rpartition("/")[2] for key in keys}
    yield from (told(way) for way in shown_places(was, places) if way[-1].strip("=") not in known)


def _reached(api: Api, version: Version, audience: Audience) -> Reached:
    if not _is_held(api, audience):
        return ()
    return next((ref.reached for ref in version.contracts if ref.audience is audience), ())


def _named(api: Api, version: Version) -> str:
    return f"{api.name} version {version.name}" if version.name else api.name


def _callers_of_both(before: Api, after: Api) -> Iterator[Audience]:
    known = {caller.audience for caller in before.callers}
    yield from (c.audience for c in after.callers if c.audience.is_external and c.audience in known)


def _held_back(api: Api, version: Version, audience: Audience) -> frozenset[str]:
    """What the edge holds back from such callers: all that is marked, or nothing."""
    if not _is_held(api, audience):
        return frozenset()
    return frozenset(
        key for ref in version.contracts if ref.audience is audience for key in ref.hidden
    )


def _is_held(api: Api, audience: Audience) -> bool:
    """Whether requests and answers are held to the contract; who only observes lets all pass."""
    return any(
        (c.request_check, c.response_check) == ("enforce", "filter")
        for c in api.callers
        if c.audience is audience
    )
