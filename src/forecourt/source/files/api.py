"""`apis/NAME/api.yaml`: one API as its team declares it."""

from __future__ import annotations

from dataclasses import replace

from forecourt.estate.api import Api, Owner, Scheme, Version
from forecourt.estate.audience import Audience
from forecourt.source.codes import NAME_MISMATCH
from forecourt.source.files.demanded import demanded
from forecourt.source.files.objective import OBJECTIVE
from forecourt.source.files.posture import POSTURE, completed
from forecourt.source.files.versions import UPSTREAM, VERSIONING, VERSIONS, fitting
from forecourt.source.vocabulary.addresses import URL
from forecourt.source.vocabulary.collection import Listed
from forecourt.source.vocabulary.names import NAME
from forecourt.source.vocabulary.paths import FILE, SERVED_PATH
from forecourt.source.vocabulary.reading import At
from forecourt.source.vocabulary.record import Record, Row, optional, required
from forecourt.source.vocabulary.words import TEXT, Word

# --- owner, sla -----------------------------------------------------------------------------------

_TEAM = required("team", TEXT, "the team that answers for it", example="payments")
_SLACK = optional("slack", TEXT, "the team's channel", example="#payments")
_ON_CALL = optional("on_call", TEXT, "who is called at night", example="payments-oncall")


def _owner(row: Row, at: At) -> Owner:
    return Owner(team=row[_TEAM], slack=row[_SLACK], on_call=row[_ON_CALL])


OWNER = Record(expects="a mapping with `team`", fields=(_TEAM, _SLACK, _ON_CALL), build=_owner)

_SLA_TIERS = required(
    "tiers",
    Listed(of=NAME, expects="a list of tiers"),
    "the tiers of `sla.yaml` that are sold",
    example=["standard"],
)


def _tiers(row: Row, at: At) -> tuple[str, ...]:
    return row[_SLA_TIERS]


SLA = Record(expects="a mapping with `tiers`", fields=(_SLA_TIERS,), build=_tiers)

# --- the file -------------------------------------------------------------------------------------

_NAME = required("name", NAME, "what it is called, as its folder is", example="payments")
_TITLE = optional("title", TEXT, "what people call it; left out: its name", example="Payments")
_AUDIENCE = required(
    "audience", Word(members=tuple(Audience)), "who may call; everything else follows from it"
)
_OWNER = required("owner", OWNER, "who answers for it")
_SOURCE = optional("source", URL, "where its code is; shown inside, hidden outside")
_PATH = optional("path", SERVED_PATH, "what its addresses begin with; left out: its name")
_UPSTREAM = required("upstream", UPSTREAM, "where the service listens")
_VERSIONING = optional(
    "versioning",
    VERSIONING,
    "how a caller names the version it wants; left out: by path, or not at all without `versions`",
    note=demanded("versioning"),
    example={"scheme": "path"},
)
_VERSIONS = optional(
    "versions",
    VERSIONS,
    "its versions by name",
    default={},
    note="A partner or public API has at least one.",
    example={"1": {"contract": "v1.openapi.yaml"}},
)
_CONTRACT = optional(
    "contract", FILE, "the OpenAPI document of an API without versions", example="openapi.yaml"
)
_POSTURE = optional(
    "posture",
    POSTURE,
    "what is stricter than its audience demands",
    default={},
    note="What is laxer takes a waiver of `laxer-than-posture`.",
    example={"body_limits": {"bytes": "256 KB"}},
)
_ALLOW = optional(
    "allow",
    Listed(of=NAME, expects="a list of services"),
    "the services that may call; left out: every declared one",
    note="Only an internal API has it.",
    example=["orders"],
)
_OVERLAYS = optional(
    "overlays",
    Listed(of=FILE, expects="a list of files"),
    "OpenAPI Overlays that are laid over its contracts, such as marks of who sees what",
    default=(),
    example=["audience.overlay.yaml"],
)
_SLA = optional(
    "sla",
    SLA,
    "what is promised outside",
    default=(),
    note=demanded("promise"),
    example={"tiers": ["standard"]},
)
_SLO = optional("slo", OBJECTIVE, "what is aimed at inside")
_DASHBOARDS = optional(
    "dashboards", Listed(of=URL, expects="a list of URLs"), "where it can be watched", default=()
)


def _api(row: Row, at: At) -> Api | None:
    name, title, path = row[_NAME], row[_TITLE], row[_PATH]
    is_mismatch = at.attempt(lambda: name != at.label) is True
    if is_mismatch:
        message = f"`name` is `{name}`, but its folder is called {at.what}"
        place = at.places["name"]
        way_out = f"write `name: {at.label}`, or rename the folder"
        at.diagnostics.append(NAME_MISMATCH.at(place, message, help=way_out))
    scheme = row[_VERSIONING]
    if scheme is None:
        scheme = at.attempt(lambda: Scheme.PATH if row[_VERSIONS] else Scheme.NONE)
    versions = fitting(
        at,
        scheme=scheme,
        versions=row[_VERSIONS],
        contract=row[_CONTRACT],
        upstream=row[_UPSTREAM],
    )
    if versions is None or (is_mismatch and not at.supposes):
        return None
    return Api(
        name=at.label,
        title=at.label if title is None else title,
        audience=row[_AUDIENCE],
        owner=row[_OWNER],
        path=f"/{at.label}/" if path is None else path,
        upstream=row[_UPSTREAM],
        scheme=scheme,
        versions=at.attempt(lambda: tuple(_overlaid(v, row, at) for v in versions)),
        folder=at.folder,
        source=row[_SOURCE],
        allow=row[_ALLOW],
        posture=at.attempt(lambda: completed(row[_POSTURE], row[_AUDIENCE], at)),
        overlays=row[_OVERLAYS],
        sla_tiers=row[_SLA],
        objective=row[_SLO],
        dashboards=row[_DASHBOARDS],
        places=at.places,
    )


def _overlaid(version: Version, row: Row, at: At) -> Version:
    overlays = at.attempt(lambda: (*row[_OVERLAYS], *version.overlays))
    return at.attempt(lambda: replace(version, overlays=overlays))


API = Record(
    expects="a mapping with `name`, `audience`, `owner` and `upstream`",
    fields=(
        _NAME,
        _TITLE,
        _AUDIENCE,
        _OWNER,
        _SOURCE,
        _PATH,
        _UPSTREAM,
        _VERSIONING,
        _VERSIONS,
        _CONTRACT,
        _POSTURE,
        _ALLOW,
        _OVERLAYS,
        _SLA,
        _SLO,
        _DASHBOARDS,
    ),
    build=_api,
)
