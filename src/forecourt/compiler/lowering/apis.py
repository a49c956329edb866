"""What the edge must do for one API: where it stands, its versions, what its callers get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from forecourt.compiler.ir import apis as ir
from forecourt.compiler.lowering.upstreams import lower_upstream
from forecourt.estate.api import Api, Scheme, Status, Version
from forecourt.estate.audience import Audience
from forecourt.estate.brownouts import Brownout
from forecourt.estate.posture import NOTICING, POSTURES, Posture, posture_of
from forecourt.estate.precedence import precedence
from forecourt.estate.rate_limit import RateLimit

EXTERNAL, INTERNAL = "external", "internal"

# The compiled contracts of an API's versions, by the name of the version.
ContractsOf = Mapping[str, tuple[ir.ContractRef, ...]]
_NO_CONTRACTS: ContractsOf = MappingProxyType({})

# What of an API's versions anybody may call, by the name of the version.
AnonymousOf = Mapping[str, ir.Anonymous]
_NOTHING: AnonymousOf = MappingProxyType({})

# What lies between a version and the one that its service speaks, by the name of the version.
LensesOf = Mapping[str, ir.LensRef]
_NO_LENSES: LensesOf = MappingProxyType({})

_BY_HEADER = frozenset({Scheme.HEADER, Scheme.DATES})


def lower_api(
    api: Api,
    *,
    mocked: bool,
    contracts: ContractsOf = _NO_CONTRACTS,
    lenses: LensesOf = _NO_LENSES,
    anonymous: AnonymousOf = _NOTHING,
) -> ir.Api:
    """The API as the edge serves it. `mocked`: built-in mocks stand in for every upstream."""
    own = posture_of(api, api.audience)
    external = own.listener == "internal+external" and api.audience.is_external
    return ir.Api(
        name=api.name,
        title=api.title,
        audience=api.audience,
        team=api.owner.team,
        path=api.path,
        listeners=(EXTERNAL, INTERNAL) if external else (INTERNAL,),
        by_header=api.scheme in _BY_HEADER,
        by_flags=api.scheme is Scheme.FLAGS,
        versions=tuple(
            replace(
                _version(api, v, mocked, contracts.get(v.name, ()), lenses.get(v.name)),
                anonymous=anonymous.get(v.name) if external else None,
            )
            for v in oldest_first(api.versions)
        ),
        allow=None if api.allow is None else tuple(sorted(api.allow)),
        callers=callers_of(api),
        origin=api.places.origin,
    )


def callers_of(api: Api) -> tuple[ir.CallerPolicy, ...]:
    """What holds for the callers of each audience that can reach an API."""
    return tuple(_caller(api, audience) for audience in Audience if audience <= api.audience)


def _caller(api: Api, audience: Audience) -> ir.CallerPolicy:
    posture = posture_of(api, audience)
    return ir.CallerPolicy(
        audience=audience,
        errors=posture.errors,
        credentials=tuple(sorted(posture.credentials)),
        demands_scopes=posture.authorization != "service",
        request_check=posture.request_check,
        response_check=posture.response_check,
        unknown_parameters=posture.unknown_parameters,
        body_bytes=posture.body_limits.bytes,
        body_depth=posture.body_limits.depth,
        body_keys=posture.body_limits.keys,
        precedence=_precedence(posture, audience),
        meets_brownouts=audience in NOTICING[api.audience].callers,
        abuse=posture.abuse,
        limit=limit_of(api, posture),
    )


def limit_of(api: Api, posture: Posture) -> RateLimit | None:
    """What the API says itself, where that holds for such callers."""
    own = api.posture.get("rate_limit")
    return posture.rate_limit if posture.rate_limit == own else None


def _precedence(posture: Posture, audience: Audience) -> int | None:
    """The class in which an API's callers are turned away, where that is not the audience's."""
    own = posture.shedding
    return None if own == POSTURES[audience].shedding else precedence(own)


def _version(
    api: Api,
    version: Version,
    mocked: bool,
    contracts: tuple[ir.ContractRef, ...],
    lens: ir.LensRef | None,
) -> ir.Version:
    declared = version.upstream or api.upstream
    return ir.Version(
        name=version.name,
        status=version.status.value,
        prefix=prefix_of(api, version),
        upstream=ir.mock_upstream(api.name) if mocked else lower_upstream(declared),
        deprecated=version.deprecated,
        sunset=version.sunset,
        successors=_successors(api, version),
        guide=version.guide,
        contracts=contracts,
        lens=lens,
        brownouts=brownouts_of(api, version),
        feature=version.feature,
        origin=api.places[f"versions.{version.name}"],
    )


def prefix_of(api: Api, version: Version) -> str:
    """Where a version stands."""
    return api.prefix_of(version.name)


def _successors(api: Api, version: Version) -> tuple[str, ...]:
    """The current versions that callers of a deprecated one may move to: the newest first."""
    if version.status is not Status.DEPRECATED:
        return ()
    current = (v.name for v in api.versions if v.status is Status.CURRENT)
    return tuple(sorted(current, key=natural_order, reverse=True))


def brownouts_of(api: Api, version: Version) -> tuple[ir.Brownout, ...]:
    """When a version is refused before its sunset: by its own schedule, or by the usual one.

    Of the usual one only what begins after the version is deprecated.
    """
    sunset, deprecated = version.sunset, version.deprecated
    if version.status is not Status.DEPRECATED or sunset is None or deprecated is None:
        return ()
    chosen = NOTICING[api.audience].usual if version.brownouts is None else version.brownouts
    windows = (_window(sunset, brownout) for brownout in chosen)
    first = _begin(deprecated)
    return tuple(sorted((w for w in windows if w.begins >= first), key=lambda w: w.begins))


def _window(sunset: date, brownout: Brownout) -> ir.Brownout:
    begins = _begin(sunset) - timedelta(seconds=brownout.before)
    return ir.Brownout(begins=begins, ends=begins + timedelta(seconds=brownout.length))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def oldest_first(versions: Iterable[Version]) -> list[Version]:
    """As their names count: 2 before 10. The edge takes the last where a caller names none."""
    return sorted(versions, key=lambda version: natural_order(version.name))


def natural_order(name: str) -> tuple[tuple[int, str], ...]:
    """Sorts `2` before `10`, and dates by day."""
    return tuple((int(p), "") if p.isdigit() else (0, p) for p in name.replace(".", "-").split("-"))
