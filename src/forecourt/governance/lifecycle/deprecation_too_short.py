"""A version is taken away sooner than its callers were promised.

Why it matters
    Between `deprecated` and `sunset` callers find out, plan, change their code and roll it out. A
    partner plans by the half-year; a stranger may hear of it only when a key's owner looks again.

Bad
    # apis/refunds/api.yaml
    audience: public
    versions:
      "1":
        contract: v1.openapi.yaml
        status: deprecated
        deprecated: 2029-01-01
        sunset: 2029-07-01

Good
    # apis/refunds/api.yaml
    audience: public
    versions:
      "1":
        contract: v1.openapi.yaml
        status: deprecated
        deprecated: 2029-01-01
        sunset: 2030-01-01

    Months are calendar months. The strictest counts: the audience's, the API's own `posture`, or
    the organisation's `floors`. Where the version was published before without an end, or with a
    later one, they count from today on at the earliest: nobody could know of it before.

When to waive
    When an earlier end was announced before the promise was made, or the version is a danger to its
    own callers. Name the version:

    # waivers/payments-v1-sunset.yaml
    rule: deprecation-too-short
    api: payments
    version: "1"
    owner: payments
    because: announced under the 2023 policy
    approved_by: [api-review-board]
    expires: 2024-08-01
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from forecourt.diagnostics import Severity, Span
from forecourt.estate.api import Api, Status, Version
from forecourt.estate.organization import Organization
from forecourt.estate.posture import posture_of
from forecourt.governance.demands import whose
from forecourt.governance.months import after_months, in_words, whole_months
from forecourt.governance.rule import Finding, Rule, ServedVersion, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding at each sunset that comes too soon after its deprecation."""
    for api in subject.estate.apis.values():
        months, place = demanded_months(api, subject.estate.organization)
        asked_by = whose(api) if place is None else f"`{place}`"
        served = {v.name: v for v in (subject.facts.served or {}).get(api.name, ())}
        for version in api.versions:
            told = served.get(version.name)
            yield from _version(api, version, (months, asked_by), told, subject.today)


def _version(
    api: Api,
    version: Version,
    demanded: tuple[int, str],
    told: ServedVersion | None,
    today: date,
) -> Iterator[Finding]:
    start, end = version.deprecated, version.sunset
    if version.status is not Status.DEPRECATED or start is None or end is None:
        return
    since = "`deprecated`"
    if told is not None and start < today and (told.sunset is None or end < told.sunset):
        start, since = today, "today, when its callers first hear of it,"
    months, asked_by = demanded
    earliest = after_months(start, months)
    if end < earliest:
        left = in_words(whole_months(start, end)) if start < end else "no time"
        yield Finding(
            message=f"version `{version.name}` has {left} from {since} to `sunset`, but {asked_by} "
            f"demands {in_words(months)}",
            span=api.places[f"versions.{version.name}.sunset"],
            help=f"set `sunset` to {earliest} or later; an exception takes a waiver of "
            f'`{RULE.name}` for `{api.name}` with `version: "{version.name}"`',
            api=api.name,
            version=version.name,
        )


def demanded_months(api: Api, organization: Organization | None) -> tuple[int, Span | None]:
    """The months that must lie between, and where somebody asked for more than the audience."""
    months = posture_of(api, api.audience).deprecation
    place = api.places["posture.deprecation"] if "deprecation" in api.posture else None
    if organization is not None:
        floor = organization.deprecation_floors.get(api.audience, 0)
        if floor > months:
            return floor, organization.places[f"floors.deprecation.{api.audience.value}"]
    return months, place


RULE = Rule(
    code="FC304",
    name="deprecation-too-short",
    summary="a version is taken away sooner than its callers were promised",
    severity=Severity.ERROR,
    since="0.1",
    waivable=True,
    check=check,
    explanation=__doc__,
)
