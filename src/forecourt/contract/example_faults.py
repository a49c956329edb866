"""Examples that break their schema: the mock sends them, and their reader is misled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecourt.contract import codes
from forecourt.contract.dialect import Translated, Translations
from forecourt.contract.given_examples import example_meant
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content, Operation
from forecourt.contract.one_sided import Direction
from forecourt.contract.references import Lost, follow
from forecourt.contract.trouble import Trouble
from forecourt.contract.validity import Fault, Judge, Unjudgeable
from forecourt.contract.values import Json, Pointer, child, descend
from forecourt.source.quoting import shown

# Beyond these, others are counted: some documents have hundreds, made by a program.
MOST_TOLD = 20

# GitHub's document, the largest known, has 1,293 bodies with examples; their schemas are made of
# 73,000; that takes half a second. In a document that is worse by far, the rest is not judged.
MOST_SCHEMAS = 300_000


def example_troubles(
    root: Json, operations: Iterable[Operation], *, openapi: str
) -> Iterator[Trouble]:
    """Each example of a body in JSON that breaks the schema beside it, in the order of operations.

    Formats do not count: what a format takes is seen in more ways than one. An example that is a
    reference is one that OpenAPI does not provide for.
    """
    told, left = 0, MOST_SCHEMAS
    translations = {d: Translations(root, openapi=openapi, direction=d) for d in Direction}
    seen: set[Pointer] = set()
    for content, direction in _contents(operations):
        written = () if content.pointer in seen else tuple(_examples(root, content))
        seen.add(content.pointer)
        examples = tuple((n, example_meant(root, descend(root, at), at).at) for n, at in written)
        yield from (
            _reference(at)
            for (_, at), (_, meant) in zip(written, examples, strict=True)
            if meant != at
        )
        if not examples or content.schema is None or not is_json(content.media_type) or left < 0:
            continue
        translated = translations[direction].of(content.schema)
        if not isinstance(translated, Translated):
            continue  # the mistake is told where it stands
        left -= translated.size
        for name, at, fault in _faults(root, examples, translated):
            told += 1
            yield Trouble(
                code=codes.EXAMPLE_BREAKS_SCHEMA,
                at=(*at, *map(str, fault.at)),
                message=f"{name} breaks its schema: {_said(fault)}",
                help="the mock sends it as it is; correct the example, or the schema",
                on="value",
                alike="" if told <= MOST_TOLD else "others",
            )


def _reference(at: Pointer) -> Trouble:
    message = "a `$ref` stands for the value of an example, where OpenAPI provides for none"
    return Trouble(
        code=codes.NOT_AS_SPECIFIED,
        at=(*at, "$ref"),
        message=f"{message}; it is followed",
        alike="the value of an example",
    )


def _contents(operations: Iterable[Operation]) -> Iterator[tuple[Content, Direction]]:
    for operation in operations:
        if operation.body is not None:
            yield from ((content, Direction.REQUEST) for content in operation.body.contents)
        for response in operation.responses:
            yield from ((content, Direction.RESPONSE) for content in response.contents)


def _faults(
    root: Json, examples: Iterable[tuple[str, Pointer]], translated: Translated
) -> Iterator[tuple[str, Pointer, Fault]]:
    """Of each example that breaks the schema: its name, its place, and the first that is wrong."""
    try:
        judge = Judge(translated, formats=False)
    except Unjudgeable:
        return
    for name, at in examples:
        for fault in judge.faults(descend(root, at), most=1):
            yield name, at, fault


def _examples(root: Json, content: Content) -> Iterator[tuple[str, Pointer]]:
    """What each example is called, and where its value stands."""
    written = descend(root, content.pointer)
    if child(written, "example") is not None:
        yield "the example", (*content.pointer, "example")
    around = follow(root, child(written, "examples"), (*content.pointer, "examples"))
    if isinstance(around, Lost):
        return
    for name in content.examples:
        found = follow(root, child(around.value, name), (*around.at, name))
        if not isinstance(found, Lost) and isinstance(found.value, dict) and "value" in found.value:
            yield f"the example {shown(name)}", (*found.at, "value")


def _said(fault: Fault) -> str:
    return fault.message.replace('"', "`")
