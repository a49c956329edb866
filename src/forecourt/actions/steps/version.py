"""Which version is meant, whether it exists for the caller, and whether it has ended."""

from __future__ import annotations

from datetime import date

from forecourt.actions.assumed_caller import Known
from forecourt.actions.steps.case import Case
from forecourt.actions.steps.places import (
    in_api,
    in_partner,
    partner_id,
    partner_to_open,
    sunset_waiver,
)
from forecourt.actions.steps.step import Ground, StepKind, Told
from forecourt.actions.steps.wording import at, command, listed, version_of
from forecourt.compiler.deciding import (
    Route,
    brownout_of,
    granted,
    is_visible,
    successor_of,
)
from forecourt.compiler.ir.apis import Version
from forecourt.compiler.refusals import Refusal
from forecourt.diagnostics import Span


def _refuses(case: Case) -> bool:
    return case.refusal in _REFUSALS


_ABSENT = (Refusal.NO_SUCH_VERSION, Refusal.VERSION_NOT_NAMED)
_REFUSALS = (*_ABSENT, Refusal.RETIRED, Refusal.BROWNOUT)


def _passed(case: Case) -> Told:
    assert case.route is not None
    if case.version is None:
        return Told(says="the one that `API-Version` named, which the log does not keep")
    version = case.version
    if not version.name:
        return Told(says="the API has no versions", grounds=(in_api(case, "versioning"),))
    since = f" since {version.deprecated}" if version.deprecated else ""
    on, place = _sunset(case, version)
    until = f", gone from {on}" if on else ""
    agreed = ", as agreed with the partner" if _is_agreed(case, version) else ""
    return Told(
        says=f"{version_of(case.route.api.name, version)}, {version.status}{since}{until}{agreed}",
        grounds=(in_api(case, f"versions.{version.name}"), *_ends(case, version, place)),
    )


def _ends(case: Case, version: Version, place: Span | None) -> tuple[Ground | None, ...]:
    """Where its end is written, and the waiver that lets it come so soon for everybody."""
    if place is None or _is_agreed(case, version):
        return (place,)
    return (place, sunset_waiver(case))


def _is_agreed(case: Case, version: Version) -> bool:
    assert case.route is not None
    return isinstance(case.caller, Known) and any(
        (s.api, s.version) == (case.route.api.name, version.name)
        for s in case.caller.entitlement.sunsets
    )


def _sunset(case: Case, version: Version) -> tuple[date | None, Span | None]:
    """The day from which it is gone for the caller, and where that is written."""
    assert case.route is not None
    api = case.route.api.name
    if isinstance(case.caller, Known):
        for agreed in case.caller.entitlement.sunsets:
            if (agreed.api, agreed.version) == (api, version.name):
                key = f"sunsets.{api}.{version.name}"
                return agreed.on, in_partner(case, partner_id(case) or "", key)
    if version.sunset is None:
        return None, None
    return version.sunset, in_api(case, f"versions.{version.name}.sunset")


def _refused(case: Case) -> Told:
    assert case.route is not None
    if case.refusal in _ABSENT:
        return _absent(case, case.route)
    if case.version is None:
        state = "retired" if case.refusal is Refusal.RETIRED else "not served for a while"
        return Told(
            says=f"the version that `API-Version` named is {state}; the log does not keep which",
            ways_out=(_ask_again(case),),
        )
    if case.refusal is Refusal.BROWNOUT:
        return _browned_out(case, case.route, case.version)
    return _retired(case, case.route, case.version)


def _browned_out(case: Case, route: Route, version: Version) -> Told:
    assert isinstance(case.caller, Known)
    api = route.api
    on, place = _sunset(case, version)
    now = brownout_of(api, version, case.caller.caller, case.request.at)
    until = f" until {now.ends:%Y-%m-%d %H:%M} UTC" if now is not None else " for a while"
    schedule = in_api(case, f"versions.{version.name}.brownouts")
    extension = (
        "or agree on a later day with the partner, as `sunsets` in its file,"
        f" and `forecourt open {partner_to_open(case)}`"
    )
    return Told(
        says=f"{version_of(api.name, version)} ends on {on}, and is not served{until},"
        " so that who still uses it notices",
        grounds=(schedule, place),
        ways_out=(_newer(case, route, version), *((extension,) if partner_id(case) else ())),
    )


def _newer(case: Case, route: Route, version: Version) -> str:
    """What to use instead, of what the caller may use."""
    guide = f" (guide: {version.guide})" if version.guide else ""
    successor = next(iter(version.successors), None)
    if isinstance(case.caller, Known):
        successor = successor_of(version, route.api.name, case.caller.caller)
    return f"use version {successor}{guide}" if successor else f"use a newer one{guide}"


def _retired(case: Case, route: Route, version: Version) -> Told:
    on, place = _sunset(case, version)
    opens = partner_to_open(case) if _is_agreed(case, version) else route.api.name
    newer = _newer(case, route, version)
    return Told(
        says=f"{version_of(route.api.name, version)} is gone since {on}",
        grounds=_ends(case, version, place),
        ways_out=(newer, f"or move the day{at(place)}, and `forecourt open {opens}`"),
    )


def _absent(case: Case, route: Route) -> Told:
    api = route.api
    its = [v for v in route.versions if not isinstance(case.caller, Known) or _sees(case, v)]
    names = listed(v.name for v in its)
    if not api.by_header:
        return _withheld(case, route, route.versions[0])
    if case.is_field_unknown:
        says = f"`API-Version` named none of those that the caller has: {names}"
        return Told(says=says, ways_out=(_ask_again(case),))
    wanted = case.request.wanted
    meant = next((v for v in route.versions if v.name == wanted), None)
    if meant is not None:
        return _withheld(case, route, meant)
    pin = _pin(case, api.name)
    if wanted is None and pin is not None:
        return Told(
            says=f"the application is pinned to version {pin}, which it may not have, or is gone",
            ways_out=(f"name one of {names} in `API-Version`", "or pin it to one of them"),
        )
    if wanted is None:
        return Told(
            says="no `API-Version`, and none of the caller's versions is current",
            grounds=(in_api(case, "versions"),),
            ways_out=(f"name one of {names} in `API-Version`",),
        )
    return Told(
        says=f"`{api.name}` has no version `{wanted}`",
        grounds=(in_api(case, "versions"),),
        ways_out=(f"name one of {names} in `API-Version`",),
    )


def _pin(case: Case, api: str) -> str | None:
    """The version of an API that the caller's application is pinned to."""
    pins = (case.caller.entitlement.pins or ()) if isinstance(case.caller, Known) else ()
    return next((p.version for p in pins if p.api == api), None)


def _sees(case: Case, version: Version) -> bool:
    assert isinstance(case.caller, Known) and case.route is not None
    return is_visible(version, case.route.api.name, case.caller.caller)


def _withheld(case: Case, route: Route, version: Version) -> Told:
    """It exists, and not for this caller."""
    called, place = version_of(route.api.name, version), in_api(case, f"versions.{version.name}")
    if not version.is_released and case.audience is not None and case.audience.is_external:
        return Told(
            says=f"{called} is a {version.status}: for services only",
            grounds=(place,),
            ways_out=(
                f"set its `status` to current{at(place)}, and `forecourt open {route.api.name}`",
            ),
        )
    if not version.is_open_to(_features(case)):
        return _lacking(case, route, version)
    key = f"apis.{route.api.name}.allowed_versions"
    allowed = in_partner(case, partner_id(case) or "", key)
    grant = granted(case.caller.caller, route.api.name) if isinstance(case.caller, Known) else None
    names = listed((grant.versions or ()) if grant is not None else ())
    return Told(
        says=f"the contract does not name {called}; it names {names}",
        grounds=(allowed,),
        ways_out=(
            f'add "{version.name}" to `allowed_versions`{at(allowed)},'
            f" and `forecourt open {partner_to_open(case)}`",
        ),
    )


def _features(case: Case) -> tuple[str, ...]:
    return case.caller.entitlement.features if isinstance(case.caller, Known) else ()


def _lacking(case: Case, route: Route, version: Version) -> Told:
    """Who has the feature may call it, and this caller has not."""
    called, place = version_of(route.api.name, version), in_api(case, f"versions.{version.name}")
    partner = partner_id(case)
    give = (
        f"add `{version.feature}` to `enabled_features` of the partner,"
        f" and `forecourt open {partner_to_open(case)}`"
        if partner
        else f"add `{version.feature}` to `enabled_features` of the service, and open it"
    )
    return Told(
        says=f"{called} is for callers that have the feature `{version.feature}`",
        grounds=(place,),
        ways_out=(give,),
    )


def _ask_again(case: Case) -> str:
    request = case.request
    header = ("--header", "API-Version: …")
    asked = command("why", "--as", _name(case), *header, request.method, request.path)
    return f"ask the caller for it, then: {asked}"


def _name(case: Case) -> str:
    """The caller as `--as` takes it; a certificate is its partner's."""
    if not isinstance(case.caller, Known):
        return "…"
    known = case.caller.entitlement
    return known.consumer if case.caller.kind == "certificate" else known.credential


STEP = StepKind(name="version", refuses=_refuses, passed=_passed, refused=_refused)
