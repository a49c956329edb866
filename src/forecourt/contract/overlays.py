"""Overlays laid over a document: each value keeps the place where it was written, here or there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from jsonpath_rfc9535 import JSONPathError

from forecourt.contract import codes
from forecourt.contract.overlay import Action, read_overlay
from forecourt.contract.places import PlacesInTree
from forecourt.contract.values import Json, child, encode
from forecourt.contract.written import Written
from forecourt.diagnostics import Diagnostic
from forecourt.source.codes import Code
from forecourt.source.plain import plain
from forecourt.source.quoting import shown
from forecourt.source.tree import Mapping, Node, Scalar, Sequence, parse

# The way to a value: keys and indexes.
Location: TypeAlias = "tuple[int | str, ...]"

# An overlay's file from the estate's root, and what stands in it.
OverlayText: TypeAlias = "tuple[str, str]"


def overlaid(
    main: Written, text: str, path: str, overlays: Iterable[OverlayText]
) -> tuple[Written, tuple[Diagnostic, ...]]:
    """The document with overlays laid over it, one after the other, and what is wrong with them.

    `text` is the document's. What other files say is not part of it: an overlay of a document does
    not reach what the document only refers to.
    """
    overlays = tuple(overlays)
    if not overlays:
        return main, ()
    tree, _ = parse(text, path)
    assert tree is not None  # what was read once is read again
    laying = _Laying(tree=tree, root=plain(tree))
    for overlay_path, overlay_text in overlays:
        actions, found = read_overlay(overlay_text, overlay_path)
        laying.diagnostics += found
        for action in actions:
            laying.do(action)
    written = Written(
        root=laying.root, encoded=encode(laying.root), places=PlacesInTree(laying.tree)
    )
    return written, tuple(laying.diagnostics)


@dataclass(slots=True, kw_only=True)
class _Laying:
    """The document so far: as a tree, whose values know their places, and as values."""

    tree: Node
    root: Json
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def do(self, action: Action) -> None:
        try:
            # Decimals are numbers to it, whatever its signature says.
            nodes = action.target.find(cast("dict[str, object]", self.root))
            found: list[Location] = [node.location for node in nodes]
        except (JSONPathError, RecursionError) as error:
            message = f"{shown(action.written)} cannot be followed: {error.args[0]}"
            self._tell(codes.BAD_TARGET, action, message, None)
            return
        if not found:
            message = f"{shown(action.written)} matches nothing"
            help = "correct the path, or take the action away: nothing is changed by it"
            self._tell(codes.IDLE_ACTION, action, message, help)
        elif action.removes:
            # From the end, so that what stands before an item of a list keeps its index.
            for location in sorted(found, key=_order, reverse=True):
                self._remove(location)
        elif any(isinstance(_at(self.tree, location), Scalar) for location in found):
            message = f"{shown(action.written)} leads to a plain value, which nothing is laid over"
            help = "let it lead to the mapping around, and say the value in `update`"
            self._tell(codes.BAD_TARGET, action, message, help)
        else:
            assert action.update is not None  # an action without either is none
            for location in found:
                self._update(location, action.update)

    def _update(self, location: Location, update: Node) -> None:
        self.tree = _updated(self.tree, location, update)
        changed = plain(_at(self.tree, location))
        if not location:
            self.root = changed
            return
        match _value(self.root, location[:-1]), location[-1]:
            case (dict() as around, str() as step):
                around[step] = changed
            case (list() as around, int() as step):
                around[step] = changed
            case _:
                raise AssertionError("a target is somewhere")

    def _remove(self, location: Location) -> None:
        """Takes it away, unless what is around it went already."""
        if not location:
            return
        match _value(self.root, location[:-1]), location[-1]:
            case (dict() as around, str() as step) if step in around:
                del around[step]
            case (list() as around, int() as step) if step < len(around):
                del around[step]
            case _:
                return
        self.tree = _without(self.tree, location)

    def _tell(self, code: Code, action: Action, message: str, help: str | None) -> None:
        self.diagnostics.append(code.at(action.span, message, help=help))


def _value(root: Json, location: Location) -> Json:
    for step in location:
        root = child(root, str(step))
    return root


def _order(location: Location) -> tuple[tuple[bool, int, str], ...]:
    return tuple(
        (isinstance(step, str), step if isinstance(step, int) else 0, str(step))
        for step in location
    )


def _at(tree: Node, location: Location) -> Node:
    for step in location:
        found = tree.items[int(step)] if isinstance(tree, Sequence) else None
        if isinstance(tree, Mapping):
            found = tree.value(str(step))
        assert found is not None  # a target is somewhere
        tree = found
    return tree


def _updated(tree: Node, location: Location, update: Node) -> Node:
    if not location:
        return _merged(tree, update, is_target=True)
    step, *rest = location
    if isinstance(tree, Sequence):
        assert isinstance(step, int)
        items = list(tree.items)
        items[step] = _updated(items[step], tuple(rest), update)
        return Sequence(items=tuple(items), span=tree.span)
    assert isinstance(tree, Mapping)
    return Mapping(
        span=tree.span,
        entries=tuple(
            (key, _updated(value, tuple(rest), update) if key.text == step else value)
            for key, value in tree.entries
        ),
    )


def _merged(old: Node, new: Node, *, is_target: bool = False) -> Node:
    """Mappings are merged, lists joined, everything else is replaced (section 4.4.3).

    A list that is the target itself gets the update as one more item.
    """
    if isinstance(old, Sequence) and is_target:
        return Sequence(items=(*old.items, new), span=old.span)
    if isinstance(old, Sequence) and isinstance(new, Sequence):
        return Sequence(items=(*old.items, *new.items), span=old.span)
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return new
    over = {key.text: (key, value) for key, value in new.entries}
    entries: list[tuple[Scalar, Node]] = []
    for key, value in old.entries:
        if key.text in over:
            new_key, new_value = over.pop(key.text)
            merged = _merged(value, new_value)
            entries.append((new_key if merged is new_value else key, merged))
        else:
            entries.append((key, value))
    return Mapping(entries=(*entries, *over.values()), span=old.span)


def _without(tree: Node, location: Location) -> Node:
    """The tree without what stands there."""
    step, *rest = location
    if isinstance(tree, Sequence):
        assert isinstance(step, int)
        kept = (_without(tree.items[step], tuple(rest)),) if rest else ()
        return Sequence(items=(*tree.items[:step], *kept, *tree.items[step + 1 :]), span=tree.span)
    assert isinstance(tree, Mapping)
    return Mapping(
        span=tree.span,
        entries=tuple(
            (key, _without(value, tuple(rest)) if key.text == step else value)
            for key, value in tree.entries
            if key.text != step or rest
        ),
    )
