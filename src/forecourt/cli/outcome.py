"""How a publication reads: what moved, what is held and how to open it, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from forecourt.actions.plan_publication import Held, HeldBecause, Refused
from forecourt.actions.publish import Published, Unchanged
from forecourt.actions.revision import RevisionKind
from forecourt.actions.tightened import Tightened
from forecourt.cli.here import command_here
from forecourt.cli.leak_table import what
from forecourt.cli.render import printable
from forecourt.compiler.reach import Reach

_MOST_OPENINGS = 12
_MOST_LEAKS = 12


def outcome_lines(outcome: Published | Unchanged, *, seconds: float, estate: Path) -> Iterator[str]:
    """The outcome in lines; commands are written for the estate in that folder."""
    match outcome:
        case Published():
            yield f"revision {outcome.revision.number} serves after {seconds:.2f} s: " + _moved(
                outcome
            )
            if outcome.openings:
                yield "opened:"
                yield from _openings(outcome.openings)
            for each in outcome.tightened:
                yield from _tightened(each, estate=estate)
        case Unchanged():
            if not outcome.held and not outcome.refused:
                yield "nothing changed for any caller"
    yield from waiting_lines(outcome, estate=estate)


def waiting_lines(outcome: Published | Unchanged, *, estate: Path) -> Iterator[str]:
    """What did not move, and why."""
    yield from held_lines(outcome.held, estate=estate)
    yield from _refused(outcome.refused)


def held_lines(held: Iterable[Held], *, estate: Path) -> Iterator[str]:
    """What is held, and how to open it."""
    for each in held:
        name = part_in_words(each.part)
        match each.because:
            case HeldBecause.WIDENING:
                yield f"held: {name} would open:"
                yield from _openings(each.openings)
                way = "to open it"
            case HeldBecause.ROLLED_BACK:
                yield f"held: {name} was rolled back, and its file still says the same"
                way = "to publish it all the same"
        yield f"  {way}: {way_to_open(each.part, estate=estate)}"
        yield "  until then the last revision keeps serving"


def way_to_open(part: str, *, estate: Path) -> str:
    """The command that opens a part."""
    return f'{command_here("open", open_name(part), estate=estate)} --because "…"'


def openings_of(held: Iterable[Held]) -> Iterator[str]:
    """What all of these would open."""
    for each in held:
        yield from _openings(each.openings)


def open_name(part: str) -> str:
    """How `forecourt open` names a part: an API by its name alone."""
    return part.removeprefix("api/").removeprefix("callers/")


def part_of_name(name: str, parts: Iterable[str]) -> str:
    """The part that `forecourt open NAME` means."""
    known = {open_name(part): part for part in parts}
    last = [part for named, part in known.items() if named.rpartition("/")[2] == name]
    if name not in known and len(last) == 1:
        return last[0]  # `acme-corp` for `partner/acme-corp`, where nothing else is called so
    return known.get(name, name if "/" in name else f"api/{name}")


def part_in_words(part: str) -> str:
    """`payments`, `partner acme-corp`, `services`."""
    return open_name(part).replace("/", " ")


def _moved(outcome: Published) -> str:
    moved = ", ".join(map(part_in_words, outcome.moved))
    by_hand = ", narrowed by hand" if outcome.revision.kind is RevisionKind.NARROW else ""
    return f"{moved}{by_hand}" if moved else "the edge's own code or keys"


def _tightened(one: Tightened, *, estate: Path) -> Iterator[str]:
    yield f"{one.api}: what its contract does not declare leaves no more"
    for leak in one.leaks[:_MOST_LEAKS]:
        at = leak.at
        yield f"  - {printable(at.operation)}, {at.status}: {what(leak)}; seen {leak.times:,} times"
    if len(one.leaks) > _MOST_LEAKS:
        more = command_here("leaks", one.api, estate=estate)
        yield f"  - and {len(one.leaks) - _MOST_LEAKS} more: {more}"
    if not one.leaks:
        yield "  of what was observed that is nothing"


def _refused(refused: Iterable[Refused]) -> Iterator[str]:
    for each in refused:
        name = part_in_words(each.part)
        meanwhile = (
            "its last good revision keeps serving" if each.is_served else "nothing serves it"
        )
        yield f"not published: {name} has mistakes (above); {meanwhile}"
        if each.openings:
            yield "  once they are mended it would open, and wait for `forecourt open`:"
            yield from _openings(each.openings)


def _openings(openings: tuple[Reach, ...]) -> Iterator[str]:
    for opening in openings[:_MOST_OPENINGS]:
        yield f"  + {opening}"
    if len(openings) > _MOST_OPENINGS:
        yield f"  + and {len(openings) - _MOST_OPENINGS} more"
