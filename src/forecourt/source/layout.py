"""Which file means what: by its path from the estate's root."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from forecourt.diagnostics import Diagnostic, Span
from forecourt.estate.api import Api
from forecourt.estate.unread import Unknown
from forecourt.source.codes import BAD_NAME, STRAY_FILE
from forecourt.source.quoting import shown
from forecourt.source.vocabulary.names import NAME, as_name, is_name

ORGANIZATION = "forecourt.yaml"
PLANS = "plans.yaml"
TIERS = "sla.yaml"
SERVICES = "services.yaml"
_SINGLE = (ORGANIZATION, PLANS, TIERS, SERVICES)

_ENVIRONMENT = re.compile(r"forecourt\.([^./]+)\.yaml")
_API = re.compile(r"apis/([^/]+)/api\.yaml")
_CHANGES = re.compile(r"apis/([^/]+)/changes/([^/]+)\.yaml")
_OF_AN_API = re.compile(r"apis/([^/]+)/(.+)")
_PARTNER = re.compile(r"partners/([^/]+)\.yaml")
_WAIVER = re.compile(r"waivers/([^/]+)\.yaml")
_KNOWN_OF_AN_API = re.compile(r".+\.openapi\.ya?ml|(?:.+\.)?overlay\.ya?ml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The paths of an estate by what they are: each mapping from a name to a path, sorted.

    `changes` are by API and version.
    """

    paths: tuple[str, ...]
    environments: Mapping[str, str] = field(default_factory=dict)
    apis: Mapping[str, str] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    waivers: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[tuple[str, str], str] = field(default_factory=dict)


def laid_out(paths: Iterable[str]) -> tuple[Layout, tuple[Diagnostic, ...]]:
    """The layout of an estate's files, and those whose name cannot name anything."""
    ordered = tuple(sorted(paths))
    mistakes: list[Diagnostic] = []

    def named(pattern: re.Pattern[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for path in ordered:
            if (match := pattern.fullmatch(path)) is None:
                continue
            if is_name(match[1]):
                found[match[1]] = path
            else:
                mistakes.append(_unnamed(path, match[1]))
        return found

    apis = named(_API)
    layout = Layout(
        paths=ordered,
        environments=named(_ENVIRONMENT),
        apis=apis,
        partners=named(_PARTNER),
        waivers=named(_WAIVER),
        changes={
            (match[1], match[2]): path
            for path in ordered
            if (match := _CHANGES.fullmatch(path)) is not None and match[1] in apis
        },
    )
    return layout, tuple(mistakes)


def _unnamed(path: str, name: str) -> Diagnostic:
    near = as_name(name)
    way_out = None if near is None else f"rename it to `{near}`"
    message = f"{shown(name)} is not {NAME.expects}"
    return BAD_NAME.at(Span(path, 1, 1), message, help=way_out)


def strays(layout: Layout, apis: Mapping[str, Api]) -> Iterator[Diagnostic]:
    """A warning for each YAML file that nothing reads. `apis` are those that are known."""
    named: set[str] = set()
    known: dict[str, Api] = {}
    for name, api in apis.items():
        with suppress(Unknown):  # what is unread of it may name any file
            named.update(_named_by(api))
            known[name] = api
    for path in layout.paths:
        if not path.endswith((".yaml", ".yml")) or path in named or path in _SINGLE:
            continue
        if any(p.fullmatch(path) for p in (_ENVIRONMENT, _API, _PARTNER, _WAIVER)):
            continue
        if path in layout.changes.values():
            continue
        if (of_api := _OF_AN_API.fullmatch(path)) is not None:
            yield from _stray_of_an_api(path, of_api[1], of_api[2], layout, known)
        else:
            yield _stray(path, "nothing reads this file", _rename(path))


def _stray_of_an_api(
    path: str, folder: str, rest: str, layout: Layout, apis: Mapping[str, Api]
) -> Iterator[Diagnostic]:
    if folder not in layout.apis:
        if f"apis/{folder}/api.yaml" not in layout.paths:
            message = f"`apis/{folder}` has no `api.yaml`, so nothing reads this file"
            yield _stray(path, message, _rename(path))
        return
    if rest.startswith("changes/"):
        message = "changes are read from `changes/VERSION.yaml`, and this is none"
        yield _stray(path, message, _rename(path))
        return
    # Files in folders further in are parts of documents that are split up by `$ref`.
    is_part = "/" in rest
    if folder in apis and not is_part and _KNOWN_OF_AN_API.fullmatch(rest) is None:
        yield _stray(path, "nothing reads this file, and `api.yaml` does not name it", None)


def _named_by(api: Api) -> Iterator[str]:
    for version in api.versions:
        yield from filter(None, (version.contract, version.guide_file, *version.overlays))


def _rename(path: str) -> str | None:
    """The way out where only the ending is another."""
    if not path.endswith(".yml"):
        return None
    meant = path.removesuffix(".yml") + ".yaml"
    known = (_ENVIRONMENT, _API, _PARTNER, _WAIVER, _CHANGES)
    is_known = meant in _SINGLE or any(pattern.fullmatch(meant) for pattern in known)
    return f"rename it to `{posixpath.basename(meant)}`" if is_known else None


def _stray(path: str, message: str, way_out: str | None) -> Diagnostic:
    return STRAY_FILE.at(Span(path, 1, 1), message, help=way_out)
