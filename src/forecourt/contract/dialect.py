"""A schema of OpenAPI as JSON Schema 2020-12, which stands alone and keeps its references."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from forecourt.contract import keywords
from forecourt.contract.keywords import Malformed
from forecourt.contract.older_drafts import modern
from forecourt.contract.one_sided import Direction, is_other_sides, let_out
from forecourt.contract.openapi_3_0 import Dialect, dialect_of, plainly
from forecourt.contract.patterns import strict
from forecourt.contract.references import Lost, follow_once, look_up
from forecourt.contract.sight import Sight
from forecourt.contract.values import Json, Pointer, child, descend


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A schema as JSON Schema 2020-12.

    `schema` is a `$ref` to one of its own `$defs`. Each of these is a schema of the document and is
    named by its JSON pointer there: `components/schemas/Payment`; nothing is inlined, and nothing
    is kept that the schema does not lead to. A `discriminator` maps what a value says to the names
    of definitions. `passed_over` are the places in the document of
    keywords that mean nothing as they are written, as `required: true` does. `size` is the number
    of schemas in it, the inner ones too.
    """

    schema: dict[str, Json]
    passed_over: tuple[Pointer, ...] = ()
    size: int = 0

    @property
    def definitions(self) -> dict[str, Json]:
        definitions = self.schema["$defs"]
        assert isinstance(definitions, dict)
        return definitions

    @property
    def start(self) -> Pointer:
        """Where in `schema` the translated schema itself stands."""
        return ("$defs", next(iter(self.definitions)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Untranslatable:
    """A schema that cannot be said in JSON Schema: where in the document the trouble is."""

    at: Pointer
    reason: str


def translate(
    document: Json,
    at: Pointer,
    *,
    openapi: str,
    direction: Direction,
    formats: frozenset[str] | None = None,
    sight: Sight | None = None,
) -> Translated | Untranslatable:
    """The schema that stands `at` a place of a document, with all that it refers to.

    `openapi` is the document's version, which says in what dialect its schemas are. `required` does
    not count for what the other side alone writes (`Direction`). `formats` are those that are said;
    None for all. References are those of the whole document; a schema's own `$id` moves none of
    them. What `sight` hides says nothing, and a hidden property is any other name; None sees all.
    """
    return Translations(
        document, openapi=openapi, direction=direction, formats=formats, sight=sight
    ).of(at)


class Translations:
    """As `translate`, for who asks for many schemas of one document: each is translated once.

    What they share is one value; nobody may change it.
    """

    def __init__(
        self,
        document: Json,
        *,
        openapi: str,
        direction: Direction,
        formats: frozenset[str] | None = None,
        sight: Sight | None = None,
    ) -> None:
        self._document = document
        self._translator = _Translator(
            document=document,
            dialect=dialect_of(openapi),
            direction=direction,
            formats=formats,
            sight=sight,
        )
        self._known: dict[str, _Definition] = {}

    def of(self, at: Pointer) -> Translated | Untranslatable:
        """The schema that stands at that place, with all that it refers to."""
        first = name_of(at)
        places = {first: at}
        waiting = deque([first])
        definitions: dict[str, Json] = {}
        passed_over: list[Pointer] = []
        size = 0
        while waiting:
            name = waiting.popleft()
            try:
                one = self._definition(name, places[name])
            except _CannotSay as trouble:
                return Untranslatable(at=trouble.at, reason=trouble.reason)
            definitions[name] = one.schema
            passed_over += one.passed_over
            size += one.size
            for other, place in one.refers_to.items():
                if other not in places:
                    places[other] = place
                    waiting.append(other)
        return Translated(
            schema={"$ref": reference_to(first), "$defs": definitions},
            passed_over=tuple(passed_over),
            size=size,
        )

    def _definition(self, name: str, place: Pointer) -> _Definition:
        known = self._known.get(name)
        if known is None:
            known = self._translator.definition(descend(self._document, place), place)
            self._known[name] = known
        return known


def reference_to(name: str) -> str:
    """The `$ref` to the definition of that name."""
    return "#/$defs/" + quote(_escaped(name), safe="~$-._!&'()*+,;=:@")


def name_in(reference: str) -> str:
    """The name of the definition that a `$ref` of a translated schema leads to."""
    return unquote(reference.removeprefix("#/$defs/")).replace("~1", "/").replace("~0", "~")


def name_of(pointer: Pointer) -> str:
    """What the definition is named that stands at this place of the document (RFC 6901)."""
    return "/".join(map(_escaped, pointer))


def place_of(at: Pointer) -> str:
    """The JSON pointer, in the document, of a place in a translated schema."""
    match at:
        case ("$defs", name, *steps):
            return "/".join(("", *([name] if name else []), *map(_escaped, steps)))
        case _:
            return ""


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


# Keywords whose schemas only demand something: of one that is hidden nothing is left.
_ABSENT = frozenset(
    {
        *("properties", "dependentSchemas", "not", "if", "then", "else"),
        *("contains", "propertyNames"),
    }
)


class _CannotSay(Exception):
    """A schema holds what cannot be translated."""

    def __init__(self, at: Pointer, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Definition:
    """One schema, translated, and what it refers to: places by their names, in order."""

    schema: Json
    refers_to: Mapping[str, Pointer]
    passed_over: tuple[Pointer, ...]
    size: int


@dataclass(slots=True)
class _Translator:
    document: Json
    dialect: Dialect
    direction: Direction
    formats: frozenset[str] | None
    sight: Sight | None
    refers_to: dict[str, Pointer] = field(default_factory=dict)
    passed_over: list[Pointer] = field(default_factory=list)
    size: int = 0

    def definition(self, written: Json, at: Pointer) -> _Definition:
        """That schema alone. Raises `_CannotSay`."""
        self.refers_to, self.passed_over, self.size = {}, [], 0
        schema = self._schema(written, at)
        return _Definition(schema, self.refers_to, tuple(self.passed_over), self.size)

    def _named(self, at: Pointer) -> str:
        name = name_of(at)
        self.refers_to.setdefault(name, at)
        return name

    def _schema(self, written: Json, at: Pointer) -> Json:
        self.size += 1
        if isinstance(written, bool):
            return written
        if self.sight is not None and self.sight.hides_schema(written):
            return False
        if not isinstance(written, dict):
            raise _CannotSay(at, "this is no schema: it is neither a mapping nor true or false")
        plain = plainly(written, self.dialect)
        said: dict[str, Json] = {}
        if isinstance(plain.get("$ref"), str):
            said["$ref"] = self._reference(plain, at)
        if "$dynamicRef" in plain:
            raise _CannotSay((*at, "$dynamicRef"), "a dynamic reference is not followed")
        for written_as, keyword, value in modern(plain):
            if keyword == "$ref" or (keyword == "format" and not self._is_said(value)):
                continue
            try:
                self._say(said, keyword, value, (*at, written_as))
            except Malformed:
                self.passed_over.append((*at, written_as))
        if "required" in said:
            self._let_out(said, plain)
        if (discriminator := self._discriminator(plain, at)) is not None:
            said["discriminator"] = discriminator
        if self.sight is not None:
            self._hide(said, written, self.sight)
        return said

    def _discriminator(self, written: dict[str, Json], at: Pointer) -> Json:
        """By what a value names its schema. It is no keyword of JSON Schema, and judges nothing."""
        asked = child(written, "discriminator")
        name, mapping = child(asked, "propertyName"), child(asked, "mapping")
        if not isinstance(name, str):
            return None
        targets: dict[str, Json] = {}
        for value, target in mapping.items() if isinstance(mapping, dict) else ():
            for reference in (target, f"#/components/schemas/{target}"):
                found = follow_once(self.document, {"$ref": reference}, at)
                if not isinstance(found, Lost):
                    targets[value] = name_of(found.at)
                    break
        return {"propertyName": name, "mapping": targets}

    def _hide(self, said: dict[str, Json], written: dict[str, Json], sight: Sight) -> None:
        """Takes hidden values and branches away, and asks nothing of names that are hidden."""
        seen, hidden = sight.choices(written)
        if hidden and "enum" in said:
            said["enum"] = seen
        if isinstance(parts := said.get("allOf"), list) and isinstance(written["allOf"], list):
            kept = zip(parts, written["allOf"], strict=True)
            said["allOf"] = [part for part, whole in kept if not sight.hides_schema(whole)]
            if not said["allOf"]:
                del said["allOf"]
        if isinstance(required := said.get("required"), list):
            said["required"] = [name for name in required if name not in sight.unsaid]
        if isinstance(dependents := said.get("dependentRequired"), dict):
            said["dependentRequired"] = {
                name: [n for n in asked if n not in sight.unsaid]
                for name, asked in dependents.items()
                if name not in sight.unsaid and isinstance(asked, list)
            }

    def _is_absent(self, keyword: str, value: Json, name: str = "") -> bool:
        """Whether a schema is not there for who looks, and so says nothing of any value.

        A hidden property is any other name to them. Elsewhere nothing stands where it does.
        """
        if self.sight is None or keyword not in _ABSENT:
            return False
        is_of_hidden = keyword == "dependentSchemas" and name in self.sight.unsaid
        return is_of_hidden or self.sight.hides_schema(value)

    def _reference(self, written: dict[str, Json], at: Pointer) -> str:
        found = follow_once(self.document, written, at)
        if isinstance(found, Lost):
            raise _CannotSay(found.at, _LOST[found.reason].format(found.reference))
        return reference_to(self._named(found.at))

    def _say(self, said: dict[str, Json], keyword: str, value: Json, here: Pointer) -> None:
        if keyword in keywords.OF_A_SCHEMA and self._is_absent(keyword, value):
            return
        if keyword in keywords.OF_A_SCHEMA:
            said[keyword] = self._schema(_schema_or_malformed(value), here)
        elif keyword in keywords.OF_A_LIST:
            schemas = [_schema_or_malformed(v) for v in keywords.a_list(value)]
            if not schemas:
                raise Malformed
            said[keyword] = [self._schema(s, (*here, str(n))) for n, s in enumerate(schemas)]
        elif keyword in keywords.OF_A_MAPPING:
            schemas_by_name = keywords.a_mapping(value)
            said[keyword] = {
                strict(name) if keyword == "patternProperties" else name: self._schema(
                    schema, (*here, name)
                )
                for name, schema in schemas_by_name.items()
                if self._is_schema(schema, (*here, name))
                and not self._is_absent(keyword, schema, name)
            }
        elif (checked := keywords.PLAIN.get(keyword)) is not None:
            said[keyword] = checked(value)

    def _is_schema(self, value: Json, at: Pointer) -> bool:
        """Whether it is one; a single odd property does not cost the others."""
        if isinstance(value, bool | dict):
            return True
        self.passed_over.append(at)
        return False

    def _is_said(self, name: Json) -> bool:
        return self.formats is None or name in self.formats

    def _let_out(self, said: dict[str, Json], plain: dict[str, Json]) -> None:
        required = said["required"]
        assert isinstance(required, list)
        optional = let_out(plain, self._lead, self._is_other_sides)
        said["required"] = [name for name in required if name not in optional]

    def _is_other_sides(self, schema: Json) -> bool:
        if self.sight is not None and self.sight.hides_schema(schema):
            return True
        return is_other_sides(schema, self.direction, self.dialect, self._lead)

    def _lead(self, reference: str) -> Json:
        found = look_up(self.document, reference)
        return None if found is None else found.value


_LOST: dict[str, str] = {
    "elsewhere": "`{}` is in another file",
    "nothing": "`{}` refers to something that is not in this document",
}


def _schema_or_malformed(value: Json) -> Json:
    if isinstance(value, bool | dict):
        return value
    raise Malformed
