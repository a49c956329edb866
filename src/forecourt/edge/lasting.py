"""Until when certificates last, and when that is to be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from forecourt.edge.pem import certificates

# With so many days left it is said, and said again.
DAYS = (30, 14, 7, 1)
# A certificate that is made to last a week is renewed within it: not all of its life is the end.
_PART_OF_LIFE = 3


@dataclass(frozen=True, slots=True)
class Lasting:
    """From when until when something counts, in UTC."""

    since: datetime
    until: datetime

    def step(self, now: datetime) -> int | None:
        """The fewest of `DAYS` that are not left any more; 0 where it has ended, None where it
        lasts. More than a third of what it lasts in all is none of them."""
        left = self.until - now
        if left <= timedelta(0):
            return 0
        due = [days for days in DAYS if left <= timedelta(days=days)]
        return min(due) if due and left * _PART_OF_LIFE <= self.until - self.since else None


def lasting(content: bytes) -> Lasting:
    """Of the certificates in a PEM file, the one that ends first.

    Of several with one subject the one that lasts longest counts: the next stands beside the last
    while one takes the other's place. Raises `UnusablePem`.
    """
    longest: dict[bytes, Lasting] = {}
    for each in certificates(content):
        one = Lasting(each.not_valid_before_utc, each.not_valid_after_utc)
        subject = each.subject.public_bytes()
        known = longest.get(subject)
        if known is None or known.until < one.until:
            longest[subject] = one
    return min(longest.values(), key=lambda one: one.until)
