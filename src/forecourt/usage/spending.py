"""How many requests a day count against somebody's quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date

from forecourt.edge.logged_request import LoggedRequest

# Consumers of this kind are limited by application; others share one limit over all of theirs.
_BY_APPLICATION = "developer:"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Holder:
    """Whose a limit is, named as the access log names it: an application (`app_0V4c…`,
    `acme-id/client-7`), or where `is_owner` a consumer (`partner:partner_acme_corp`)."""

    id: str
    is_owner: bool


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SpendingKey:
    """Whose requests of a day (UTC)."""

    day: date
    holder: Holder


def holder_of(consumer: str, application: str) -> Holder:
    """Whose limit an application's requests count against."""
    if consumer.startswith(_BY_APPLICATION):
        return Holder(id=application, is_owner=False)
    return Holder(id=consumer, is_owner=True)


def spending_key(request: LoggedRequest) -> SpendingKey | None:
    """What a request is spent from; None where it costs nothing: nobody was known, it was refused,
    or a test."""
    if request.consumer is None or request.application is None:
        return None
    if request.is_refused or request.is_test:
        return None
    return SpendingKey(
        day=request.time.astimezone(UTC).date(),
        holder=holder_of(request.consumer, request.application),
    )


def spent(requests: Iterable[LoggedRequest]) -> dict[SpendingKey, int]:
    """Requests by key."""
    keys = (spending_key(request) for request in requests)
    return dict(Counter(key for key in keys if key is not None))
