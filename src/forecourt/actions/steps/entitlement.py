"""Whether the API exists for the caller: its audience sees it, and its contract names it."""

from __future__ import annotations

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_api, in_partner, partner_id, partner_to_open, posture
from forecourt.actions.steps.step import StepKind, Told
from forecourt.actions.steps.wording import at, listed, on_record
from forecourt.compiler.deciding import granted
from forecourt.compiler.refusals import Refusal
from forecourt.estate.audience import Audience


def _refuses(case: Case) -> bool:
    is_unseen = case.refusal is Refusal.NOT_FOUND and case.route is not None
    return is_unseen or case.refusal is Refusal.NOT_GRANTED


def _passed(case: Case) -> Told:
    assert isinstance(case.caller, Known) and case.route is not None
    api, audience = case.route.api, case.caller.entitlement.audience
    grant = granted(case.caller.caller, api.name)
    if _only(case) is not None:
        return Told(
            says=f"the key is for `{api.name}`, among what its owner has",
            grounds=(in_api(case, "audience"), posture(case, "authorization")),
        )
    if grant is None:
        return Told(
            says=f"{audience.value} callers see `{api.name}`, which is {api.audience.value}",
            grounds=(in_api(case, "audience"), posture(case, "authorization")),
        )
    versions = "every version it sees" if grant.versions is None else listed(grant.versions)
    return Told(
        says=f"the contract names `{api.name}`: {versions}",
        grounds=(
            in_partner(case, partner_id(case) or "", f"apis.{api.name}"),
            posture(case, "authorization"),
        ),
    )


def _refused(case: Case) -> Told:
    assert case.route is not None
    api = case.route.api.name
    if case.refusal is Refusal.NOT_GRANTED:
        return _not_granted(case, api)
    narrowing = case.narrowed.get(api)
    if narrowing is not None:
        return Told(
            says=f"`{api}` was {on_record(narrowing)}",
            ways_out=(f"`forecourt open {api}` ends that, on the record",),
        )
    if case.audience is None and case.route.policy(max(Audience)) is not None:  # nobody is wider
        return Told(
            says=f"the caller did not see `{api}` then; it is public, as far as is still known",
            ways_out=("make the request again, and ask about that one",),
        )
    place = in_api(case, "audience")
    audience = case.audience.value if case.audience is not None else "such"
    return Told(
        says=f"`{api}` is {case.route.api.audience.value}: {audience} callers do not see it",
        grounds=(place,),
        ways_out=(
            f"call as a {case.route.api.audience.value} caller, or a narrower one",
            f"or widen `audience`{at(place)}, and `forecourt open {api}`",
        ),
    )


def _only(case: Case) -> tuple[str, ...] | None:
    """The APIs that the caller's key is for, where it is not for all."""
    held = case.caller.held if isinstance(case.caller, Known) else None
    return None if held is None else held.credential.apis


def _not_granted(case: Case, api: str) -> Told:
    only = _only(case)
    if only is not None and api not in only:
        return Told(
            says=f"the key is for {listed(f'`{name}`' for name in only)} only",
            ways_out=("call with a key that is for it: `forecourt key issue --api NAME`",),
        )
    id = partner_id(case) or ""
    place = in_partner(case, id, "apis")
    named = (
        listed(f"`{g.api}`" for g in case.caller.entitlement.grants or ())
        if isinstance(case.caller, Known)
        else "others"
    )
    return Told(
        says=f"the contract of `{id}` does not name `{api}`; it names {named}",
        grounds=(place,),
        ways_out=(
            f"add `{api}: {{}}` to `apis`{at(place)}, and `forecourt open {partner_to_open(case)}`",
        ),
    )


STEP = StepKind(name="entitlement", refuses=_refuses, passed=_passed, refused=_refused)
