"""Who calls: the credential, the application that holds it, and who answers for that."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known, Nobody
from forecourt.actions.block import Block
from forecourt.actions.credential import HeldKey, OwnerKind, Revocation
from forecourt.actions.oauth.client import HeldClient
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import (
    anonymous_waiver,
    consumer_of,
    in_organization,
    in_partner,
    in_service,
    of_issuer,
    partner_id,
)
from forecourt.actions.steps.step import StepKind, Told
from forecourt.actions.steps.wording import command, moment
from forecourt.actions.suspension import Suspension
from forecourt.compiler.deciding import LOOKED_AT, Kind
from forecourt.compiler.refusals import Refusal
from forecourt.diagnostics import Span

_REFUSALS = frozenset(
    {
        Refusal.MISSING,
        Refusal.MALFORMED,
        Refusal.UNKNOWN,
        Refusal.UNAVAILABLE,
        Refusal.TWO_CALLERS,
        Refusal.BLOCKED,
    }
)

_KINDS: dict[Kind, str] = {
    "anonymous": "no credential",
    "api_key": "an API key",
    "token": "a bearer token",
    "access_token": "an access token",
    "certificate": "a client certificate",
    "spiffe": "a certificate of the mesh",
    "internal_token": "a service token",
}


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSALS


def _passed(case: Case) -> Told:
    if not isinstance(case.caller, Known):
        consumer = consumer_of(case) or "somebody"
        if case.logged is not None and case.logged.is_by_access_token:
            says = f"{consumer} by an access token of `{case.logged.credential}`; what it was for"
            return Told(says=f"{says} is not kept")
        return Told(says=f"{consumer}, whose credential is no longer known")
    known = case.caller.entitlement
    if case.caller.kind == "anonymous":
        says = "nobody by name: anybody may call this, by a waiver, without a credential"
        return Told(says=f"{says}: {known.audience.value}", grounds=(anonymous_waiver(case),))
    if case.caller.held is not None:
        says = _key(case.caller.held)
    elif case.caller.client is not None:
        says = f"an access token of {_client(case.caller.client)}"
    else:
        says = f"{known.consumer} by {_KINDS[case.caller.kind]} (`{known.credential}`)"
    return Told(says=f"{says}: {known.audience.value}", grounds=(_declared(case),))


def _key(held: HeldKey) -> str:
    credential, application = held.credential, held.application
    return (
        f"`{credential.id}` ({credential.shown}) of application `{application.name}`"
        f" of {application.owner}"
    )


def _client(held: HeldClient) -> str:
    application = held.application
    return f"`{held.client.id}` of application `{application.name}` of {application.owner}"


def _declared(case: Case) -> Span | None:
    """Where the caller, or whoever vouches for it, is declared."""
    if (id := partner_id(case)) is not None:
        return in_partner(case, id, "id")
    if not isinstance(case.caller, Known):
        return None
    known = case.caller.entitlement
    if case.caller.kind == "token":
        return of_issuer(case, known.application.partition("/")[0])
    return in_service(case, known.application, "identity")


def _refused(case: Case) -> Told:
    match case.refusal:
        case Refusal.MISSING:
            return _missing(case)
        case Refusal.UNAVAILABLE:
            return Told(
                says="the caller was not known yet, and the control plane did not answer",
                ways_out=("see that `forecourt up` runs and reaches its database; try again",),
            )
        case Refusal.TWO_CALLERS:
            return Told(
                says="the request carried credentials of different owners",
                ways_out=("send only one of them",),
            )
        case Refusal.BLOCKED if isinstance(case.caller, Known) and case.caller.block is not None:
            return _blocked(case.caller.block)
        case Refusal.BLOCKED:
            return Told(
                says="the caller, or the address that it called from, was refused for a while",
                ways_out=(
                    f"see who is, and why: {command('block', 'list', '--all')}",
                    f"end that: {command('block', 'lift', 'WHOM')}",
                ),
            )
        case _:
            return _nobody(case)


def _blocked(block: Block) -> Told:
    target, record = block.target.id, block.record
    until = "until somebody lifts it" if block.until is None else f"until {moment(block.until)}"
    because = f" ({record.because})" if record.because else ""
    return Told(
        says=f"{target} is refused {until}, since {moment(record.at)} by {record.who}{because}",
        ways_out=(f"end that: {command('block', 'lift', block.id)}",),
    )


def _missing(case: Case) -> Told:
    listener = case.request.listener
    kind = case.caller.kind
    if kind is not None and kind not in LOOKED_AT[listener]:
        gateway = case.edge.gateway
        other = gateway.internal if listener == "external" else gateway.external
        return Told(
            says=f"the {listener} listener does not look at {_KINDS[kind]}",
            ways_out=(f"call the {other.name} listener, {other.host}:{other.port}",),
        )
    if listener == "external":
        way_out = "send an API key in `X-Api-Key`, or as `Authorization: Bearer`"
    else:
        way_out = (
            "call with a certificate of the mesh, or with a token in `X-Internal-Service-Token`"
            " (`forecourt token issue --service NAME`)"
        )
    return Told(says=f"no credential that counts on the {listener} listener", ways_out=(way_out,))


def _nobody(case: Case) -> Told:
    caller = case.caller
    if isinstance(caller, Nobody) and caller.suspension is not None:
        return _suspended(caller.suspension)
    if isinstance(caller, Nobody) and caller.held is not None:
        return _dead_key(case, caller, caller.held)
    if isinstance(caller, Nobody) and caller.client is not None:
        return _dead_client(case, caller, caller.client)
    if isinstance(caller, Nobody) and caller.because in ("undeclared", "not_accepted"):
        return Told(
            says="the credential is sound, and whoever it stands for is not declared",
            ways_out=("declare the partner, service or issuer, and publish that",),
        )
    if case.refusal is Refusal.MALFORMED:
        return _malformed(case)
    if case.request.listener == "internal":
        return Told(
            says="no declared service has the identity that was shown",
            ways_out=("declare it in services.yaml, or call as a declared service",),
        )
    return Told(
        says="the credential is unknown, expired, revoked or suspended; the log keeps none",
        ways_out=("see that it was copied whole", _ask(case)),
    )


def _malformed(case: Case) -> Told:
    if case.request.listener == "internal":
        return Told(
            says="the certificate names no one SPIFFE identity, or the token does not hold",
            ways_out=(
                "call with a certificate of the mesh, or issue another token:"
                " forecourt token issue --service NAME",
            ),
        )
    return Told(
        says="it cannot be a key, nor is it a token that holds",
        grounds=(in_organization(case, "identity.issuers"),),
        ways_out=(
            "see that a key was copied whole",
            "or that a token is signed by a declared issuer, for its `token_audience`, and not"
            " expired",
            _ask(case),
        ),
    )


def _ask(case: Case) -> str:
    request = case.request
    asked = command("why", "--as", "fc_live_…", request.method, request.path)
    return f"or ask the caller how its key begins (12 characters), then: {asked}"


def _dead_key(case: Case, caller: Nobody, held: HeldKey) -> Told:
    credential, owner = held.credential, held.application.owner
    options = (f"--{owner.kind.value}", owner.name, "--application", held.application.name)
    again = f"issue another: {command('key', 'issue', *options)}"
    if caller.because == "revoked" and credential.revoked is not None:
        says = f"{_key(held)} was revoked {_on_record(credential.revoked)}"
    elif caller.because == "expired" and credential.expires_at is not None:
        says = f"{_key(held)} expired on {moment(credential.expires_at)}"
    elif caller.because == "unknown":
        says = f"{_key(held)} was issued only on {moment(credential.created_at)}"
    else:
        says = f"{_key(held)}, and nobody of that id is published"
        again = (
            "declare the partner in partners/, and publish that"
            if owner.kind is OwnerKind.PARTNER
            else again
        )
    return Told(says=says, grounds=(in_partner(case, owner.name, "id"),), ways_out=(again,))


def _dead_client(case: Case, caller: Nobody, held: HeldClient) -> Told:
    client, owner = held.client, held.application.owner
    options = (f"--{owner.kind.value}", owner.name, "--application", held.application.name)
    says, way_out = _client(held), f"add another: {command('client', 'add', *options)}"
    if caller.because == "revoked" and client.revoked is not None:
        says = f"{says} was revoked {_on_record(client.revoked)}"
    elif caller.because == "expired" and client.expires_at is not None:
        says = f"{says} expired on {moment(client.expires_at)}"
    elif caller.because == "unknown":
        says = f"{says} was added only on {moment(client.created_at)}"
    else:
        says = f"{says}, and nobody of that id is published"
        way_out = "declare the partner in partners/, and publish that"
    return Told(says=says, grounds=(in_partner(case, owner.name, "id"),), ways_out=(way_out,))


def _suspended(suspension: Suspension) -> Told:
    caller, record = suspension.caller, suspension.record
    because = f" ({record.because})" if record.because else ""
    return Told(
        says=f"{caller.id} was suspended on {moment(record.at)} by {record.who}{because}",
        ways_out=(f"end that: {command('consumer', 'resume', caller.id)}",),
    )


def _on_record(revocation: Revocation) -> str:
    who = "" if revocation.who is None else f" by {revocation.who}"
    because = f" ({revocation.because})" if revocation.because else ""
    return f"on {moment(revocation.at)}{who}{because}"


STEP = StepKind(name="caller", refuses=_refuses, passed=_passed, refused=_refused)
