"""Two contracts compared: every change, and what it does to callers of each audience.

Requests may grow more liberal, answers more precise, never the other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from forecourt.contract.comparison.audiences import together
from forecourt.contract.comparison.callbacks import webhooks
from forecourt.contract.comparison.change import Comparison
from forecourt.contract.comparison.met import Seen, Told
from forecourt.contract.comparison.operations import Matched, matched, operation
from forecourt.contract.comparison.reaching import Reaching
from forecourt.contract.comparison.schemas import Schemas
from forecourt.contract.comparison.servers import servers
from forecourt.contract.comparison.side import Side, side_of
from forecourt.contract.model import Contract
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES, Posture
from forecourt.source.growing import without_collection


def compare(
    old: Contract,
    new: Contract,
    *,
    today: date,
    postures: Mapping[Audience, Posture] = POSTURES,
    has_servers: bool = True,
) -> Comparison:
    """What of the old contract is no longer so in the new one, and what is new.

    `postures` are those of the audiences that may call, of whom each sees what marks let it see.
    `today` decides whether a day that was announced has passed. `has_servers`: callers call at
    the addresses that the documents name; not so where an edge stands before them.
    """
    with without_collection():
        return _compared(old, new, today, postures, has_servers)


def _compared(
    old: Contract,
    new: Contract,
    today: date,
    postures: Mapping[Audience, Posture],
    has_servers: bool,
) -> Comparison:
    if not old.audience_marks and not new.audience_marks:
        seen_by_all = tuple(_seen(side_of(old, None), side_of(new, None), today, has_servers))
        return together(dict.fromkeys(postures, seen_by_all), postures)
    seen = {
        audience: tuple(_seen(side_of(old, audience), side_of(new, audience), today, has_servers))
        for audience in sorted(postures)
    }
    return together(seen, postures)


def _seen(old: Side, new: Side, today: date, has_servers: bool) -> Iterator[Seen]:
    """Every difference, with the operations in which it is met."""
    if has_servers:
        yield from (Seen(told=each) for each in servers(old, new))
    schemas = Schemas(old=old, new=new)
    reaching = Reaching(schemas=schemas, names=[], starts=[])
    paired = ((str(p), operation(old, new, p, today)) for p in _matched(old, new))
    for name, met in (("", webhooks(old, new)), *paired):
        number = len(reaching.names)
        reaching.names.append(name)
        for each in met:
            if isinstance(each, Told):
                operations = frozenset({name} if name else ())
                yield Seen(told=each, operations=operations, nearest=name)
            else:
                reaching.starts.append((number, replace(each, key=schemas.key(each.key))))
    yield from reaching.seen()


def _matched(old: Side, new: Side) -> Iterator[Matched]:
    return matched(old.contract.operations, new.contract.operations)
