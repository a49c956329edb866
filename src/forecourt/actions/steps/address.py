"""Whether the credential may come from where it came from."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.step import Outcome, StepKind, Told
from forecourt.actions.steps.wording import listed
from forecourt.compiler.refusals import Refusal


def _refuses(case: Case) -> bool:
    return case.refusal is Refusal.ADDRESS_NOT_ALLOWED


def _from(case: Case) -> str:
    address = None if case.logged is None else case.logged.address
    return "it" if address is None else f"it came from {address}, and"


def _passed(case: Case) -> Told:
    assert isinstance(case.caller, Known)
    networks = case.caller.entitlement.addresses
    if not networks:
        return Told(says="it may come from anywhere", outcome=Outcome.NO_MATTER)
    says = f"{_from(case)} may come from {listed(networks)}"
    outcome = Outcome.NOT_JUDGED if case.logged is None else Outcome.PASSED
    return Told(says=says, outcome=outcome)


def _refused(case: Case) -> Told:
    networks = case.caller.entitlement.addresses if isinstance(case.caller, Known) else ()
    only = f" may come from {listed(networks)} only" if networks else " may not come from there"
    return Told(
        says=f"{_from(case)}{only}",
        ways_out=(
            "call from an address that the credential is for; behind a balancer the edge sees"
            " the balancer's",
            "or issue a key for other addresses: `forecourt key issue --from NETWORK`",
        ),
    )


STEP = StepKind(name="address", refuses=_refuses, passed=_passed, refused=_refused)
