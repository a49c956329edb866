"""Say when the versions of an API are refused before their sunsets, and whom that would hit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from forecourt.actions.usage import Usage
from forecourt.compiler.ir.apis import Api, Brownout, Version
from forecourt.compiler.ir.callers import Partner
from forecourt.estate.audience import Audience

# How far back a caller counts as one who still calls.
DAYS = 30

# Whose a consumer is, by what the access log calls it (`partner:partner_acme_corp`).
_AUDIENCES: Mapping[str, Audience] = MappingProxyType(
    {
        "service": Audience.INTERNAL,
        "partner": Audience.PARTNER,
        "developer": Audience.PUBLIC,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Longer:
    """A partner that was given longer than everybody else, and how often it called."""

    partner: str
    until: date
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBrownouts:
    """The brownouts of a deprecated version.

    `hit` are the callers that a brownout would refuse, by what they called in the last days; who is
    `spared` by its audience, and who was given `longer`, is told besides. `now` is the one that
    lasts at the moment asked about, `next` the first that begins after it.
    """

    version: str
    sunset: date
    brownouts: tuple[Brownout, ...]
    now: Brownout | None
    next: Brownout | None
    hit: tuple[Usage, ...]
    spared: tuple[Usage, ...]
    longer: tuple[Longer, ...]


def usage_window(at: date, today: date) -> tuple[date, date]:
    """The days whose calls count, both included: none of the future is known."""
    until = min(at, today)
    return until - timedelta(days=DAYS - 1), until


def plan_brownouts(
    api: Api, partners: Iterable[Partner], usage: Iterable[Usage], at: date
) -> tuple[PlannedBrownouts, ...]:
    """Those of each deprecated version that ends, as of noon (UTC) of a day."""
    moment = datetime.combine(at, time(12), UTC)
    known, used = tuple(partners), tuple(usage)
    return tuple(
        _planned(api, version, version.sunset, known, used, moment)
        for version in api.versions
        if version.status == "deprecated" and version.sunset is not None
    )


def _planned(
    api: Api,
    version: Version,
    sunset: date,
    partners: tuple[Partner, ...],
    usage: tuple[Usage, ...],
    moment: datetime,
) -> PlannedBrownouts:
    its = [u for u in usage if u.version == version.name]
    later = tuple(_later(api, version, sunset, partners))
    meets = {caller.audience for caller in api.callers if caller.meets_brownouts}
    given_longer = {f"partner:{partner.id}" for _, partner in later}
    counted = [u for u in its if u.consumer not in given_longer]
    return PlannedBrownouts(
        version=version.name,
        sunset=sunset,
        brownouts=version.brownouts,
        now=next((b for b in version.brownouts if b.begins <= moment < b.ends), None),
        next=next((b for b in version.brownouts if b.begins > moment), None),
        hit=tuple(u for u in counted if audience_of(u.consumer) in meets),
        spared=tuple(u for u in counted if audience_of(u.consumer) not in meets),
        longer=tuple(
            Longer(
                partner=partner.name,
                until=until,
                requests=sum(u.requests for u in its if u.consumer == f"partner:{partner.id}"),
            )
            for until, partner in sorted(later, key=lambda pair: pair[1].name)
        ),
    )


def _later(
    api: Api, version: Version, sunset: date, partners: tuple[Partner, ...]
) -> Iterator[tuple[date, Partner]]:
    for partner in partners:
        for agreed in partner.sunsets:
            if (agreed.api, agreed.version) == (api.name, version.name) and agreed.on > sunset:
                yield agreed.on, partner


def audience_of(consumer: str) -> Audience | None:
    """Whose caller that is; None for a word that no log of ours has."""
    return _AUDIENCES.get(consumer.partition(":")[0])
