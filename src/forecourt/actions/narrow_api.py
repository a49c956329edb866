"""Make an API narrower now, whatever its file says and whatever is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from forecourt.actions.parts import api_of, api_part, edge_of
from forecourt.actions.plan_publication import Plan
from forecourt.actions.publish import Act, Published, Publishing, Unchanged, carry_out
from forecourt.actions.revision import Narrowing
from forecourt.estate.audience import Audience


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchApi:
    """No such API is published."""

    name: str
    published: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNarrower:
    """The API is as narrow already."""

    served_as: Audience


async def narrow_api(
    name: str, audience: Audience, world: Publishing, act: Act
) -> Published | Unchanged | NoSuchApi | NotNarrower:
    """Serves an API to this audience and narrower ones only, until somebody opens it again."""
    newest = await world.revisions.newest()
    parts = {} if newest is None else await world.revisions.parts(newest.number)
    part = api_part(name)
    if part not in parts:
        names = sorted(p.removeprefix("api/") for p in parts if p.startswith("api/"))
        return NoSuchApi(name=name, published=tuple(names))
    narrowings = {n.api: n.audience for n in await world.narrowings.standing()}
    declared = api_of(parts[part], part).audience
    served = min(declared, narrowings.get(name, declared))
    if audience > served:
        return NotNarrower(served_as=served)
    if audience is served:
        # Said already: what is left to do is to serve it, where that failed.
        planned = Plan(parts=parts, changed={}, held=(), refused=(), openings=())
        outcome = await carry_out(planned, edge_of(parts, narrowings), world, act)
        return NotNarrower(served_as=served) if isinstance(outcome, Unchanged) else outcome
    await world.narrowings.narrow(
        Narrowing(api=name, audience=audience, at=act.at, who=act.who, because=act.because)
    )
    # Its text is the same; that it is named puts on the record which API was narrowed.
    planned = Plan(parts=parts, changed={part: parts[part]}, held=(), refused=(), openings=())
    edge = edge_of(parts, {**narrowings, name: audience})
    return await carry_out(planned, edge, world, act, narrowed=narrowings)
