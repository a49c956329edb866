"""Whose limits have quotas: of those who called, as they are published now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from forecourt.actions.credential import Application, OwnerKind
from forecourt.actions.entitlement_of_application import plan_limit
from forecourt.actions.quota import has_quota
from forecourt.compiler.ir.callers import Callers, Limit
from forecourt.usage.spending import Holder


class KnownApplications(Protocol):
    """Where applications are known."""

    async def application_by_id(self, id: str) -> Application | None:
        """The application with that id."""
        ...


async def quota_limits(
    holders: Iterable[Holder], callers: Callers, applications: KnownApplications
) -> dict[Holder, Limit]:
    """The limits of those holders that have a quota. Raises `StoreUnavailable`."""
    owners = dict(_owners(callers))
    may_have = any(map(has_quota, (callers.standard, *(p.limit for p in callers.plans))))
    found: dict[Holder, Limit] = {}
    for holder in set(holders):
        if holder.is_owner:
            limit = owners.get(holder.id)
        elif may_have:
            application = await applications.application_by_id(holder.id)
            plan = _issuers_plan(holder.id, callers) if application is None else application.plan
            limit = plan_limit(plan, callers)
        else:
            limit = None
        if limit is not None and has_quota(limit):
            found[holder] = limit
    return found


def _issuers_plan(application: str, callers: Callers) -> str | None:
    """The plan of who comes with a foreign token: `acme-id/shop` (`resolve_credential`)."""
    issuer, _, _ = application.partition("/")
    return next((i.plan for i in callers.issuers if i.name == issuer), None)


def _owners(callers: Callers) -> Iterator[tuple[str, Limit]]:
    for partner in callers.partners:
        yield f"{OwnerKind.PARTNER.value}:{partner.id}", partner.limit
    for service in callers.services:
        yield f"service:{service.name}", service.limit
