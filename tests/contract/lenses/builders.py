"""Two versions of a contract, and changes between them, with sane defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from forecourt.contract import Contract
from forecourt.contract.lenses.applying import applied
from forecourt.contract.lenses.deriving import Derived, derived
from forecourt.contract.lenses.program import OperationLens
from forecourt.estate.changes import Changes
from forecourt.source.files.changes import CHANGES
from forecourt.source.tree import parse
from forecourt.source.vocabulary.reading import At
from tests.contract.builders import a_contract


def changes(*lenses: str) -> Changes:
    """A file with these lenses, from version 1 to version 2."""
    listed = "\n".join("  - " + lens.replace("\n", "\n    ") for lens in lenses)
    text = f'version: "2"\nsummary: it is better\nchanges:\n{listed or "  []"}\n'
    node, mistakes = parse(text, "changes/2.yaml")
    assert node is not None
    assert not mistakes, mistakes
    at = At(label="2", folder="apis/shop", origin=node.span)
    value = CHANGES.read(node, at)
    assert value is not None, at.diagnostics
    return replace(value, follows="1")


def an_object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def things(thing: Any, **others: Any) -> Contract:
    """A contract whose one operation takes a `Thing` and answers with it."""
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    operation = {
        "operationId": "putThing",
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "", "content": content}},
    }
    return a_contract(
        paths={"/things": {"put": operation}},
        components={"schemas": {"Thing": thing, **others}},
    )


def between(older: Contract, newer: Contract, *lenses: str) -> Derived:
    return derived(changes(*lenses), older, newer)


def the_lens(found: Derived) -> OperationLens:
    """The lens of the one operation, of changes without mistakes."""
    assert not found.mistakes, [str(m) for m in found.mistakes]
    (lens,) = found.hop.operations
    return lens


def raised(found: Derived, body: Any) -> Any:
    program = the_lens(found).request
    return body if program is None else applied(program, body)


def lowered(found: Derived, body: Any) -> Any:
    program = the_lens(found).answers.get("200")
    return body if program is None else applied(program, body)


def told(found: Derived) -> list[str]:
    return [f"{m.code} {m.message}" for m in found.mistakes]
