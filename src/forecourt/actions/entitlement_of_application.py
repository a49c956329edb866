"""What an application may do, whichever of its credentials calls."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from forecourt.actions.credential import Application, OwnerKind
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.compiler.ir.callers import Callers, Grant, Limit, Partner
from forecourt.estate.audience import Audience


def entitlement_of_application(
    application: Application, credential: str, callers: Callers
) -> Entitlement | Unknown:
    """What follows from whose it is; what the credential with that id narrows comes on top.

    All credentials of an application share its bucket, and all of a partner's that of its contract.
    """
    match application.owner.kind:
        case OwnerKind.DEVELOPER:
            return Entitlement(
                credential=credential,
                application=application.id,
                consumer=str(application.owner),
                audience=Audience.PUBLIC,
                bucket=application.id,
                limit=plan_limit(application.plan, callers),
            )
        case OwnerKind.PARTNER:
            partner = next((p for p in callers.partners if p.id == application.owner.name), None)
            if partner is None:
                return Unknown("undeclared")
            return entitlement_of_partner(partner, credential, application.id)
        case _:
            assert_never(application.owner.kind)


def plan_limit(plan: str | None, callers: Callers) -> Limit:
    """A plan that is gone leaves its applications with the standard limit, not without service."""
    return next((p.limit for p in callers.plans if p.name == plan), callers.standard)


def entitlement_of_partner(partner: Partner, credential: str, application: str) -> Entitlement:
    """What a partner's contract gives to one of its applications."""
    consumer = f"{OwnerKind.PARTNER.value}:{partner.id}"
    return Entitlement(
        credential=credential,
        application=application,
        consumer=consumer,
        audience=Audience.PARTNER,
        bucket=consumer,
        limit=partner.limit,
        grants=partner.grants,
        features=partner.features,
        tier=partner.tier,
        sunsets=partner.sunsets,
        must_bring_certificate=partner.host is not None,
    )


def narrowed_to(
    apis: tuple[str, ...] | None, grants: tuple[Grant, ...] | None
) -> tuple[Grant, ...] | None:
    """What is left of an application's grants for a credential that is for these APIs only (None:
    for all). It adds nothing: a contract that does not name an API gives none of it."""
    if apis is None:
        return grants
    if grants is None:
        return tuple(Grant(api=api, versions=None) for api in apis)
    return tuple(grant for grant in grants if grant.api in apis)


def as_a_test(entitlement: Entitlement) -> Entitlement:
    """The same limit, in a bucket of its own: tests take nothing from what is in service."""
    return replace(entitlement, is_test=True, bucket=f"{entitlement.bucket}/test")
