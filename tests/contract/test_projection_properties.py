"""Whatever is marked: a wider audience sees no more, and no name that is hidden is left anywhere.

Documents are made by chance, and so are their marks. Each name in them is used for one thing only,
so that a name in a text is that thing. What ought to be seen is told by a second, simple reading of
what was made, which knows nothing of documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.contract import read_contract
from forecourt.contract.projection import project, seen
from forecourt.contract.values import decode, encode
from forecourt.estate.audience import Audience
from tests.contract.builders import PATH
from tests.examples import some_of

_NAME = re.compile(r"name\d+")
_SCHEMAS = 3

marks = st.sampled_from([None, None, None, "public", "partner", "internal"])


@dataclass
class Making:
    """Draws a document; each name is new."""

    draw: Any
    numbers: Iterator[int] = field(default_factory=count)

    def name(self) -> str:
        return f"name{next(self.numbers)}"

    def marked(self, value: dict[str, Any]) -> dict[str, Any]:
        mark = self.draw(marks)
        return value if mark is None else {**value, "x-audience": mark}

    def schema(self, depth: int) -> dict[str, Any]:
        kinds = ["text", "choice", "reference", "reference"]
        if depth > 0:
            kinds += ["object", "object", "list", "allOf", "oneOf", "anyOf", "map"]
        match kind := self.draw(st.sampled_from(kinds)):
            case "text":
                made: dict[str, Any] = {"type": "string"}
            case "choice":
                values = [self.name() for _ in range(2)]
                made = {"enum": values, "x-order": list(reversed(values))}
                mark = self.draw(marks)
                if mark is not None:
                    made["x-enum-audience"] = {values[1]: mark}
            case "reference":
                number = self.draw(st.integers(0, _SCHEMAS - 1))
                made = {"$ref": f"#/components/schemas/Schema{number}"}
            case "list":
                made = {"type": "array", "items": self.schema(depth - 1)}
            case "map":
                made = {"type": "object", "additionalProperties": self.schema(depth - 1)}
            case "object":
                made = self.object(depth)
            case _:
                made = {kind: [self.schema(depth - 1) for _ in range(2)]}
        return self.marked(made)

    def object(self, depth: int) -> dict[str, Any]:
        names = [self.name() for _ in range(self.draw(st.integers(1, 2)))]
        return {
            "type": "object",
            "required": names,
            "properties": {name: self.schema(depth - 1) for name in names},
            "discriminator": {"propertyName": names[0]},
            "dependentRequired": {names[0]: names[1:]},
        }

    def operation(self) -> dict[str, Any]:
        first = next(self.numbers)
        tag, schema = self.name(), self.schema(2)
        content: dict[str, Any] = {"schema": schema}
        parameter = {"name": self.name(), "in": "query", "schema": {"type": "string"}}
        return self.marked(
            {
                "operationId": self.name(),
                "tags": [tag],
                "parameters": [self.marked(parameter)],
                "responses": {
                    "200": self.marked(
                        {"description": "", "content": {"application/json": content}}
                    )
                },
                "security": [{self.name(): [self.name()]}],
                "x-notes": [f"name{n}" for n in range(first + 1, next(self.numbers))],
            }
        )

    def document(self) -> dict[str, Any]:
        schemas = {f"Schema{n}": self.marked(self.object(2)) for n in range(_SCHEMAS)}
        paths = {
            f"/{self.name()}": self.marked({"get": self.operation(), "put": self.operation()})
            for _ in range(2)
        }
        document = {
            "openapi": "3.1.0",
            "info": {"title": "", "version": ""},
            "paths": paths,
            "components": {"schemas": schemas},
        }
        for item in paths.values():
            for operation in (item["get"], item["put"]):
                (content,) = operation["responses"]["200"]["content"].values()
                content["example"] = an_example(content["schema"], schemas, 4)
        document["components"]["securitySchemes"] = {  # type: ignore[index]
            scheme: {"type": "oauth2", "flows": {"x": {"scopes": dict.fromkeys(scopes, "")}}}
            for item in paths.values()
            for operation in (item["get"], item["put"])
            for scheme, scopes in operation["security"][0].items()
        }
        document["tags"] = [
            {"name": tag}
            for item in paths.values()
            for operation in (item["get"], item["put"])
            for tag in operation["tags"]
        ]
        return document


def an_example(schema: Any, schemas: Any, depth: int) -> Any:
    """A value with everything in it that the schema names."""
    if depth == 0:
        return None
    if "$ref" in schema:
        return an_example(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth)
    if "enum" in schema:
        return schema["enum"][-1]
    if "items" in schema:
        return [an_example(schema["items"], schemas, depth - 1)]
    if "additionalProperties" in schema:
        return {"any": an_example(schema["additionalProperties"], schemas, depth - 1)}
    whole: dict[str, Any] = {}
    for branch in (b for k in ("allOf", "oneOf", "anyOf") for b in schema.get(k, ())):
        part = an_example(branch, schemas, depth - 1)
        whole |= part if isinstance(part, dict) else {}
    for name, inner in schema.get("properties", {}).items():
        whole[name] = an_example(inner, schemas, depth - 1)
    return whole


# --- what ought to be seen ------------------------------------------------------------------------


@dataclass
class Reading:
    """Collects the names that an audience sees, by going from operations wherever it may."""

    schemas: dict[str, Any]
    audience: Audience
    names: set[str] = field(default_factory=set)
    been: set[str] = field(default_factory=set)

    def is_hidden(self, thing: Any) -> bool:
        return self.audience > Audience(thing.get("x-audience", "public"))

    def hides(self, schema: Any, around: frozenset[str] = frozenset()) -> bool:
        if self.is_hidden(schema):
            return True
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return name not in around and self.hides(self.schemas[name], around | {name})
        branches = [b for k in ("allOf", "oneOf", "anyOf") for b in schema.get(k, ())]
        if "allOf" in schema:  # something must be left that says which values it means
            return any(self.hides(b) for b in branches) and not any(
                self.declares(b) for b in branches
            )
        return bool(branches) and all(self.hides(b) for b in branches)

    def declares(self, schema: Any, around: frozenset[str] = frozenset()) -> bool:
        if self.hides(schema):
            return False
        if "$ref" in schema:
            return True  # to an object
        branches = [b for k in ("allOf", "oneOf", "anyOf") for b in schema.get(k, ())]
        return not branches or any(self.declares(b) for b in branches)

    def schema(self, schema: Any) -> None:
        if self.hides(schema):
            return
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in self.been:
                self.been.add(name)
                self.schema(self.schemas[name])
        for value in schema.get("enum", ()):
            mark = schema.get("x-enum-audience", {}).get(value, "public")
            if self.audience <= Audience(mark):
                self.names.add(value)
        for name, inner in schema.get("properties", {}).items():
            if not self.hides(inner):
                self.names.add(name)
                self.schema(inner)
        for keyword in ("items", "additionalProperties"):
            if keyword in schema:
                self.schema(schema[keyword])
        for branch in (b for k in ("allOf", "oneOf", "anyOf") for b in schema.get(k, ())):
            self.schema(branch)

    def operation(self, operation: Any) -> None:
        ((scheme, scopes),) = operation["security"][0].items()
        self.names |= {operation["operationId"], *operation["tags"], scheme, *scopes}
        (parameter,), answer = operation["parameters"], operation["responses"]["200"]
        if not self.is_hidden(parameter):
            self.names.add(parameter["name"])
        (content,) = answer["content"].values()
        if not self.is_hidden(answer) and not self.hides(content["schema"]):
            self.schema(content["schema"])

    def document(self, document: Any) -> set[str]:
        for template, item in document["paths"].items():
            for operation in (item["get"], item["put"]):
                if not self.is_hidden(item) and not self.is_hidden(operation):
                    self.names.add(template[1:])
                    self.operation(operation)
        return self.names


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    return Making(draw).document()


@settings(max_examples=some_of(60), deadline=None)
@given(document=documents())
def test_each_audience_sees_what_is_for_it_and_no_name_besides(document: dict[str, Any]) -> None:
    contract, _ = read_contract(encode(document).decode(), PATH)
    assert contract is not None
    views = {}
    for audience in Audience:
        shown = project(contract, audience)
        if shown is contract:
            return
        views[audience] = set(_NAME.findall(shown.document.decode()))
        reading = Reading(schemas=document["components"]["schemas"], audience=audience)
        assert views[audience] == reading.document(document)
        assert [str(o) for o in shown.operations] == [
            str(o) for o in seen(contract, audience).operations
        ]
    assert views[Audience.PUBLIC] <= views[Audience.PARTNER] <= views[Audience.INTERNAL]


@settings(max_examples=some_of(40), deadline=None)
@given(document=documents())
def test_a_projection_is_a_contract_in_which_nothing_is_wrong(document: dict[str, Any]) -> None:
    contract, _ = read_contract(encode(document).decode(), PATH)
    assert contract is not None
    for audience in Audience:
        shown = project(contract, audience)
        again, found = read_contract(shown.document.decode(), PATH)
        assert again is not None
        wrong = [d for d in found if d.name not in ("no-operations", "example-breaks-schema")]
        # Where all answers are hidden, the whole is at fault (narrower-answers).
        assert [d for d in wrong if not d.message.startswith("an operation has empty")] == []
        assert again.operations == shown.operations or shown is contract
        assert decode(project(again, audience).document) == decode(shown.document) or (
            shown is contract
        )
