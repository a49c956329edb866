"""`versions:` and `versioning:` in `api.yaml`, and how they must fit together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import cast

from forecourt.estate.api import Scheme, Status, Upstream, Version
from forecourt.source.codes import BAD_VERSIONS
from forecourt.source.files.brownouts import BROWNOUTS, are_fitting
from forecourt.source.files.demanded import demanded
from forecourt.source.vocabulary.addresses import UPSTREAM_URL
from forecourt.source.vocabulary.collection import ByName, Listed
from forecourt.source.vocabulary.guides import PAGE
from forecourt.source.vocabulary.names import NAME, VERSION_NAME
from forecourt.source.vocabulary.paths import FILE
from forecourt.source.vocabulary.quantities import DATE
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required
from forecourt.source.vocabulary.words import Word

# --- upstream -------------------------------------------------------------------------------------

_URL = required("url", UPSTREAM_URL, "where the service listens")
_SPEAKS = optional(
    "version", VERSION_NAME, "the version that the service speaks; left out: every one"
)


def _upstream(row: Row, at: At) -> Upstream:
    return Upstream(url=row[_URL], version=row[_SPEAKS])


UPSTREAM = Record(expects="a mapping with `url`", fields=(_URL, _SPEAKS), build=_upstream)

# --- one version ----------------------------------------------------------------------------------

_CONTRACT = required("contract", FILE, "its OpenAPI document", example="v1.openapi.yaml")
_STATUS = optional(
    "status",
    Word(members=tuple(Status)),
    "where it stands in its life",
    default=Status.CURRENT,
    written="current",
)
_FEATURE = optional(
    "feature",
    NAME,
    "what a consumer must have to reach it, one of `features` in `forecourt.yaml`",
    note="A preview needs one; versions that flags choose may have one.",
    example="new-ledger",
)
_DEPRECATED = optional("deprecated", DATE, "since when it is deprecated")
_SUNSET = optional(
    "sunset",
    DATE,
    "the day from which it is gone",
    note=f"From `deprecated` on so many months must pass. {demanded('deprecation')}",
)
_GUIDE = optional(
    "guide",
    PAGE,
    "how to move to a newer one",
    example="https://developer.acme.example/payments/migrate-v1-v2",
    note="Callers are led to a URL; a file is for whoever reads the estate.",
)
_BROWNOUTS = optional(
    "brownouts",
    BROWNOUTS,
    "when it is refused for a while before its sunset",
    example=[{"before": "30d", "length": "12h"}],
    note="Left out: 12h, 24h and 48h, 30, 14 and 7 days before, if the API has callers outside."
    " `[]`: never.",
)
_OVERLAYS = optional(
    "overlays",
    Listed(of=FILE, expects="a list of files"),
    "OpenAPI Overlays that are laid over this contract alone, after those of the API",
    default=(),
    example=["v1.overlay.yaml"],
)
_OWN_UPSTREAM = optional("upstream", UPSTREAM, "where this version alone is served")


def _version(row: Row, at: At) -> Version | None:
    deprecated, sunset = row[_DEPRECATED], row[_SUNSET]
    if at.attempt(lambda: _is_backwards(deprecated, sunset)) is True:
        place = at.places[f"{at.key}.sunset"]
        message = f"`sunset` is `{sunset}`, which is not after `deprecated` ({deprecated})"
        at.diagnostics.append(BAD_VERSIONS.at(place, message))
        if not at.supposes:
            return None
    brownouts = row[_BROWNOUTS]
    if at.attempt(lambda: are_fitting(at, brownouts, deprecated, sunset)) is False:
        return None
    return Version(
        name=at.label,
        contract=row[_CONTRACT],
        status=row[_STATUS],
        deprecated=deprecated,
        sunset=sunset,
        guide=row[_GUIDE],
        upstream=row[_OWN_UPSTREAM],
        overlays=row[_OVERLAYS],
        brownouts=brownouts,
        feature=row[_FEATURE],
    )


def _is_backwards(deprecated: date | None, sunset: date | None) -> bool:
    return deprecated is not None and sunset is not None and sunset <= deprecated


VERSIONS = ByName(
    keys=VERSION_NAME,
    values=Record(
        expects="a mapping with `contract`",
        fields=(
            *(_CONTRACT, _STATUS, _FEATURE, _DEPRECATED, _SUNSET, _GUIDE, _BROWNOUTS, _OVERLAYS),
            _OWN_UPSTREAM,
        ),
        build=_version,
    ),
    expects='a mapping of versions, such as `{"1": {contract: v1.openapi.yaml}}`',
)

# --- how versions are named -----------------------------------------------------------------------

_SCHEME = required(
    "scheme",
    Word(members=tuple(Scheme)),
    "how a caller names the version it wants",
    note=demanded("versioning"),
)


def _scheme(row: Row, at: At) -> Scheme:
    return row[_SCHEME]


VERSIONING = Record(expects="a mapping with `scheme`", fields=(_SCHEME,), build=_scheme)


def fitting(
    at: At,
    *,
    scheme: Scheme,
    versions: Mapping[str, Version],
    contract: str | None,
    upstream: Upstream,
) -> tuple[Version, ...] | None:
    """The versions sorted by name, or None when they do not fit the scheme, which is reported.

    Schemes are compared by `==`, which what is unread refuses, and never by `is`.
    """
    before = len(at.diagnostics)
    checks: tuple[Callable[[], None], ...] = (
        lambda: _are_there(at, scheme, versions),
        lambda: _have_contracts_of_their_own(at, scheme, contract),
        lambda: _are_dates(at, scheme, versions),
        lambda: _are_spoken(at, scheme, versions, upstream),
        lambda: _have_features_where_they_count(at, scheme, versions),
    )
    for check in checks:
        at.attempt(check)
    if len(at.diagnostics) > before and not at.supposes:
        return None
    return at.attempt(lambda: _fitted(at, scheme, versions, contract))


def _fitted(
    at: At, scheme: Scheme, versions: Mapping[str, Version], contract: str | None
) -> tuple[Version, ...]:
    if versions:
        return tuple(version for _, version in sorted(versions.items()))
    if scheme == Scheme.NONE or contract is not None:
        return (Version(name="", contract=contract),)
    return cast(tuple[Version, ...], at.unread())  # some should be there


def _are_there(at: At, scheme: Scheme, versions: Mapping[str, Version]) -> None:
    if scheme == Scheme.NONE and versions:
        message = "`versioning` is `none`, but there are `versions`"
        way_out = "remove them (and name the document with `contract:`), or choose a scheme"
        _refuse(at, "versions", message, way_out)
    elif scheme != Scheme.NONE and not versions:
        message = f"`versioning` is `{scheme.value}`, but there are no `versions`"
        way_out = "declare them, or write `versioning: {scheme: none}`"
        _refuse(at, "versioning", message, way_out)


def _have_contracts_of_their_own(at: At, scheme: Scheme, contract: str | None) -> None:
    if contract is not None and scheme != Scheme.NONE:
        message = "`contract` stands beside `versions`, which have contracts of their own"
        _refuse(at, "contract", message, "move it into the version it describes")


def _are_dates(at: At, scheme: Scheme, versions: Mapping[str, Version]) -> None:
    if scheme == Scheme.DATES:
        for name in versions:
            if DATE.parse(name) is None:
                message = f"version `{name}` is not a date, and `scheme` is `dates`"
                _refuse(at, f"versions.{name}", message, "call it by its date: `2030-12-31`")


def _have_features_where_they_count(
    at: At, scheme: Scheme, versions: Mapping[str, Version]
) -> None:
    """A preview says who may call it; anybody may call what is released, unless flags choose."""
    for name, version in versions.items():
        if at.attempt(partial(_lacks_feature, version)) is True:
            message = f"version `{name}` is a preview, and no `feature` says who may call it"
            way_out = "add `feature: NAME`, one of the estate's `features`; or make it a draft"
            _refuse(at, f"versions.{name}", message, way_out)
        elif at.attempt(partial(_has_idle_feature, scheme, version)) is True:
            message = f"version `{name}` is {version.status.value}, so its `feature` opens nothing"
            way_out = "remove `feature`, or make it a preview"
            _refuse(at, f"versions.{name}.feature", message, way_out)


def _lacks_feature(version: Version) -> bool:
    return version.status == Status.PREVIEW and version.feature is None


def _has_idle_feature(scheme: Scheme, version: Version) -> bool:
    is_chosen_by_it = scheme == Scheme.FLAGS or version.status == Status.PREVIEW
    return version.feature is not None and not is_chosen_by_it


def _are_spoken(
    at: At, scheme: Scheme, versions: Mapping[str, Version], upstream: Upstream
) -> None:
    """Whether the services speak versions that there are."""
    if scheme == Scheme.NONE or not versions:
        return
    _is_spoken(at, "upstream.version", upstream, versions)
    for name, version in versions.items():
        if version.upstream is not None:
            _is_spoken(at, f"versions.{name}.upstream.version", version.upstream, versions)


def _is_spoken(at: At, key: str, upstream: Upstream, versions: Mapping[str, Version]) -> None:
    if at.attempt(lambda: upstream.version in (None, *versions)) is False:
        message = f"`version` is `{upstream.version}`, which is not one of {', '.join(versions)}"
        _refuse(at, key, message, "name a version that is declared below `versions`")


def _refuse(at: At, key: str, message: str, way_out: str) -> None:
    at.diagnostics.append(BAD_VERSIONS.at(at.places[key], message, help=way_out))
