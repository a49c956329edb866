"""What of a document a caller's audience sees: marks, followed through references and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from forecourt.contract.leading import leading_to_hidden
from forecourt.contract.marks import has_marks
from forecourt.contract.references import Found, look_up, reference_of
from forecourt.contract.shapes import Kind
from forecourt.contract.values import Json, Pointer, child, descend
from forecourt.estate.audience import Audience, sees

# Where a `$ref` leads; None where nothing stands.
Target = Callable[[str], "Pointer | None"]

# What makes a schema say which values it means. Of an object that says none of it anything leaves.
_DECLARING = (
    *("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"),
    *("items", "prefixItems", "enum", "const"),
)
_SCALAR = frozenset({"string", "number", "integer", "boolean", "null"})


def sees_mark(audience: Audience, mark: Json) -> bool:
    """Whether an element with that `x-audience` is there; an unknown word is for nobody."""
    if mark is None:
        return True
    try:
        return sees(audience, Audience(mark))
    except ValueError:
        return False


def choices(
    values: list[Json], marks: Json, sees: Callable[[Json], bool]
) -> tuple[list[Json], list[Json]]:
    """The values of an `enum` that are seen, and those that are not.

    `marks` is `x-enum-audience`: for a value, the audience it is for.
    """
    seen: list[Json] = []
    hidden: list[Json] = []
    for value in values:
        mark = child(marks, value) if isinstance(value, str) else None
        (seen if sees(mark) else hidden).append(value)
    return seen, hidden


@dataclass(slots=True, kw_only=True)
class Sight:
    """A document as one audience sees it.

    An element is seen where nothing on the way to it is for a narrower audience: not itself, no
    reference that leads to it, and nothing around the place where it is written. A schema is also
    hidden where what is left of it would say nothing: values of it would leave as they are.
    """

    root: Json
    audience: Audience
    target: Target
    # By identity: a document is a value, and the same schema is asked about over and over.
    _schemas: dict[int, bool] = field(default_factory=dict)
    _unsaid: frozenset[str] | None = None
    _is_marked: bool | None = None
    _leads_to_hidden: frozenset[int] | None = None

    def sees(self, mark: Json) -> bool:
        """Whether an element with that mark is there."""
        return sees_mark(self.audience, mark)

    def hides(self, kind: Kind, value: Json) -> bool:
        """Whether a thing of a kind is hidden: by its marks, or since all that it holds is."""
        if kind == "schema":
            return self.hides_schema(value)
        end: Json = None
        for end in self._chain(value):
            if end is None:
                return True
        if not isinstance(end, dict):
            return False
        if self.hides_schema(end.get("schema")):
            return True
        contents = self.within(end.get("content"))
        return bool(contents) and all(self.hides("media type", c) for c in contents.values())

    def within(self, value: Json) -> dict[str, Json]:
        """A mapping past its references, if it is one that is seen."""
        end: Json = None
        for end in self._chain(value):
            if end is None:
                return {}
        return end if isinstance(end, dict) else {}

    @property
    def is_marked(self) -> bool:
        """Whether the document has a mark anywhere; without one nothing is hidden."""
        if self._is_marked is None:
            self._is_marked = has_marks(self.root)
        return self._is_marked

    def hides_schema(self, schema: Json) -> bool:
        """Whether a schema is hidden: by its marks, or since nothing that it declares is seen."""
        if not isinstance(schema, dict) or not self.is_marked:
            return False
        known = self._schemas.get(id(schema))
        if known is None:
            self._schemas[id(schema)] = False  # while it is asked about: a circle hides nothing
            known = self._schemas[id(schema)] = self._hides_schema(schema)
        return known

    def choices(self, schema: dict[str, Json]) -> tuple[list[Json], list[Json]]:
        """The values of its `enum` that are seen, and those that are not."""
        listed, marks = schema.get("enum"), schema.get("x-enum-audience")
        if not isinstance(listed, list):
            return [], []
        return choices(listed, marks, self.sees)

    def hidden_names(self, schema: Json) -> frozenset[str]:
        """Properties of a schema, or of a part that always holds with it, that are hidden."""
        return frozenset(name for name, is_hidden in self._names(schema) if is_hidden)

    @property
    def unsaid(self) -> frozenset[str]:
        """Names of properties that are hidden wherever they stand."""
        if self._unsaid is None:
            self._unsaid = self._find_unsaid() if self.is_marked else frozenset()
        return self._unsaid

    @property
    def leads_to_hidden(self) -> frozenset[int]:
        """The identities of the document's values that lead to something hidden."""
        if self._leads_to_hidden is None:
            self._leads_to_hidden = leading_to_hidden(self)
        return self._leads_to_hidden

    def _find_unsaid(self) -> frozenset[str]:
        seen: set[str] = set()
        hidden: set[str] = set()
        waiting = [(self.root, False)]
        while waiting:
            value, is_cut = waiting.pop()
            if isinstance(value, dict):
                is_cut = is_cut or self.hides_schema(value)
                declared = value.get("properties")
                for name, inner in declared.items() if isinstance(declared, dict) else ():
                    (hidden if is_cut or self.hides_schema(inner) else seen).add(name)
            inside = [*value.values()] if isinstance(value, dict) else value
            if isinstance(inside, list):
                waiting += [(inner, is_cut) for inner in inside if isinstance(inner, dict | list)]
        return frozenset(hidden - seen)

    def _names(self, schema: Json) -> Iterator[tuple[str, bool]]:
        """Each property of a schema, or of a part that always holds, and whether it is hidden."""
        waiting, around = [(schema, False)], set[int]()
        while waiting:
            part, is_cut = waiting.pop()
            if not isinstance(part, dict) or id(part) in around:
                continue
            around.add(id(part))
            is_cut = is_cut or self.hides_schema(part)
            if isinstance(declared := part.get("properties"), dict):
                yield from ((n, is_cut or self.hides_schema(s)) for n, s in declared.items())
            waiting.append((self.referred(part), is_cut))
            if isinstance(parts := part.get("allOf"), list):
                waiting += ((inner, is_cut) for inner in parts)

    def referred(self, value: Json) -> Json:
        """What its own `$ref` leads to, one step; None without, or where it leads nowhere."""
        reference = reference_of(value)
        return None if reference is None else self.lead(reference)

    def lead(self, reference: str) -> Json:
        """What a reference leads to, one step; None where nothing stands."""
        at = self.target(reference)
        return None if at is None else descend(self.root, at)

    def hides_place(self, at: Pointer) -> bool:
        """Whether something around a place is marked for narrower audiences."""
        value = self.root
        for step in at:
            # The whole document has no mark of its own: who sees it, the API's audience says.
            mark = None if value is self.root else child(value, "x-audience")
            if isinstance(mark, str) and not self.sees(mark):
                return True
            value = child(value, step)
        return False

    def _chain(self, value: Json) -> Iterator[Json]:
        """A value and what its references lead to; None at the end where one of them is hidden."""
        seen: set[str] = set()
        while isinstance(value, dict):
            if not self.sees(value.get("x-audience")):
                yield None
                return
            yield value
            reference = reference_of(value)
            if reference is None or reference in seen:
                return
            seen.add(reference)
            at = self.target(reference)
            if at is None:
                return
            if self.hides_place(at):
                yield None
                return
            value = descend(self.root, at)

    def _hides_schema(self, schema: dict[str, Json]) -> bool:
        if not self.sees(schema.get("x-audience")):
            return True
        if (reference := reference_of(schema)) is not None:
            at = self.target(reference)
            if at is not None:
                return self.hides_place(at) or self.hides_schema(descend(self.root, at))
        return self._is_empty(schema)

    def _is_empty(self, schema: dict[str, Json]) -> bool:
        """Whether none of its alternatives is seen, or all that it declares is in hidden parts."""
        seen, hidden = self.choices(schema)
        if hidden and not seen:
            return True
        for keyword in ("anyOf", "oneOf"):
            listed = schema.get(keyword)
            if isinstance(listed, list) and listed and all(map(self.hides_schema, listed)):
                return True
        parts = schema.get("allOf")
        if not isinstance(parts, list) or not any(map(self.hides_schema, parts)):
            return False
        return not self._declares(schema, set())

    def _declares(self, schema: Json, around: set[int]) -> bool:
        """Whether what is seen of a schema says which values it means."""
        if not isinstance(schema, dict) or id(schema) in around:
            return False
        around.add(id(schema))
        if any(keyword in schema for keyword in _DECLARING) or _is_scalar(schema.get("type")):
            return True
        inner = [self.referred(schema)]
        for keyword in ("allOf", "anyOf", "oneOf"):
            if isinstance(listed := schema.get(keyword), list):
                inner += (part for part in listed if not self.hides_schema(part))
        return any(self._declares(part, around) for part in inner)


def sight_of(root: Json, audience: Audience) -> Sight:
    """What an audience sees of a document whose references are JSON pointers."""

    def target(reference: str) -> Pointer | None:
        found = look_up(root, reference)
        return found.at if isinstance(found, Found) else None

    return Sight(root=root, audience=audience, target=target)


def _is_scalar(kind: Json) -> bool:
    words = kind if isinstance(kind, list) else [kind]
    return bool(words) and all(_is_text(word) and word in _SCALAR for word in words)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)
