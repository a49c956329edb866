"""An OpenAPI Overlay (1.0): what is to be changed in a document that stays as it is.

Source: https://spec.openapis.org/overlay/v1.0.0.html. Targets are JSONPath (RFC 9535).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jsonpath_rfc9535 import JSONPathError, JSONPathQuery
from jsonpath_rfc9535 import compile as compile_path

from forecourt.contract import codes
from forecourt.diagnostics import Diagnostic, Span
from forecourt.source.quoting import shown
from forecourt.source.tree import Mapping, Node, Scalar, Sequence, parse
from forecourt.source.vocabulary.spelling import nearest

_VERSION = re.compile(r"1\.0\.[0-9]+")
_KEYS = ("overlay", "info", "extends", "actions")
_OF_AN_ACTION = ("target", "description", "update", "remove")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One change: what `target` leads to is removed, or `update` is laid over it."""

    target: JSONPathQuery
    written: str
    span: Span
    update: Node | None = None
    removes: bool = False


def read_overlay(text: str, path: str) -> tuple[tuple[Action, ...], tuple[Diagnostic, ...]]:
    """The actions of an overlay (YAML or JSON), in order, and what is wrong with it.

    `extends` is not followed: `api.yaml` says which documents it is laid over.
    """
    tree, found = parse(text, path)
    diagnostics = list(found)
    if tree is None:
        return (), tuple(diagnostics)
    trouble = _no_overlay(tree)
    if trouble is not None:
        return (), (*diagnostics, trouble)
    assert isinstance(tree, Mapping)
    diagnostics += _unknown_keys(tree, _KEYS)
    listed = tree.value("actions")
    assert isinstance(listed, Sequence)
    actions = [_action(item, diagnostics) for item in listed.items]
    return tuple(action for action in actions if action is not None), tuple(diagnostics)


def _no_overlay(tree: Node) -> Diagnostic | None:
    version = tree.value("overlay") if isinstance(tree, Mapping) else None
    if not isinstance(tree, Mapping) or version is None:
        message = "this is no OpenAPI Overlay: it has no `overlay: 1.0.0`"
        return _refused(tree.span, message, "begin it with `overlay: 1.0.0`")
    if not isinstance(version, Scalar) or _VERSION.fullmatch(version.text) is None:
        written = shown(version.text) if isinstance(version, Scalar) else "no text"
        return _refused(version.span, f"`overlay` is {written}, and version 1.0 is read", None)
    actions = tree.value("actions")
    if not isinstance(actions, Sequence) or not actions.items:
        span = tree.span if actions is None else actions.span
        return _refused(span, "an overlay has a list of `actions`, and here is none", None)
    return None


def _refused(span: Span, message: str, help: str | None) -> Diagnostic:
    return codes.NOT_AN_OVERLAY.at(span, message, help=help)


def _unknown_keys(mapping: Mapping, known: tuple[str, ...]) -> Iterator[Diagnostic]:
    for key, _ in mapping.entries:
        if key.text not in known and not key.text.startswith("x-"):
            meant = nearest(key.text, known)
            help = f"the keys here are {', '.join(known)}"
            message = f"an overlay has no {shown(key.text)} here"
            yield _refused(key.span, message, help if meant is None else f"did you mean `{meant}`?")


def _action(item: Node, diagnostics: list[Diagnostic]) -> Action | None:
    if not isinstance(item, Mapping):
        diagnostics.append(_refused(item.span, "an action is a mapping with `target`", None))
        return None
    diagnostics += _unknown_keys(item, _OF_AN_ACTION)
    target, remove = item.value("target"), item.value("remove")
    removes = isinstance(remove, Scalar) and remove.text == "true"
    update = item.value("update")
    if not isinstance(target, Scalar) or target.is_null:
        diagnostics.append(_refused(item.span, "an action has no `target`", None))
        return None
    if update is None and not removes:
        help = "write what to add as `update`, or `remove: true`"
        diagnostics.append(_refused(item.span, "an action neither updates nor removes", help))
        return None
    try:
        query = compile_path(target.text)
    except (JSONPathError, RecursionError) as error:
        said = error.args[0] if error.args else "it is nested too deeply"
        message = f"`target` is {shown(target.text)}, which is no JSONPath: {said}"
        help = "write it as RFC 9535 has it: `$.paths['/audit'].get`"
        diagnostics.append(codes.BAD_TARGET.at(target.span, message, help=help))
        return None
    return Action(
        target=query, written=target.text, span=target.span, update=update, removes=removes
    )
