"""Publish what is held because it opens something: on the record, by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forecourt.actions.check_estate import Examined
from forecourt.actions.parts import API, api_part, edge_of
from forecourt.actions.plan_publication import Refused, rejection
from forecourt.actions.publish import (
    Act,
    Published,
    Publishing,
    Unchanged,
    carry_out,
    planned_publication,
)
from forecourt.compiler.reach import reach_of_edge


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
    standing = {n.api: n.audience for n in await world.narrowings.standing()}
    narrowed = {api_part(name) for name in standing}
    held = {h.part for h in waiting.held} | narrowed
    if missing := parts - held:
        return NotHeld(parts=tuple(sorted(missing)))
    planned, narrowings = await planned_publication(examined, world, today=today, opened=parts)
    edge = edge_of(planned.parts, narrowings)
    if lifted := {p: planned.parts[p] for p in parts & narrowed if p in planned.parts}:
        newest = await world.revisions.newest()
        assert newest is not None, "what was narrowed was published"
        served = edge_of(await world.revisions.parts(newest.number), standing)
        opens = reach_of_edge(edge, today) - reach_of_edge(served, today)
        planned = replace(
            planned, changed={**lifted, **planned.changed}, openings=tuple(sorted(opens))
        )
    outcome = await carry_out(planned, edge, world, act, fresh=examined.compiled.contents)
    for part in sorted(parts & narrowed):
        await world.narrowings.lift(part.removeprefix(API), act.record)
    wanted = [rejection(p, planned.parts.get(p)) for p in sorted(parts)]
    await world.rejected.accept(wanted, act.record)
    return outcome
