"""What was counted of one subject: sums that can be added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from forecourt.defence.detector import Sighting, Threshold
from forecourt.edge.logged_request import LoggedRequest
from forecourt.estate.audience import Audience

_MOST_SAMPLES = 3
# So many different things are told apart; no threshold asks for more.
MOST_THINGS = 64
# And so many callers: whoever attacks from among others must not push them out by accounts of its
# own, and each of those has to call within the seconds that a detector looks back.
MOST_CONSUMERS = 1_000


@dataclass(frozen=True, slots=True)
class Tally:
    """Requests in all, and those that count: how many, of what, ids of the first, about which API,
    and the callers that were known: their audiences and names."""

    total: int = 0
    counted: int = 0
    things: frozenset[str] = frozenset()
    samples: tuple[str, ...] = ()
    api: str | None = None
    audiences: frozenset[Audience] = frozenset()
    consumers: frozenset[str] = frozenset()

    def __add__(self, other: Tally) -> Tally:
        """Both together; the samples are the first of the first."""
        return Tally(
            self.total + other.total,
            self.counted + other.counted,
            _both(self.things, other.things, MOST_THINGS),
            (*self.samples, *other.samples)[:_MOST_SAMPLES],
            self.api or other.api,
            self.audiences | other.audiences,
            _both(self.consumers, other.consumers, MOST_CONSUMERS),
        )


def _both(one: frozenset[str], other: frozenset[str], most: int) -> frozenset[str]:
    """The first so many of both; mostly there is nothing new."""
    if other <= one or one <= other:
        return one if other <= one else other
    return frozenset(islice(sorted(one | other), most))


def tally(request: LoggedRequest, sighting: Sighting) -> Tally:
    """What one request is to one detector."""
    known = frozenset() if request.audience is None else frozenset({Audience(request.audience)})
    # Who brought no credential has a word in the place of a name, and is nobody who is known.
    name = None if request.credential is None else request.consumer
    who = frozenset() if name is None else frozenset({name})
    if not sighting.counts:
        return Tally(total=1, audiences=known, consumers=who)
    things = frozenset({sighting.what})
    return Tally(1, 1, things, (request.request_id,), request.api, known, who)


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them."""
    result = Tally()
    for each in tallies:
        result += each
    return result


def is_too_much(its: Tally, threshold: Threshold, patience: int) -> bool:
    """Whether a subject went too far, for who is that patient with it."""
    if threshold.outright is not None and its.counted >= threshold.outright * patience:
        return len(its.things) >= threshold.distinct
    return (
        its.counted >= threshold.at_least * patience
        and len(its.things) >= threshold.distinct
        and its.counted >= threshold.share * its.total
    )
