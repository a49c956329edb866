"""Publish what is held because it opens something: on the record, by name."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.actions.check_estate import Examined
from forecourt.actions.parts import API, edge_of
from forecourt.actions.plan_publication import Refused, part_digest
from forecourt.actions.publish import (
    Act,
    Published,
    Publishing,
    Unchanged,
    carry_out,
    planned_publication,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotHeld:
    """Some of the parts that were named do not wait to be opened; nothing was published."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StillWrong:
    """Some of the parts that were named have mistakes; nothing was published."""

    refused: tuple[Refused, ...]


async def open_parts(
    examined: Examined, world: Publishing, act: Act, parts: frozenset[str]
) -> Published | Unchanged | NotHeld | StillWrong:
    """Publishes the named parts with what they open, and ends narrowings of those APIs."""
    today = act.at.date()
    waiting, _ = await planned_publication(examined, world, today=today)
    wrong = tuple(r for r in waiting.refused if r.part in parts)
    if wrong:
        return StillWrong(refused=wrong)
    narrowed = {f"{API}{n.api}" for n in await world.narrowings.standing()}
    held = {h.part for h in waiting.held} | narrowed
    if missing := parts - held:
        return NotHeld(parts=tuple(sorted(missing)))
    planned, narrowings = await planned_publication(examined, world, today=today, opened=parts)
    outcome = await carry_out(planned, edge_of(planned.parts, narrowings), world, act)
    for part in sorted(parts & narrowed):
        await world.narrowings.lift(part.removeprefix(API))
    opened = ((p, planned.parts[p]) for p in sorted(parts) if p in planned.parts)
    await world.rejected.accept((part, part_digest(text)) for part, text in opened)
    return outcome
