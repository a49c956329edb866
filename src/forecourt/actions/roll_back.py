"""Go back to an earlier revision; what is left behind does not come back by itself."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.actions.parts import edge_of
from forecourt.actions.plan_publication import Held, Standing, plan, rejection
from forecourt.actions.publish import Act, Published, Publishing, Unchanged, carry_out


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchRevision:
    """There is none with that number."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldOpen:
    """The way back opens something that is closed now; nothing was published."""

    held: tuple[Held, ...]


async def roll_back(
    number: int, world: Publishing, act: Act, *, may_open: bool
) -> Published | Unchanged | NoSuchRevision | WouldOpen:
    """Publishes the parts of an earlier revision again. Narrowings by hand stay in force.

    The content that is left behind is held from now on, until its files change or somebody opens
    it. `may_open`: go back even where that opens something.
    """
    newest = await world.revisions.newest()
    if newest is None or not 1 <= number <= newest.number:
        return NoSuchRevision(number=number)
    before = await world.revisions.parts(newest.number)
    wanted = await world.revisions.parts(number)
    narrowings = {n.api: n.audience for n in await world.narrowings.standing()}
    standing = Standing(
        today=act.at.date(),
        errors={},
        narrowings=narrowings,
        rejected=frozenset(),
        opened=frozenset((*before, *wanted)) if may_open else frozenset(),
    )
    planned = plan(before, wanted, standing)
    if planned.held:
        return WouldOpen(held=planned.held)
    chosen = {**dict.fromkeys(planned.changed), **wanted}
    again = [rejection(p, text) for p, text in sorted(chosen.items())]
    left = [rejection(p, before.get(p)) for p in sorted(planned.changed)]
    await world.rejected.accept(again, act.record)
    await world.rejected.reject(left, act.record)
    return await carry_out(planned, edge_of(planned.parts, narrowings), world, act)
