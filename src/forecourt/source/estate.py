"""A folder's files as an estate, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from forecourt.diagnostics import Diagnostic, Span, in_reading_order
from forecourt.estate.api import Api
from forecourt.estate.consumers import Partner, Plan, Service
from forecourt.estate.model import Estate
from forecourt.estate.organization import Organization
from forecourt.estate.sla import Tier
from forecourt.estate.waiver import Waiver
from forecourt.source import layout, tree
from forecourt.source.changing import with_changes
from forecourt.source.codes import MISSING_FILE
from forecourt.source.environment import merged, of_apis, of_organization, over_api
from forecourt.source.files.api import API
from forecourt.source.files.changes import CHANGES
from forecourt.source.files.organization import ORGANIZATION
from forecourt.source.files.partner import PARTNER
from forecourt.source.files.plans import PLANS
from forecourt.source.files.services import SERVICES
from forecourt.source.files.tiers import TIERS
from forecourt.source.files.waiver import WAIVER
from forecourt.source.layout import Layout
from forecourt.source.quoting import shown
from forecourt.source.supposing import Value, valued
from forecourt.source.text import decode
from forecourt.source.tree import Node
from forecourt.source.vocabulary.record import Record

T = TypeVar("T")
V = TypeVar("V")

Files = Mapping[str, str | bytes]
Mistakes = tuple[Diagnostic, ...]


def read_estate(files: Files, environment: str | None = None) -> tuple[Estate, Mistakes]:
    """The estate that these files declare, and what is wrong with them in reading order.

    `files` maps paths from the estate's root, with `/`, to texts or bytes; those that mean nothing
    to an estate are skipped. What has a mistake is absent, all else is there.
    """
    read = EstateReader().read(files, environment)
    return read.estate, read.mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An estate as it was read.

    What has a mistake is absent from `estate`. In `supposed` it is there, too, as far as it is
    known; the files of which that is true are `supposed_in`. Nothing of it is ever published.
    """

    estate: Estate
    supposed: Estate
    supposed_in: frozenset[str]
    mistakes: Mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What was made of these texts."""

    texts: tuple[object, ...]
    result: object


class EstateReader:
    """Reads an estate again and again; what did not change is not read twice."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], _Kept] = {}
        self._still: dict[tuple[str, ...], _Kept] = {}

    def read(self, files: Files, environment: str | None = None) -> Read:
        """As `read_estate`, and what can be supposed of files that have mistakes."""
        self._still = {}
        where, mistakes = layout.laid_out(files)
        found = list(mistakes)
        parts = _Parts(
            organization=self._organization(files, where, environment, found),
            apis=self._apis(files, where, environment, found),
            services=self._shared(files, layout.SERVICES, SERVICES, found),
            partners=self._each(files, where.partners, PARTNER, "partners", found),
            plans=self._shared(files, layout.PLANS, PLANS, found),
            tiers=self._shared(files, layout.TIERS, TIERS, found),
            waivers=self._each(files, where.waivers, WAIVER, "waivers", found),
        )
        known = parts.known()
        found.extend(layout.strays(where, known.apis))
        self._kept = self._still
        return Read(
            estate=parts.sound(),
            supposed=known,
            supposed_in=parts.supposed_in(where),
            mistakes=in_reading_order(found),
        )

    # --- forecourt.yaml and what an environment lays over it --------------------------------------

    def _organization(
        self, files: Files, where: Layout, environment: str | None, found: list[Diagnostic]
    ) -> Value[Organization]:
        if layout.ORGANIZATION not in files:
            message = f"`{layout.ORGANIZATION}` is missing, with `organization` and `listeners`"
            found.append(MISSING_FILE.at(Span(layout.ORGANIZATION, 1, 1), message))
            return Value()
        for other, path in where.environments.items():
            if other != environment:
                value = self._organization_with(files, path)
                found.extend(d for d in value.mistakes if d.span.path == path)
        if environment is not None and environment not in where.environments:
            found.append(_no_environment(environment, where))
            return Value()
        over = None if environment is None else where.environments[environment]
        value = self._organization_with(files, over)
        found.extend(value.mistakes)
        return value

    def _organization_with(self, files: Files, over: str | None) -> Value[Organization]:
        path = layout.ORGANIZATION

        def read() -> Value[Organization]:
            base, mistakes = _parsed(files, path)
            if base is None:
                return Value(mistakes=mistakes)
            if over is not None:
                layer, others = _parsed(files, over)
                mistakes += others
                if layer is None:
                    return Value(mistakes=mistakes)
                layer, others = of_organization(layer)
                mistakes += others
                base = merged(base, layer)
            return valued(
                base, ORGANIZATION, path=path, label="organization", folder="", before=mistakes
            )

        return self._once(("organization", over or ""), _texts(files, path, over), read)

    # --- apis -------------------------------------------------------------------------------------

    def _apis(
        self, files: Files, where: Layout, environment: str | None, found: list[Diagnostic]
    ) -> dict[str, Value[Api]]:
        apis: dict[str, Value[Api]] = {}
        layers: Mapping[str, Node] = {}
        chosen: str | None = None
        for other, path in where.environments.items():
            others = self._layers(files, where, path, found)
            if other == environment:
                layers, chosen = others, path
                continue
            for name, layer in others.items():
                value = self._api(files, where, name, path, layer)
                found.extend(d for d in value.mistakes if d.span.path == path)
        for name in where.apis:
            layer_here = layers.get(name)
            over = chosen if layer_here is not None else None
            apis[name] = self._api(files, where, name, over, layer_here)
            found.extend(apis[name].mistakes)
        return apis

    def _layers(
        self, files: Files, where: Layout, path: str, found: list[Diagnostic]
    ) -> Mapping[str, Node]:
        over, _ = _parsed(files, path)
        if over is None:
            return {}
        layers, mistakes = of_apis(over, tuple(where.apis))
        found.extend(mistakes)
        return layers

    def _api(
        self, files: Files, where: Layout, name: str, over: str | None, layer: Node | None
    ) -> Value[Api]:
        changes = {
            version: self._file(files, path, CHANGES, version, f"apis/{name}")
            for (api, version), path in where.changes.items()
            if api == name
        }
        return with_changes(self._api_alone(files, where, name, over, layer), changes)

    def _api_alone(
        self, files: Files, where: Layout, name: str, over: str | None, layer: Node | None
    ) -> Value[Api]:
        path = where.apis[name]

        def read() -> Value[Api]:
            return _read(files, path, API, name, f"apis/{name}", layer)

        return self._once(("api", path, over or ""), _texts(files, path, over), read)

    # --- the others -------------------------------------------------------------------------------

    def _each(
        self,
        files: Files,
        paths: Mapping[str, str],
        record: Record[V],
        folder: str,
        found: list[Diagnostic],
    ) -> dict[str, Value[V]]:
        """One value a file."""
        values = {n: self._file(files, path, record, n, folder) for n, path in paths.items()}
        found.extend(mistake for value in values.values() for mistake in value.mistakes)
        return values

    def _shared(
        self, files: Files, path: str, record: Record[Mapping[str, V]], found: list[Diagnostic]
    ) -> Value[Mapping[str, V]]:
        """Many values in one file; a mistake in one leaves the others."""
        if path not in files:
            return Value()
        value = self._file(files, path, record, path, "")
        found.extend(value.mistakes)
        return value

    def _file(
        self, files: Files, path: str, record: Record[V], label: str, folder: str
    ) -> Value[V]:
        def read() -> Value[V]:
            return _read(files, path, record, label, folder)

        return self._once(("file", path), _texts(files, path, None), read)

    def _once(self, key: tuple[str, ...], texts: tuple[object, ...], read: Callable[[], T]) -> T:
        kept = self._kept.get(key)
        if kept is None or kept.texts != texts:
            kept = _Kept(texts=texts, result=read())
        self._still[key] = kept
        result: T = kept.result  # type: ignore[assignment]  # what `read` gave for this key
        return result


def _texts(files: Files, path: str, over: str | None) -> tuple[object, ...]:
    return (files[path],) if over is None else (files[path], files[over])


def _parsed(files: Files, path: str) -> tuple[Node | None, Mistakes]:
    data = files[path]
    text, mistakes = decode(data, path) if isinstance(data, bytes) else (data, ())
    return (None, mistakes) if text is None else tree.parse(text, path)


def _read(
    files: Files,
    path: str,
    record: Record[V],
    label: str,
    folder: str,
    layer: Node | None = None,
) -> Value[V]:
    node, mistakes = _parsed(files, path)
    if node is None:
        return Value(mistakes=mistakes)
    if layer is not None:
        node, others = over_api(node, layer)
        mistakes += others
    return valued(node, record, path=path, label=label, folder=folder, before=mistakes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Everything that was read, with its mistakes."""

    organization: Value[Organization]
    apis: Mapping[str, Value[Api]]
    services: Value[Mapping[str, Service]]
    partners: Mapping[str, Value[Partner]]
    plans: Value[Mapping[str, Plan]]
    tiers: Value[Mapping[str, Tier]]
    waivers: Mapping[str, Value[Waiver]]

    def sound(self) -> Estate:
        """What has no mistake."""
        return Estate(
            organization=self.organization.sound,
            apis=_there((name, value.sound) for name, value in self.apis.items()),
            services=_by_name(self.services.sound),
            partners=_there((name, value.sound) for name, value in self.partners.items()),
            plans=_by_name(self.plans.sound),
            tiers=_by_name(self.tiers.sound),
            waivers=tuple(_there((n, w.sound) for n, w in self.waivers.items()).values()),
        )

    def known(self) -> Estate:
        """What has none, and what is known of the rest."""
        return Estate(
            organization=self.organization.known,
            apis=_there((name, value.known) for name, value in self.apis.items()),
            services=_by_name(self.services.known),
            partners=_there((name, value.known) for name, value in self.partners.items()),
            plans=_by_name(self.plans.known),
            tiers=_by_name(self.tiers.known),
            waivers=tuple(_there((n, w.known) for n, w in self.waivers.items()).values()),
        )

    def supposed_in(self, where: Layout) -> frozenset[str]:
        """The files that have mistakes, and of which something is known."""
        single = (
            (layout.ORGANIZATION, self.organization),
            (layout.SERVICES, self.services),
            (layout.PLANS, self.plans),
            (layout.TIERS, self.tiers),
        )
        return frozenset(
            (
                *(path for path, value in single if value.supposed is not None),
                *(where.apis[n] for n, v in self.apis.items() if v.supposed is not None),
                *(where.partners[n] for n, v in self.partners.items() if v.supposed is not None),
                *(where.waivers[n] for n, v in self.waivers.items() if v.supposed is not None),
            )
        )


def _there(values: Iterable[tuple[str, V | None]]) -> dict[str, V]:
    return {name: value for name, value in values if value is not None}


def _by_name(values: Mapping[str, V] | None) -> dict[str, V]:
    return dict(sorted((values or {}).items()))


def _no_environment(environment: str, where: Layout) -> Diagnostic:
    file = f"forecourt.{environment}.yaml"
    message = f"there is no environment {shown(environment)}: {shown(file)} is missing"
    known = ", ".join(where.environments)
    way_out = f"the environments here are {known}" if known else f"write {shown(file)}"
    return MISSING_FILE.at(Span(layout.ORGANIZATION, 1, 1), message, help=way_out)
