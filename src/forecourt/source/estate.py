"""A folder's files as an estate, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from forecourt.diagnostics import Diagnostic, Span, has_errors, in_reading_order
from forecourt.estate.api import Api
from forecourt.estate.model import Estate
from forecourt.estate.organization import Organization
from forecourt.source import layout, tree
from forecourt.source.codes import MISSING_FILE
from forecourt.source.environment import merged, of_apis, of_organization, over_api
from forecourt.source.files.api import API
from forecourt.source.files.organization import ORGANIZATION
from forecourt.source.files.partner import PARTNER
from forecourt.source.files.plans import PLANS
from forecourt.source.files.services import SERVICES
from forecourt.source.files.tiers import TIERS
from forecourt.source.files.waiver import WAIVER
from forecourt.source.layout import Layout
from forecourt.source.quoting import shown
from forecourt.source.text import decode
from forecourt.source.tree import Node, Scalar
from forecourt.source.vocabulary.reading import At
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
    return EstateReader().read(files, environment)


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

    def read(self, files: Files, environment: str | None = None) -> tuple[Estate, Mistakes]:
        """As `read_estate`."""
        self._still = {}
        where, mistakes = layout.laid_out(files)
        found = list(mistakes)
        organization = self._organization(files, where, environment, found)
        apis = self._apis(files, where, environment, found)
        estate = Estate(
            organization=organization,
            apis=apis,
            services=self._shared(files, layout.SERVICES, SERVICES, found),
            partners=self._each(files, where.partners, PARTNER, "partners", found),
            plans=self._shared(files, layout.PLANS, PLANS, found),
            tiers=self._shared(files, layout.TIERS, TIERS, found),
            waivers=tuple(self._each(files, where.waivers, WAIVER, "waivers", found).values()),
        )
        found.extend(layout.strays(where, apis))
        self._kept = self._still
        return estate, in_reading_order(found)

    # --- forecourt.yaml and what an environment lays over it --------------------------------------

    def _organization(
        self, files: Files, where: Layout, environment: str | None, found: list[Diagnostic]
    ) -> Organization | None:
        if layout.ORGANIZATION not in files:
            message = f"`{layout.ORGANIZATION}` is missing, with `organization` and `listeners`"
            found.append(MISSING_FILE.at(Span(layout.ORGANIZATION, 1, 1), message))
            return None
        for other, path in where.environments.items():
            if other != environment:
                _, mistakes = self._organization_with(files, path)
                found.extend(d for d in mistakes if d.span.path == path)
        if environment is not None and environment not in where.environments:
            found.append(_no_environment(environment, where))
            return None
        over = None if environment is None else where.environments[environment]
        organization, mistakes = self._organization_with(files, over)
        found.extend(mistakes)
        return organization

    def _organization_with(
        self, files: Files, over: str | None
    ) -> tuple[Organization | None, Mistakes]:
        path = layout.ORGANIZATION

        def read() -> tuple[Organization | None, Mistakes]:
            base, mistakes = _parsed(files, path)
            if base is None:
                return None, mistakes
            if over is not None:
                layer, others = _parsed(files, over)
                mistakes += others
                if layer is None:
                    return None, mistakes
                layer, others = of_organization(layer)
                mistakes += others
                base = merged(base, layer)
            organization, others = _value(base, ORGANIZATION, path, "organization", "")
            mistakes += others
            return (None if has_errors(mistakes) else organization), mistakes

        return self._once(("organization", over or ""), _texts(files, path, over), read)

    # --- apis -------------------------------------------------------------------------------------

    def _apis(
        self, files: Files, where: Layout, environment: str | None, found: list[Diagnostic]
    ) -> dict[str, Api]:
        apis: dict[str, Api] = {}
        layers: Mapping[str, Node] = {}
        chosen: str | None = None
        for other, path in where.environments.items():
            others = self._layers(files, where, path, found)
            if other == environment:
                layers, chosen = others, path
                continue
            for name, layer in others.items():
                _, mistakes = self._api(files, where, name, path, layer)
                found.extend(d for d in mistakes if d.span.path == path)
        for name in where.apis:
            layer_here = layers.get(name)
            over = chosen if layer_here is not None else None
            api, mistakes = self._api(files, where, name, over, layer_here)
            found.extend(mistakes)
            if api is not None:
                apis[name] = api
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
    ) -> tuple[Api | None, Mistakes]:
        path = where.apis[name]

        def read() -> tuple[Api | None, Mistakes]:
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
    ) -> dict[str, V]:
        """One value a file."""
        values: dict[str, V] = {}
        for name, path in paths.items():
            value, mistakes = self._file(files, path, record, name, folder)
            found.extend(mistakes)
            if value is not None:
                values[name] = value
        return values

    def _shared(
        self, files: Files, path: str, record: Record[Mapping[str, V]], found: list[Diagnostic]
    ) -> dict[str, V]:
        """Many values in one file; a mistake in one leaves the others."""
        if path not in files:
            return {}
        values, mistakes = self._file(files, path, record, path, "")
        found.extend(mistakes)
        return dict(sorted((values or {}).items()))

    def _file(
        self, files: Files, path: str, record: Record[V], label: str, folder: str
    ) -> tuple[V | None, Mistakes]:
        def read() -> tuple[V | None, Mistakes]:
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
) -> tuple[V | None, Mistakes]:
    node, mistakes = _parsed(files, path)
    if node is None:
        return None, mistakes
    if layer is not None:
        node, others = over_api(node, layer)
        mistakes += others
    value, others = _value(node, record, path, label, folder)
    mistakes += others
    is_kept = record.is_lenient or not has_errors(mistakes)
    return (value if is_kept else None), mistakes


def _value(
    node: Node, record: Record[V], path: str, label: str, folder: str
) -> tuple[V | None, Mistakes]:
    if isinstance(node, Scalar) and node.is_null:  # an empty file
        node = tree.Mapping(entries=(), span=node.span)
    at = At(label=label, folder=folder, origin=Span(path, node.span.line, node.span.column))
    value = record.read(node, at)
    return value, tuple(at.diagnostics)


def _no_environment(environment: str, where: Layout) -> Diagnostic:
    file = f"forecourt.{environment}.yaml"
    message = f"there is no environment {shown(environment)}: {shown(file)} is missing"
    known = ", ".join(where.environments)
    way_out = f"the environments here are {known}" if known else f"write {shown(file)}"
    return MISSING_FILE.at(Span(layout.ORGANIZATION, 1, 1), message, help=way_out)
