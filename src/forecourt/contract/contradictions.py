"""Where the marks of a contract contradict each other: what an audience sees cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from forecourt.contract.mark_troubles import is_mark
from forecourt.contract.model import (
    AudienceMark,
    Contract,
    Contradiction,
    Operation,
    Parameter,
)
from forecourt.contract.places import Places
from forecourt.contract.projection import seen
from forecourt.contract.sight import Sight, sight_of
from forecourt.contract.values import Json, Pointer, child, decode, descend
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience, sees
from forecourt.source.quoting import shown


def contradictions(contract: Contract, places: Places) -> tuple[Contradiction, ...]:
    """Everything by which marks make an operation useless for an audience that sees it.

    A property of an answer that is hidden is not required, so that it contradicts nothing. One of a
    request that has a default, or that only the service writes, need not be sent. `places` are
    those of the contract's document.
    """
    if not contract.audience_marks:
        return ()
    root = decode(contract.document)
    whole = {(o.method, o.template): o for o in contract.operations}
    found: dict[tuple[Span, Audience, str], Contradiction] = {}
    for audience in Audience:
        if all(sees(audience, mark.audience) for mark in contract.marks):
            continue  # sees everything
        looking = _Looking(sight=sight_of(root, audience), places=places)
        for operation in seen(contract, audience).operations:
            for each in looking.at(whole[operation.method, operation.template], operation):
                found.setdefault((each.span, audience, each.kind), each)
    return tuple(found.values())


@dataclass(slots=True, kw_only=True)
class _Looking:
    """Looks at operations as one audience sees them; at each schema once."""

    sight: Sight
    places: Places
    visited: set[Pointer] = field(default_factory=set)

    def at(self, whole: Operation, operation: Operation) -> Iterator[Contradiction]:
        """What is wrong with an operation of which this is seen."""
        yield from self._parameters(whole, operation)
        if whole.body is not None and whole.body.is_required and operation.body is None:
            yield self._requires(operation, "a body", whole.body.pointer)
        yield from self._answers(whole, operation)
        yield from self._bodies(operation)

    def _parameters(self, whole: Operation, operation: Operation) -> Iterator[Contradiction]:
        # A hidden name of the path's template is there, but nothing is said of it.
        kept = {(p.location, p.name) for p in operation.parameters if p.pointer is not None}
        for parameter in whole.parameters:
            if parameter.pointer is None or (parameter.location, parameter.name) in kept:
                continue
            if parameter.is_required and not self._has_default(parameter):
                what = f"the {parameter.location} parameter {shown(parameter.name)}"
                yield self._requires(operation, what, parameter.pointer)

    def _has_default(self, parameter: Parameter) -> bool:
        if parameter.location == "path" or parameter.schema is None:
            return False
        return self._is_filled(descend(self.sight.root, parameter.schema))

    def _answers(self, whole: Operation, operation: Operation) -> Iterator[Contradiction]:
        successes = {r.status for r in whole.responses if r.status[0] == "2"}
        successes = successes or {r.status for r in whole.responses if r.status == "default"}
        if successes and not successes & {r.status for r in operation.responses}:
            message = f"{self._callers(operation)}, and none of its successes"
            at = (*operation.pointer, "responses")
            yield self._contradiction("answers", message, at)

    def _requires(self, operation: Operation, what: str, at: Pointer) -> Contradiction:
        message = f"{self._callers(operation)}, which requires {what}; they do not see that"
        return self._contradiction("requires", message, at)

    def _callers(self, operation: Operation) -> str:
        return f"{self.sight.audience.value} callers see {shown(str(operation))}"

    def _contradiction(
        self, kind: Literal["requires", "answers"], message: str, at: Pointer
    ) -> Contradiction:
        return Contradiction(
            kind=kind, audience=self.sight.audience, message=message, span=self.places.key(at)
        )

    # --- what its body asks for -------------------------------------------------------------------

    def _bodies(self, operation: Operation) -> Iterator[Contradiction]:
        """Properties that a request must have and its sender does not see."""
        contents = operation.body.contents if operation.body is not None else ()
        waiting = [content.schema for content in contents if content.schema is not None]
        while waiting:
            at = waiting.pop()
            schema = descend(self.sight.root, at)
            if at in self.visited or self.sight.hides_schema(schema):
                continue
            if not isinstance(schema, dict):
                continue
            self.visited.add(at)
            for name, place in self._unmet(schema, at):
                what = f"the property {shown(name)}"
                yield self._requires(operation, what, place)
            waiting += self._inside(schema, at)

    def _unmet(self, schema: dict[str, Json], at: Pointer) -> Iterator[tuple[str, Pointer]]:
        required = schema.get("required")
        hidden = self.sight.hidden_names(schema)
        for name in required if isinstance(required, list) else ():
            if not isinstance(name, str) or name not in hidden:
                continue
            if not self._is_filled(declared := self._declared(schema, name)):
                is_here = child(schema.get("properties"), name) is declared
                yield name, (*at, "properties", name) if is_here else (*at, "required")

    def _declared(self, schema: Json, name: str) -> Json:
        """The schema of a property, here or in a part that always holds with this."""
        waiting, around = [schema], set[int]()
        while waiting:
            part = waiting.pop()
            if not isinstance(part, dict) or id(part) in around:
                continue
            around.add(id(part))
            if (declared := child(part.get("properties"), name)) is not None:
                return declared
            waiting.append(self.sight.referred(part))
            if isinstance(parts := part.get("allOf"), list):
                waiting += parts
        return None

    def _is_filled(self, schema: Json) -> bool:
        """Whether a property need not be sent."""
        seen: set[int] = set()
        while isinstance(schema, dict) and id(schema) not in seen:
            if schema.get("default") is not None or schema.get("readOnly") is True:
                return True
            seen.add(id(schema))
            schema = self.sight.referred(schema)
        return False

    def _inside(self, schema: dict[str, Json], at: Pointer) -> Iterator[Pointer]:
        reference = schema.get("$ref")
        if isinstance(reference, str) and (target := self.sight.target(reference)) is not None:
            yield target
        for keyword in ("items", "additionalProperties"):
            yield (*at, keyword)
        for keyword in ("allOf", "anyOf", "oneOf", "prefixItems"):
            if isinstance(listed := schema.get(keyword), list):
                yield from ((*at, keyword, str(n)) for n in range(len(listed)))
        if isinstance(declared := schema.get("properties"), dict):
            yield from ((*at, "properties", name) for name in declared)


def audience_marks_of(
    root: Json, marks: Iterable[Pointer], places: Places
) -> tuple[AudienceMark, ...]:
    """The marks that say a known audience, with what they stand in."""
    return tuple(
        AudienceMark(audience=audience, around=_narrowest(root, at), span=places.key(at))
        for at in marks
        if is_mark(root, at)
        for audience in _audiences(descend(root, at))
    )


def _audiences(mark: Json) -> list[Audience]:
    words = list(mark.values()) if isinstance(mark, dict) else [mark]
    return [audience for audience in Audience if audience.value in words]


def _narrowest(root: Json, mark: Pointer) -> Audience | None:
    """The narrowest audience of what a mark stands in; the document itself has none.

    The mark of values stands in its schema, that of a thing in what is around the thing.
    """
    around: set[Audience] = set()
    value = root
    for step in mark[: -1 if mark[-1] == "x-enum-audience" else -2]:
        value = child(value, step)
        around |= {a for a in Audience if a.value == child(value, "x-audience")}
    return min(around, default=None)
