"""Say who a credential stands for, and what that caller may do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol, assert_never
from urllib.parse import quote

from forecourt.actions.api_key import is_well_formed, key_digest
from forecourt.actions.credential import HeldKey, OwnerKind
from forecourt.actions.entitlement import Entitlement, Unknown
from forecourt.actions.entitlement_of_application import (
    as_a_test,
    entitlement_of_application,
    entitlement_of_partner,
    narrowed_to,
    plan_limit,
)
from forecourt.actions.presented import (
    Presented,
    PresentedCertificate,
    PresentedIdentity,
    PresentedInternalToken,
    PresentedKey,
    PresentedToken,
)
from forecourt.compiler.ir.callers import Callers, Service
from forecourt.estate.audience import Audience
from forecourt.estate.posture import POSTURES


class KnownKeys(Protocol):
    """What resolving needs of the store."""

    async def held_key(self, sha256: str) -> HeldKey | None:
        """The key with that SHA-256 (hex), and the application that holds it."""
        ...


async def resolve_credential(
    credential: Presented, *, callers: Callers, store: KnownKeys, now: datetime
) -> Entitlement | Unknown:
    """What the credential stands for. Raises `StoreUnavailable` where the store must be asked."""
    match credential:
        case PresentedKey():
            if not is_well_formed(credential.key):
                return Unknown("malformed")
            held = await store.held_key(key_digest(credential.key))
            return Unknown("unknown") if held is None else entitlement_of_key(held, callers, now)
        case PresentedIdentity():
            return _of_service(_service(callers, identity=credential.spiffe_id), "spiffe")
        case PresentedInternalToken():
            return _of_service(_service(callers, name=credential.service), "internal_token")
        case PresentedToken():
            return _of_token(credential, callers)
        case PresentedCertificate():
            return _of_certificate(credential, callers)
        case _:
            assert_never(credential)


def entitlement_of_key(held: HeldKey, callers: Callers, now: datetime) -> Entitlement | Unknown:
    """What a key stands for at that moment."""
    credential, application = held.credential, held.application
    if credential.revoked is not None:
        return Unknown("revoked")
    if credential.expires_at is not None and credential.expires_at <= now:
        return Unknown("expired")
    found = entitlement_of_application(application, credential.id, callers)
    if isinstance(found, Unknown):
        return found
    held_to = replace(
        found,
        scopes=credential.scopes,
        grants=narrowed_to(credential.apis, found.grants),
        addresses=credential.addresses,
        expires_at=credential.expires_at,
    )
    return as_a_test(held_to) if credential.is_test else held_to


def _service(
    callers: Callers, *, name: str | None = None, identity: str | None = None
) -> Service | None:
    return next((s for s in callers.services if s.name == name or s.identity == identity), None)


def _of_service(service: Service | None, kind: str) -> Entitlement | Unknown:
    if service is None:
        return Unknown("undeclared")
    consumer = f"service:{service.name}"
    return Entitlement(
        credential=f"{kind}:{service.name}",
        application=service.name,
        consumer=consumer,
        audience=Audience.INTERNAL,
        bucket=consumer,
        limit=service.limit,
        features=service.features,
    )


def _of_token(token: PresentedToken, callers: Callers) -> Entitlement | Unknown:
    issuer = next((i for i in callers.issuers if i.name == token.issuer), None)
    if issuer is None:
        return Unknown("undeclared")
    if not token.client:
        return Unknown("malformed")  # the claim that names the application is missing or empty
    application = f"{_word(token.issuer)}/{_word(token.client)}"
    credential = f"token:{application}/{_word(token.subject)}"
    # A client that acts for nobody is its own subject (RFC 9068, section 2.2).
    subject = token.subject if token.subject not in ("", token.client) else None
    match POSTURES[issuer.callers].authorization:
        case "scope":
            return Entitlement(
                credential=credential,
                application=application,
                consumer=f"{OwnerKind.DEVELOPER.value}:{application}",
                audience=issuer.callers,
                bucket=application,
                limit=plan_limit(issuer.plan, callers),
                subject=subject,
                scopes=token.scopes,
            )
        case "contract":
            # The issuer says which partner calls; what that partner may do, its contract says.
            partner = next((p for p in callers.partners if p.id == token.client), None)
            if partner is None:
                return Unknown("undeclared")
            return replace(
                entitlement_of_partner(partner, credential, application),
                subject=subject,
                scopes=token.scopes,
            )
        case "service":
            return Unknown("not_accepted")  # services have identities; nobody else vouches for one
        case authorization:
            assert_never(authorization)


def _word(text: str) -> str:
    """Without a slash, so that joined names cannot be mistaken for others."""
    return quote(text, safe="")


def _of_certificate(certificate: PresentedCertificate, callers: Callers) -> Entitlement | Unknown:
    host = certificate.host.lower()
    partner = next((p for p in callers.partners if p.host == host), None)
    if partner is None:
        return Unknown("undeclared")
    fingerprint = certificate.sha256.replace(":", "").lower()
    if partner.sha256 and fingerprint not in (s.replace(":", "").lower() for s in partner.sha256):
        return Unknown("unknown")
    if not partner.sha256 and partner.ca is None:
        return Unknown("unknown")
    credential = certificate_id(fingerprint)
    return entitlement_of_partner(partner, credential, f"{partner.id}/certificate")


def certificate_id(sha256: str) -> str:
    """How a certificate is named, by its fingerprint (hex in small letters)."""
    return f"certificate:{sha256[:16]}"
