"""Where the estate says what a step rests on; None for what is not, or no longer, there."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.actions.assumed_caller import Known
from forecourt.actions.credential import OwnerKind
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.step import Posture
from forecourt.diagnostics import Span
from forecourt.estate.api import Api
from forecourt.estate.consumers import Plan, Service
from forecourt.governance.exposure import anonymous_operation
from forecourt.governance.lifecycle import deprecation_too_short
from forecourt.governance.provenance import explained
from forecourt.governance.rule import Finding, Rule
from forecourt.governance.waiving import covering


def api_of(case: Case) -> Api | None:
    """The API as it is on disk."""
    return None if case.route is None else case.estate.apis.get(case.route.api.name)


def in_api(case: Case, key: str) -> Span | None:
    """The place of a key of `api.yaml`."""
    api = api_of(case)
    return None if api is None else api.places[key]


def contract_of(case: Case) -> Span | None:
    """Where `api.yaml` names the contract of the version."""
    if case.version is None:
        return None
    return in_api(case, f"versions.{case.version.name}.contract") or in_api(case, "contract")


def in_organization(case: Case, key: str) -> Span | None:
    """The place of a key of `forecourt.yaml`."""
    organization = case.estate.organization
    return None if organization is None else organization.places[key]


def in_service(case: Case, name: str, key: str) -> Span | None:
    """The place of a key of a service."""
    return _key(case.estate.services, name, key)


def in_plan(case: Case, name: str, key: str) -> Span | None:
    """The place of a key of a plan."""
    return _key(case.estate.plans, name, key)


def in_partner(case: Case, id: str, key: str) -> Span | None:
    """The place of a key of a partner's file, by the id in its contract."""
    found = (p.places[key] for p in case.estate.partners.values() if p.id == id)
    return next(found, None)


def partner_to_open(case: Case) -> str:
    """How `forecourt open` names the file of the partner who calls."""
    id = partner_id(case)
    names = (p.name for p in case.edge.callers.partners if p.id == id)
    return next((f"partner/{name}" for name in names), "NAME")


def of_issuer(case: Case, name: str) -> Span | None:
    """The place of an issuer."""
    issuers = case.estate.organization.issuers if case.estate.organization else ()
    return next((i.origin for i in issuers if i.name == name), None)


def partner_id(case: Case) -> str | None:
    """The id of the partner who calls."""
    consumer = consumer_of(case)
    kind, _, id = (consumer or "").partition(":")
    return id if kind == OwnerKind.PARTNER.value else None


def consumer_of(case: Case) -> str | None:
    """Who answers for the call: `partner:partner_acme_corp`."""
    if isinstance(case.caller, Known):
        return case.caller.entitlement.consumer
    return case.logged.consumer if case.logged is not None else None


def posture(case: Case, key: str) -> Posture | None:
    """A dimension of the API's posture, as it holds for the caller."""
    api = api_of(case)
    if api is None or case.audience is None:
        return None
    rows = explained(api, case.audience, case.estate, case.request.at.date())
    row = next(r for r in rows if r.dimension.key == key)
    return Posture(
        dimension=key,
        value=row.value,
        set_by=row.set_by,
        waiver=row.waiver.places.origin if row.waiver is not None else None,
    )


def sunset_waiver(case: Case) -> Span | None:
    """The waiver that lets the version go sooner than its audience was promised."""
    return _waiver(case, deprecation_too_short.RULE)


def anonymous_waiver(case: Case) -> Span | None:
    """The waiver that lets anybody call what the version opens: the one that ends last."""
    return _waiver(case, anonymous_operation.RULE)


def _waiver(case: Case, rule: Rule) -> Span | None:
    api, version = api_of(case), case.version
    if api is None or version is None:
        return None
    asked = Finding(message="", span=api.places.origin, help="", api=api.name, version=version.name)
    those = covering(case.estate.waivers, rule, asked)
    last = max(those, key=lambda w: w.expires, default=None)
    return None if last is None else last.places.origin


def _key(holders: Mapping[str, Service] | Mapping[str, Plan], name: str, key: str) -> Span | None:
    holder = holders.get(name)
    return None if holder is None else holder.places[key]
