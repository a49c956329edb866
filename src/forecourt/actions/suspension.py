"""Callers that are stopped for a while: an application, or an owner with all that is its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from forecourt.actions.announce import NewsKind
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.record import Record


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Caller:
    """What can be stopped, named as the access log names it.

    An application (`app_0V4c…`, `orders`, `acme-id/client-7`), or where `is_owner` a consumer
    (`developer:ada`, `partner:partner_acme_corp`, `service:orders`).
    """

    id: str
    is_owner: bool

    @property
    def news(self) -> NewsKind:
        """As what the edges hear of it."""
        return NewsKind.CONSUMER if self.is_owner else NewsKind.APPLICATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A caller is stopped: since when, by whom, and why."""

    caller: Caller
    record: Record


class KnownSuspensions(Protocol):
    """Where it is known who is stopped."""

    async def standing(self) -> tuple[Suspension, ...]:
        """Every suspension in force, by caller."""
        ...


class Suspensions(KnownSuspensions, Protocol):
    """Where suspensions are kept; each change is news about the caller."""

    async def suspend(self, suspension: Suspension) -> bool:
        """Puts it in force; False where the caller was stopped before, and nothing changed."""
        ...

    async def resume(self, caller: Caller, record: Record) -> bool:
        """Ends it; False where the caller was not stopped."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """Who is stopped at a moment."""

    callers: frozenset[Caller] = frozenset()

    def stops(self, *, application: str, consumer: str) -> bool:
        """Whether that application is stopped, or its owner."""
        its = Caller(id=application, is_owner=False), Caller(id=consumer, is_owner=True)
        return not self.callers.isdisjoint(its)


def suspended_by(standing: Iterable[Suspension]) -> Suspended:
    """Who is stopped by these."""
    return Suspended(callers=frozenset(s.caller for s in standing))


def unless_suspended(found: Entitlement | Unknown, suspended: Suspended) -> Entitlement | Unknown:
    """What a credential stands for, whatever its kind: nobody, where its holder is stopped."""
    if isinstance(found, Unknown):
        return found
    if suspended.stops(application=found.application, consumer=found.consumer):
        return Unknown("suspended")
    return found
