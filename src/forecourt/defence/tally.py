"""What was counted of one subject: sums that grow, and can be added."""

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


@dataclass(slots=True)
class Tally:
    """Requests in all, and those that count: how many, of what, ids of the first, about which API,
    and the callers that were known: the narrowest of their audiences, and their names."""

    total: int = 0
    counted: int = 0
    things: frozenset[str] = frozenset()
    samples: tuple[str, ...] = ()
    api: str | None = None
    audience: Audience | None = None
    consumers: frozenset[str] = frozenset()

    def count(self, request: LoggedRequest, sighting: Sighting) -> None:
        """Adds what one request is to one detector."""
        self.total += 1
        if request.audience is not None:
            self.audience = _narrower(self.audience, _AUDIENCES[request.audience])
        # Who brought no credential has a word in the place of a name, and is nobody who is known.
        if request.credential is not None and request.consumer is not None:
            self.consumers = _with(self.consumers, request.consumer, MOST_CONSUMERS)
        if sighting.counts:
            self.counted += 1
            self.things = _with(self.things, sighting.what, MOST_THINGS)
            if len(self.samples) < _MOST_SAMPLES:
                self.samples += (request.request_id,)
            self.api = self.api or request.api

    def __add__(self, other: Tally) -> Tally:
        """Both together; the samples are the first of the first."""
        return Tally(
            self.total + other.total,
            self.counted + other.counted,
            _both(self.things, other.things, MOST_THINGS),
            (*self.samples, *other.samples)[:_MOST_SAMPLES],
            self.api or other.api,
            _narrower(self.audience, other.audience),
            _both(self.consumers, other.consumers, MOST_CONSUMERS),
        )


_AUDIENCES = {audience.value: audience for audience in Audience}


def _narrower(one: Audience | None, other: Audience | None) -> Audience | None:
    if one is other or one is None or other is None:
        return one or other
    return min(one, other)


def _with(known: frozenset[str], name: str, most: int) -> frozenset[str]:
    """The same set, mostly: nothing in it is new."""
    return known if name in known or len(known) >= most else known | {name}


def _both(one: frozenset[str], other: frozenset[str], most: int) -> frozenset[str]:
    """The first so many of both; mostly there is nothing new."""
    if other <= one or one <= other:
        return one if other <= one else other
    return frozenset(islice(sorted(one | other), most))


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
