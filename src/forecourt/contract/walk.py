"""Everything that operations are made of, visited once, and what is wrong with it.

A document is a graph: references share what they lead to, and lead back. So a value that a
reference leads to is a node of its own, visited once however many operations need it, and each node
knows what depends on it. What is wrong with a node is then wrong with every operation from which it
can be reached.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from forecourt.contract import codes
from forecourt.contract.judgeable import foreign_dialect
from forecourt.contract.judging import (
    beside_reference,
    entry_troubles,
    judged,
    misplaced_reference,
    misshapen,
)
from forecourt.contract.judging_schemas import stands_beside
from forecourt.contract.references import Found, Lost, follow, reference_of
from forecourt.contract.shapes import METHODS, SHAPES, Form, Kind
from forecourt.contract.statuses import is_status
from forecourt.contract.trouble import Trouble
from forecourt.contract.values import Json, Pointer, child
from forecourt.contract.ways import Way, pointer_of, way_to
from forecourt.diagnostics import Severity

# A node: an operation, by whatever names it; or a value that references lead to, and as what.
Node: TypeAlias = Hashable

# Makes a mistake of a reference that leads nowhere; `matters` says whether something needs it.
LostTrouble: TypeAlias = Callable[[Lost, bool], Trouble]

# Where OpenAPI lets a reference stand for the thing itself.
_MAY_REFER: frozenset[Kind] = frozenset(
    {
        *("parameter", "request body", "response", "header", "schema"),
        *("example", "link", "callback", "path item"),
    }
)


@dataclass(frozen=True, slots=True)
class _Step:
    """A value to visit: where it stands, as what, and the node it belongs to."""

    value: Json
    way: Way
    form: Form
    matters: bool
    owner: Node


@dataclass(slots=True, kw_only=True)
class Walk:
    """A walk over what operations need.

    `honours_siblings`: what stands beside a schema's `$ref` counts (3.1), or does not (3.0).
    """

    root: Json
    honours_siblings: bool
    lost: LostTrouble
    remarks: list[Trouble] = field(default_factory=list)
    troubles: dict[Node, list[Trouble]] = field(default_factory=dict)
    _dependents: dict[Node, list[Node]] = field(default_factory=dict)
    _visited: set[Node] = field(default_factory=set)
    _followed: dict[str, Found | Lost] = field(default_factory=dict)
    _targets: set[int] = field(default_factory=set)
    _waiting: list[_Step] = field(default_factory=list)
    _foreign_dialect: Trouble | None = None

    def __post_init__(self) -> None:
        if self.honours_siblings:
            self._foreign_dialect = foreign_dialect(child(self.root, "jsonSchemaDialect"))
        for reference in _references(self.root):
            if reference not in self._followed:
                found = follow(self.root, {"$ref": reference}, ())
                self._followed[reference] = found
                if isinstance(found, Found):
                    self._targets.add(id(found.value))

    def need(self, node: Node, value: Json, at: Pointer, form: Form) -> None:
        """Visits a value, and all it leads to, for a node that cannot be without it."""
        self._reach(_Step(value, way_to(at), form, True, node))
        while self._waiting:
            self._visit(self._waiting.pop())

    def depend(self, node: Node, other: Node) -> None:
        """The node cannot be without the other."""
        self._dependents.setdefault(other, []).append(node)

    def add(self, node: Node, trouble: Trouble) -> None:
        """Something is wrong with a node."""
        self.troubles.setdefault(node, []).append(trouble)

    def spoiled(self) -> dict[Node, Trouble]:
        """Each node that has trouble or depends on one that has, and the nearest trouble."""
        spoiled = {node: troubles[0] for node, troubles in self.troubles.items()}
        waiting = deque(spoiled)
        while waiting:
            node = waiting.popleft()
            for dependent in self._dependents.get(node, ()):
                if dependent not in spoiled:
                    spoiled[dependent] = spoiled[node]
                    waiting.append(dependent)
        return spoiled

    # --- steps ------------------------------------------------------------------------------------

    def _reach(self, step: _Step) -> None:
        """Takes a step that may lead into another node."""
        value = step.value
        if not isinstance(value, dict | list) or id(value) not in self._targets:
            self._waiting.append(step)
            return
        node = (id(value), step.form, step.matters)
        self.depend(step.owner, node)
        if node not in self._visited:
            self._visited.add(node)
            self._waiting.append(_Step(value, step.way, step.form, step.matters, node))

    def _inside(self, step: _Step, key: str, value: Json, form: Form, matters: bool) -> None:
        if value is not None:
            within = step.matters and matters
            self._reach(_Step(value, (key, step.way), form, within, step.owner))

    def _visit(self, step: _Step) -> None:
        value, form = step.value, step.form
        if (reference := reference_of(value)) is not None:
            self._refer(step, reference)
            self._look_beside(step)
            if form.how != "one" or not self._has_siblings(form.kind):
                return
        match form.how:
            case "list" if isinstance(value, list):
                for index in reversed(range(len(value))):
                    self._inside(step, str(index), value[index], Form(form.kind), True)
            case "map" if isinstance(value, dict):
                for key in reversed(value):
                    if self._is_entry(step, key):
                        self._inside(step, key, value[key], Form(form.kind), True)
            case "one" if isinstance(value, dict):
                self._visit_one(step, value)
            case "one" if form.kind == "schema" and isinstance(value, bool):
                pass
            case _:
                self._tell(step, misshapen(form, value, step.way))

    def _look_beside(self, step: _Step) -> None:
        """What stands beside a reference, and does not count."""
        value, kind = step.value, step.form.kind
        if not isinstance(value, dict) or len(value) == 1 or step.form.how != "one":
            return
        if kind == "schema":
            if not self.honours_siblings:
                self.remarks.extend(stands_beside(value, pointer_of(step.way)))
        elif not self._has_siblings(kind):
            self.remarks.extend(beside_reference(kind, value, step.way))

    def _has_siblings(self, kind: Kind) -> bool:
        return kind == "path item" or (kind == "schema" and self.honours_siblings)

    def _refer(self, step: _Step, reference: str) -> None:
        if step.form.how != "one" or step.form.kind not in _MAY_REFER:
            self._tell(step, misplaced_reference(step.form, step.way))
        match self._followed[reference]:
            case Lost() as lost:
                at = lost.at if len(lost.at) > 1 else (*pointer_of(step.way), "$ref")
                lost = Lost(reference=lost.reference, at=at, reason=lost.reason)
                self._tell(step, self.lost(lost, step.matters))
            case found:
                way = way_to(found.at)
                self._reach(_Step(found.value, way, step.form, step.matters, step.owner))

    def _is_entry(self, step: _Step, key: str) -> bool:
        """Whether a key of a mapping is the name of a thing; extensions are in some."""
        for trouble in entry_troubles(step.form.kind, key, step.way):
            self._tell(step, trouble)
        if step.form.kind == "response":
            return is_status(key)
        return not (step.form.kind in {"callback", "path item"} and key.startswith("x-"))

    # --- one thing --------------------------------------------------------------------------------

    def _visit_one(self, step: _Step, value: dict[str, Json]) -> None:
        kind = step.form.kind
        if kind == "callback":
            self._waiting.append(
                _Step(value, step.way, Form("path item", "map"), step.matters, step.owner)
            )
            return
        if kind == "schema" and self._foreign_dialect is not None and "$schema" not in value:
            self._tell(step, self._foreign_dialect)
        for trouble in judged(kind, value, step.way, is_3_0=not self.honours_siblings):
            self._tell(step, trouble)
        for key in reversed(value):
            field = SHAPES[kind].get(key)
            if field is None or field.form is None:
                continue
            if kind == "path item" and step.matters and key in METHODS:
                continue  # the operations of a path do not need each other
            inner, form = value[key], field.form
            if key == "items" and isinstance(inner, list):
                form = Form("schema", "list")  # as before there was `prefixItems`
            self._inside(step, key, inner, form, field.matters)

    def _tell(self, step: _Step, trouble: Trouble) -> None:
        """What costs the operations that need it, or only a word."""
        if trouble.code.severity is not Severity.ERROR:
            self.remarks.append(trouble)
        elif step.matters:
            self.add(step.owner, trouble)
        else:
            self.remarks.append(replace(trouble, code=codes.NOT_AS_SPECIFIED))


def _references(root: Json) -> Iterator[str]:
    """The text of each reference of a document, in whatever it stands."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if (reference := reference_of(value)) is not None:
                yield reference
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
