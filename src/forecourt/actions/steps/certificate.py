"""Whether the contract's client certificate came with the call, where the contract has one."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_partner, partner_id, partner_to_open
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import at
from forecourt.compiler.refusals import Refusal


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.CERTIFICATE_REQUIRED


def _passed(case: Case) -> Told:
    assert isinstance(case.caller, Known)
    if not case.caller.entitlement.must_bring_certificate:
        return Told(says="no contract asks for one", outcome=Outcome.NO_MATTER)
    place = in_partner(case, partner_id(case) or "", "certificates")
    return Told(says="the contract asks for one, and it came with the call", grounds=(place,))


def _refused(case: Case) -> Told:
    id = partner_id(case) or ""
    place = in_partner(case, id, "certificates")
    host = next((p.host for p in case.edge.callers.partners if p.id == id), None)
    return Told(
        says=f"the contract of `{id}` asks for a client certificate with every call",
        grounds=(place,),
        ways_out=(
            f"call {host} with the certificate",
            f"or leave `certificates` out{at(place)}, and `forecourt open {partner_to_open(case)}`",
        ),
    )


STEP = StepKind(name="certificate", refuses=_refuses, passed=_passed, refused=_refused)
