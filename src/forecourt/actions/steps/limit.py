"""Whether there was room for the caller, and its bucket and its quota held a request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forecourt.actions.assumed_caller import Known
from forecourt.actions.entitlement import Entitlement
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import in_partner, in_plan, in_service, partner_id, posture
from forecourt.actions.steps.step import Posture, StepKind, Told
from forecourt.actions.steps.wording import command, limit, moment, quotas
from forecourt.compiler.refusals import Refusal
from forecourt.diagnostics import Span
from forecourt.estate.consumers import Service
from forecourt.estate.posture import WITHOUT_CREDENTIAL
from forecourt.usage.spending import holder_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What sets the limit. `place` None: the posture does."""

    whose: str
    place: Span | None
    way_out: str


_REFUSALS = frozenset(
    {
        *(Refusal.RATE_LIMITED, Refusal.USER_LIMITED, Refusal.CONCURRENCY_LIMITED),
        *(Refusal.QUOTA_EXHAUSTED, Refusal.SHED),
    }
)


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSALS


def _source(case: Case, known: Known) -> _Source:
    if known.kind == "anonymous":
        return _Source(whose="each address's", place=None, way_out="call with a key")
    if (id := partner_id(case)) is not None:
        place = in_partner(case, id, "rate_limit")
        return _Source(whose="the contract's", place=place, way_out="raise it in the contract")
    if not known.entitlement.audience.is_external:
        service = case.estate.services.get(known.entitlement.application)
        place = _own(case, service)
        return _Source(whose="the service's", place=place, way_out="raise its `rate_limit`")
    plan = known.application.plan if known.application is not None else _issuers_plan(case, known)
    if plan is not None and any(p.name == plan for p in case.edge.callers.plans):
        place = in_plan(case, plan, "rate_limit")
        return _Source(
            whose=f"plan `{plan}`'s", place=place, way_out="raise the plan's, or give a larger plan"
        )
    return _Source(whose="the standard", place=None, way_out="give the application a plan")


def _issuers_plan(case: Case, known: Known) -> str | None:
    """The plan of who comes with a foreign token (`resolve_credential`)."""
    issuer, _, _ = known.entitlement.application.partition("/")
    return next((i.plan for i in case.edge.callers.issuers if i.name == issuer), None)


def _own(case: Case, service: Service | None) -> Span | None:
    if service is None or service.rate_limit is None:
        return None
    return in_service(case, service.name, "rate_limit")


def _grounds(case: Case, source: _Source) -> tuple[Span | Posture | None, ...]:
    return (source.place if source.place is not None else posture(case, _dimension(case)),)


def _dimension(case: Case) -> str:
    """What an address may send the API says either way, and the smaller counts."""
    if not isinstance(case.caller, Known) or case.caller.kind != "anonymous":
        return "rate_limit"
    policy = case.route.policy(WITHOUT_CREDENTIAL) if case.route is not None else None
    of_api = policy.limit if policy is not None else None
    counts = case.caller.entitlement.limit.per_minute
    is_of_api = of_api is not None and of_api.requests_per_minute == counts
    return "rate_limit" if is_of_api else "anonymous_limit"


def _passed(case: Case) -> Told:
    assert isinstance(case.caller, Known)
    known, source = case.caller.entitlement, _source(case, case.caller)
    way = "took one of" if case.logged is not None else "passes while one is left of"
    says = f"{way} {source.whose} {limit(known.limit)}; {_bucket(case.caller)}"
    return Told(
        says="".join([says, *_slower(case.caller), *_spent(case.caller), _each(known)]),
        grounds=_grounds(case, source),
    )


def _bucket(caller: Known) -> str:
    if caller.kind == "anonymous":
        return "the bucket of its address"
    return f"bucket `{caller.entitlement.bucket}`"


def _slower(caller: Known) -> Iterator[str]:
    """What is left of a limit while somebody is slowed down, and for how long that is."""
    if (block := caller.throttle) is not None:
        until = "until somebody lifts it" if block.until is None else f"until {moment(block.until)}"
        yield f", a tenth of what it is otherwise {until} ({block.record.because or block.id})"


def _spent(caller: Known) -> Iterator[str]:
    for state in caller.quotas:
        yield f"; {state.spent:,} of {state.limit:,} a {state.window.value} are spent"


def _refused(case: Case) -> Told:
    if case.refusal is Refusal.SHED:
        return Told(
            says="the machine was full, and others come first",
            grounds=(posture(case, "shedding"),),
            ways_out=("wait as Retry-After says", "or give the gateway more processors"),
        )
    if case.refusal is Refusal.QUOTA_EXHAUSTED:
        return _exhausted(case)
    if case.refusal is Refusal.USER_LIMITED:
        return _share_used_up(case)
    if case.refusal is Refusal.CONCURRENCY_LIMITED:
        return _too_many(case)
    if not isinstance(case.caller, Known):
        return Told(says="the caller's bucket was empty", ways_out=("wait as Retry-After says",))
    known, source = case.caller.entitlement, _source(case, case.caller)
    where = f": {source.place}" if source.place is not None else ""
    return Told(
        says=f"{_bucket(case.caller)} was empty: {source.whose} {limit(known.limit)}",
        grounds=_grounds(case, source),
        ways_out=("wait as Retry-After says", f"or {source.way_out}{where}"),
    )


def _each(known: Entitlement) -> str:
    """What a person may use of it, where the caller acts for one; and how many at a time."""
    each, at_once = known.limit.per_user, known.limit.at_once
    has_share = each is not None and known.user_bucket is not None
    says = f"; of it {limit(each)}, for `{known.subject}`" if each and has_share else ""
    return says if at_once is None else f"{says}; {at_once:,} may be under way at a time"


def _share_used_up(case: Case) -> Told:
    if not isinstance(case.caller, Known) or case.caller.entitlement.limit.per_user is None:
        return Told(says="one person's share was used up", ways_out=("wait as Retry-After says",))
    known, source = case.caller.entitlement, _source(case, case.caller)
    each = case.caller.entitlement.limit.per_user
    where = f": {source.place}" if source.place is not None else ""
    return Told(
        says=f"`{known.subject or 'the person'}` had used up one person's share of {source.whose} "
        f"{limit(known.limit)}: {limit(each)}",
        grounds=_grounds(case, source),
        ways_out=("wait as Retry-After says", f"or raise `per_user` beside it{where}"),
    )


def _too_many(case: Case) -> Told:
    way_out = "wait until one of the requests has ended"
    if not isinstance(case.caller, Known) or case.caller.entitlement.limit.at_once is None:
        return Told(says="too many requests of the caller were under way", ways_out=(way_out,))
    known, source = case.caller.entitlement, _source(case, case.caller)
    where = f": {source.place}" if source.place is not None else ""
    return Told(
        says=f"as many requests of `{known.bucket}` were under way as may be at a time: "
        f"{known.limit.at_once:,}",
        grounds=_grounds(case, source),
        ways_out=(way_out, f"or raise `concurrent_requests` of its limit{where}"),
    )


def _exhausted(case: Case) -> Told:
    if not isinstance(case.caller, Known):
        return Told(says="the caller's quota was used up", ways_out=("wait as Retry-After says",))
    known, source = case.caller.entitlement, _source(case, case.caller)
    where = f": {source.place}" if source.place is not None else ""
    asked = command("quota", "list", holder_of(known.consumer, known.application).id)
    is_used_up = "was" if known.exhausted is None else "is"
    till = "as Retry-After says" if known.exhausted is None else moment(known.exhausted.resets)
    return Told(
        says=f"the quota of `{known.bucket}` {is_used_up} used up:"
        f" {source.whose} {quotas(known.limit)}",
        grounds=_grounds(case, source),
        ways_out=(
            f"wait {'until ' if known.exhausted else ''}{till}",
            f"or {source.way_out}{where}",
            f"see {asked}",
        ),
    )


STEP = StepKind(name="limit", refuses=_refuses, passed=_passed, refused=_refused)
