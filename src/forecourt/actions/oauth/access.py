"""What an access token of ours stands for, at the moment at which it is presented."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.entitlement_of_application import (
    as_a_test,
    entitlement_of_application,
    narrowed_to,
)
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.oauth.resources import Resources
from forecourt.actions.presented import PresentedAccessToken
from forecourt.compiler.ir.callers import Callers


def entitlement_of_access_token(
    token: PresentedAccessToken,
    held: HeldClient | None,
    *,
    is_revoked: bool,
    callers: Callers,
    resources: Resources,
    now: datetime,
) -> Entitlement | Unknown:
    """What its application may do, narrowed to the token's scopes and to what it is for.

    The edge has checked the signature, the issuer and the times. `held` is the client that the
    token names, None where there is none.
    """
    if held is None:
        return Unknown("unknown")
    if is_revoked or held.client.revoked is not None:
        return Unknown("revoked")
    if not held.client.counts(now):
        return Unknown("expired")
    apis = resources.apis_for(token.audience)
    if apis == ():
        return Unknown("undeclared")  # for something that is not here, or no longer
    # Known by its client: to fetch another token must not end what is done about the one before.
    found = entitlement_of_application(held.application, held.client.id, callers)
    if isinstance(found, Unknown):
        return found
    narrowed = replace(
        found,
        scopes=held.client.scopes if token.scopes is None else token.scopes,
        grants=narrowed_to(apis, found.grants),
        expires_at=held.client.expires_at,
    )
    # By its client, whatever the token says of itself: that is what cannot change.
    return as_a_test(narrowed) if held.client.is_test else narrowed
