"""`versions:` and `versioning:` in `api.yaml`, and how they must fit together."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.estate.api import Scheme, Status, Upstream, Version
from forecourt.source.codes import BAD_VERSIONS
from forecourt.source.files.demanded import demanded
from forecourt.source.vocabulary.addresses import UPSTREAM_URL
from forecourt.source.vocabulary.collection import ByName, Listed
from forecourt.source.vocabulary.names import VERSION_NAME
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
_DEPRECATED = optional("deprecated", DATE, "since when it is deprecated")
_SUNSET = optional(
    "sunset",
    DATE,
    "the day from which it is gone",
    note=f"From `deprecated` on so many months must pass. {demanded('deprecation')}",
)
_GUIDE = optional("guide", FILE, "how to move to a newer one", example="guides/migrate-v1-v2.md")
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
    if deprecated is not None and sunset is not None and sunset <= deprecated:
        place = at.places[f"{at.key}.sunset"]
        message = f"`sunset` is `{sunset}`, which is not after `deprecated` ({deprecated})"
        at.diagnostics.append(BAD_VERSIONS.at(place, message))
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
    )


VERSIONS = ByName(
    keys=VERSION_NAME,
    values=Record(
        expects="a mapping with `contract`",
        fields=(_CONTRACT, _STATUS, _DEPRECATED, _SUNSET, _GUIDE, _OVERLAYS, _OWN_UPSTREAM),
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
    """The versions sorted by name, or None when they do not fit the scheme, which is reported."""
    if scheme is Scheme.NONE:
        return _unversioned(at, versions, contract)
    before = len(at.diagnostics)
    if not versions:
        message = f"`versioning` is `{scheme.value}`, but there are no `versions`"
        way_out = "declare them, or write `versioning: {scheme: none}`"
        _refuse(at, "versioning", message, way_out)
    if contract is not None:
        message = "`contract` stands beside `versions`, which have contracts of their own"
        _refuse(at, "contract", message, "move it into the version it describes")
    if scheme is Scheme.DATES:
        for name in versions:
            if DATE.parse(name) is None:
                message = f"version `{name}` is not a date, and `scheme` is `dates`"
                _refuse(at, f"versions.{name}", message, "call it by its date: `2030-12-31`")
    spoken = {"": upstream} | {v.name: v.upstream for v in versions.values() if v.upstream}
    for owner, served in spoken.items():
        if versions and served.version is not None and served.version not in versions:
            key = f"versions.{owner}.upstream.version" if owner else "upstream.version"
            message = f"`version` is `{served.version}`, which is not one of {', '.join(versions)}"
            _refuse(at, key, message, "name a version that is declared below `versions`")
    if len(at.diagnostics) > before:
        return None
    return tuple(version for _, version in sorted(versions.items()))


def _unversioned(
    at: At, versions: Mapping[str, Version], contract: str | None
) -> tuple[Version, ...] | None:
    if versions:
        message = "`versioning` is `none`, but there are `versions`"
        way_out = "remove them (and name the document with `contract:`), or choose a scheme"
        _refuse(at, "versions", message, way_out)
        return None
    return (Version(name="", contract=contract),)


def _refuse(at: At, key: str, message: str, way_out: str) -> None:
    at.diagnostics.append(BAD_VERSIONS.at(at.places[key], message, help=way_out))
