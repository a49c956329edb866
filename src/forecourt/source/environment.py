"""One environment's file, merged over the others."""

from __future__ import annotations

from collections.abc import Mapping

from forecourt.diagnostics import Diagnostic
from forecourt.source import tree
from forecourt.source.codes import NOT_ONE_OF, NOT_OVERRIDABLE, WRONG_TYPE
from forecourt.source.quoting import shown
from forecourt.source.tree import Node, Scalar
from forecourt.source.vocabulary.spelling import nearest

OVERRIDABLE = ("listeners", "identity", "channels", "upstreams")
_UPSTREAMS = "upstreams"
_VERSIONS = "versions"


def merged(base: Node, over: Node) -> Node:
    """`over` laid over `base`: mappings key by key, all else replaced. Places stay."""
    if not isinstance(base, tree.Mapping) or not isinstance(over, tree.Mapping):
        return over
    entries = {key.text: (key, value) for key, value in base.entries}
    for key, value in over.entries:
        below = entries.get(key.text)
        entries[key.text] = (key, value if below is None else merged(below[1], value))
    return tree.Mapping(entries=tuple(entries.values()), span=base.span)


def of_organization(over: Node) -> tuple[Node, tuple[Diagnostic, ...]]:
    """The part of an environment's file that goes over `forecourt.yaml`."""
    if isinstance(over, Scalar) and over.is_null:
        return tree.Mapping(entries=(), span=over.span), ()
    if not isinstance(over, tree.Mapping):
        message = "this is not a mapping, as `forecourt.yaml` is"
        nothing = tree.Mapping(entries=(), span=over.span)
        return nothing, (WRONG_TYPE.at(over.span, message),)
    mistakes: list[Diagnostic] = []
    entries: list[tuple[Scalar, Node]] = []
    for key, value in over.entries:
        if key.text not in OVERRIDABLE:
            mistakes.append(_not_overridable(key))
        elif key.text != _UPSTREAMS:
            entries.append((key, value))
    return tree.Mapping(entries=tuple(entries), span=over.span), tuple(mistakes)


def _not_overridable(key: Scalar) -> Diagnostic:
    close = nearest(key.text, OVERRIDABLE)
    meant = f"; did you mean `{close}`?" if close is not None else ""
    message = f"{shown(key.text)} cannot differ by environment{meant}"
    way_out = f"here may stand: {', '.join(OVERRIDABLE)}"
    return NOT_OVERRIDABLE.at(key.span, message, help=way_out)


def of_apis(over: Node, apis: tuple[str, ...]) -> tuple[Mapping[str, Node], tuple[Diagnostic, ...]]:
    """What an environment's file lays over each `api.yaml`, by the name of the API.

    Under `upstreams.NAME` stand an upstream's own keys, and under `versions` those of versions.
    """
    upstreams = over.value(_UPSTREAMS) if isinstance(over, tree.Mapping) else None
    if upstreams is None:
        return {}, ()
    if not isinstance(upstreams, tree.Mapping):
        message = "`upstreams` is not a mapping of APIs, such as `{payments: {url: https://…}}`"
        return {}, (WRONG_TYPE.at(upstreams.span, message),)
    layers: dict[str, Node] = {}
    mistakes: list[Diagnostic] = []
    for key, value in upstreams.entries:
        if key.text in apis:
            layers[key.text] = _layer(key, value)
            continue
        close = nearest(key.text, apis)
        message = f"{shown(key.text)} is not an API of this estate"
        way_out = None if close is None else f"did you mean `{close}`?"
        mistakes.append(NOT_ONE_OF.at(key.span, message, help=way_out))
    return layers, tuple(mistakes)


def over_api(base: Node, layer: Node) -> tuple[Node, tuple[Diagnostic, ...]]:
    """An `api.yaml` with its layer over it; a version that it does not declare is a mistake."""
    declared = {key.text for key, _ in _entries(base, _VERSIONS)}
    unknown = [key for key, _ in _entries(layer, _VERSIONS) if key.text not in declared]
    mistakes = tuple(
        NOT_ONE_OF.at(key.span, f"{shown(key.text)} is not a version of this API")
        for key in unknown
    )
    return merged(base, _without_versions(layer, unknown)), mistakes


def _entries(node: Node, key: str) -> tuple[tuple[Scalar, Node], ...]:
    inner = node.value(key) if isinstance(node, tree.Mapping) else None
    return inner.entries if isinstance(inner, tree.Mapping) else ()


def _without_versions(layer: Node, unknown: list[Scalar]) -> Node:
    if not unknown or not isinstance(layer, tree.Mapping):
        return layer
    kept = tuple(entry for entry in _entries(layer, _VERSIONS) if entry[0] not in unknown)
    versions = tree.Mapping(entries=kept, span=layer.span)
    others = tuple(entry for entry in layer.entries if entry[0].text != _VERSIONS)
    named = (Scalar(text=_VERSIONS, span=layer.span), versions)
    return tree.Mapping(entries=(*others, named) if kept else others, span=layer.span)


def _layer(api: Scalar, value: Node) -> Node:
    if not isinstance(value, tree.Mapping):
        return _at("upstream", api, value)
    own = tuple(entry for entry in value.entries if entry[0].text != _VERSIONS)
    layer: Node = tree.Mapping(entries=(), span=value.span)
    if own:
        layer = _at("upstream", api, tree.Mapping(entries=own, span=value.span))
    versions = value.value(_VERSIONS)
    if not isinstance(versions, tree.Mapping):
        return layer if versions is None else merged(layer, _at(_VERSIONS, api, versions))
    inner = tuple((key, _at("upstream", key, node)) for key, node in versions.entries)
    return merged(layer, _at(_VERSIONS, api, tree.Mapping(entries=inner, span=versions.span)))


def _at(key: str, place: Scalar, value: Node) -> tree.Mapping:
    named = Scalar(text=key, span=place.span)
    return tree.Mapping(entries=((named, value),), span=place.span)
