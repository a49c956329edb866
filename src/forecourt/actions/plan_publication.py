"""Decides which changed parts may move: not those with mistakes, not those that open anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from forecourt.actions.parts import API, GATEWAY, Parts, api_of, effective, gateway_of
from forecourt.actions.published import callers_from_parts
from forecourt.actions.revision import part_digest
from forecourt.compiler.behind import opened_behind
from forecourt.compiler.ir.apis import Api
from forecourt.compiler.ir.callers import Callers
from forecourt.compiler.reach import (
    Reach,
    reach_of_api,
    reach_of_callers,
    reach_of_gateway,
    tellings_of_api,
)
from forecourt.compiler.shown import Shows, ShowsEverything, newly_shown
from forecourt.diagnostics import Diagnostic
from forecourt.estate.audience import Audience


class HeldBecause(Enum):
    """Why a part without mistakes does not move."""

    WIDENING = "it would open something"
    ROLLED_BACK = "it was rolled back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A part that waits for `forecourt open`; `openings` is what would open."""

    part: str
    because: HeldBecause
    openings: tuple[Reach, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A part with mistakes.

    `openings` is what would open without them. `is_served`: its last good revision keeps serving;
    otherwise there is none.
    """

    part: str
    diagnostics: tuple[Diagnostic, ...]
    openings: tuple[Reach, ...]
    is_served: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to publish. `changed` maps the parts that move to their new text (None: removed)."""

    parts: Parts
    changed: Mapping[str, str | None]
    held: tuple[Held, ...]
    refused: tuple[Refused, ...]
    openings: tuple[Reach, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands against a change besides the change itself.

    `today` is the day as of which versions are live or gone; `errors` are mistakes by part;
    `narrowings` are in force; `rejected` are (part, digest) pairs that were rolled back; `opened`
    are the parts somebody opens now, on the record. `shows` tells what the wanted contracts show.
    """

    today: date
    errors: Mapping[str, tuple[Diagnostic, ...]]
    narrowings: Mapping[str, Audience]
    rejected: frozenset[tuple[str, str]]
    opened: frozenset[str] = frozenset()
    shows: Shows = field(default_factory=ShowsEverything)


# Mistakes that freeze an API's publishing and yet never keep it from being narrowed.
_FREEZING = frozenset({"waiver-expired"})


def plan(before: Parts | None, wanted: Parts, standing: Standing) -> Plan:
    """What may move from `before` to `wanted`. With no `before` everything without mistakes does.

    Parts move one after the other, each compared with what callers could reach before all of them,
    so two changes that open something only together do not both slip through.
    """
    if before is None:
        return _first(wanted, standing)
    current = dict(before)
    changed: dict[str, str | None] = {}
    held: list[Held] = []
    refused: list[Refused] = []
    openings: set[Reach] = set()
    for part in _in_order(before, wanted, standing.errors):
        text = wanted.get(part)
        after = {**current, part: text} if text is not None else _without(current, part)
        opened = _openings(part, before, current, after, standing)
        opens = tuple(sorted(opened | _opened_behind(part, before, wanted, standing)))
        if _has_mistakes(part, before, after, standing):
            mistakes = standing.errors[part]
            refused.append(_refused(part, mistakes, opens, before))
            continue
        if before.get(part) == text:
            continue
        if why := _held_because(part, text, opens, standing):
            held.append(Held(part=part, because=why, openings=opens))
            continue
        current = after
        changed[part] = text
        openings.update(opens)
    return Plan(
        parts=current,
        changed=changed,
        held=tuple(held),
        refused=tuple(refused),
        openings=tuple(sorted(openings)),
    )


def rejection(part: str, text: str | None) -> tuple[str, str]:
    """What is remembered of a part that was rolled back: its content, or that it was removed."""
    return part, _REMOVED if text is None else part_digest(text)


_REMOVED = "removed"


def _first(wanted: Parts, standing: Standing) -> Plan:
    good = {part: text for part, text in wanted.items() if part not in standing.errors}
    return Plan(
        parts=good,
        changed=good,
        held=(),
        refused=tuple(
            _refused(part, found, (), {}) for part, found in sorted(standing.errors.items())
        ),
        openings=(),
    )


def _refused(
    part: str, mistakes: tuple[Diagnostic, ...], openings: tuple[Reach, ...], before: Parts
) -> Refused:
    return Refused(part=part, diagnostics=mistakes, openings=openings, is_served=part in before)


def _in_order(before: Parts, wanted: Parts, faulty: Iterable[str]) -> list[str]:
    """Parts that changed or have mistakes: listeners, then callers, then APIs."""
    parts = {p for p in (*before, *wanted) if before.get(p) != wanted.get(p)} | {*faulty}
    return sorted(parts, key=lambda p: (p.startswith(API), p != GATEWAY, p))


def _without(parts: Parts, part: str) -> dict[str, str]:
    return {p: text for p, text in parts.items() if p != part}


def _held_because(
    part: str, text: str | None, opens: tuple[Reach, ...], standing: Standing
) -> HeldBecause | None:
    if part in standing.opened:
        return None
    if rejection(part, text) in standing.rejected:
        return HeldBecause.ROLLED_BACK
    return HeldBecause.WIDENING if opens else None


def _openings(
    part: str, before: Parts, current: Parts, after: Parts, standing: Standing
) -> frozenset[Reach]:
    """What the part would open, over what was reachable before the whole change."""
    if part == GATEWAY:
        return _gateway(after) - _gateway(before)
    earlier, later = callers_from_parts(before), callers_from_parts(after)
    if part.startswith(API):
        opens = _api(part, after, later, standing) - _api(part, before, earlier, standing)
        return opens | _shown(part, before, after, standing)
    apis = [p for p in after if p.startswith(API)]
    opens = reach_of_callers(later) - reach_of_callers(earlier)
    for api in apis:
        opens |= _api(api, after, later, standing) - _api(api, before, earlier, standing)
    return opens


def _gateway(parts: Parts) -> frozenset[Reach]:
    return reach_of_gateway(gateway_of(parts)) if GATEWAY in parts else frozenset()


def _api(part: str, parts: Parts, callers: Callers, standing: Standing) -> frozenset[Reach]:
    if part not in parts:
        return frozenset()
    api = effective(api_of(parts[part], part), standing.narrowings)
    return reach_of_api(api, callers, standing.today) | tellings_of_api(api)


def _shown(part: str, before: Parts, after: Parts, standing: Standing) -> frozenset[Reach]:
    """What marks no longer hide from callers who reached the API before."""
    if part not in before or part not in after:
        return frozenset()
    earlier, later = (
        effective(api_of(parts[part], part), standing.narrowings) for parts in (before, after)
    )
    return newly_shown(earlier, later, standing.shows)


def _opened_behind(part: str, before: Parts, wanted: Parts, standing: Standing) -> frozenset[Reach]:
    """What an API's upstream opens, whether its neighbours move with it or stay as they are."""
    if not part.startswith(API) or part not in wanted:
        return frozenset()
    api = effective(api_of(wanted[part], part), standing.narrowings)
    return opened_behind(api, _apis(before, standing), _apis(wanted, standing))


def _apis(parts: Parts, standing: Standing) -> list[Api]:
    return [
        effective(api_of(text, part), standing.narrowings)
        for part, text in parts.items()
        if part.startswith(API)
    ]


def _has_mistakes(part: str, before: Parts, after: Parts, standing: Standing) -> bool:
    """Whether mistakes keep the part from moving; nothing opens a part that has them."""
    mistakes = standing.errors.get(part, ())
    if not mistakes:
        return False
    if not part.startswith(API) or {d.name for d in mistakes} - _FREEZING:
        return True
    callers = callers_from_parts(after)
    return not _api(part, after, callers, standing) < _api(part, before, callers, standing)
