"""Examples that break their schema: the mock sends them, and their reader is misled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forecourt.contract import codes
from forecourt.contract.dialect import Direction, Translated, translate
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content, Operation
from forecourt.contract.references import Lost, follow
from forecourt.contract.trouble import Trouble
from forecourt.contract.validity import Fault, Judge, Unjudgeable
from forecourt.contract.values import Json, Pointer, child, descend
from forecourt.source.quoting import shown

# Beyond these, others are counted: some documents have hundreds, made by a program.
MOST_TOLD = 20

# The largest document known has 4,500 of them. Judging one takes a tenth of a millisecond, and
# making its schema ready half of one.
MOST_JUDGED = 5_000


def example_troubles(
    root: Json, operations: Iterable[Operation], *, openapi: str
) -> Iterator[Trouble]:
    """Each example of a body in JSON that breaks the schema beside it, in the order of operations.

    Formats do not count: what a format takes is seen in more ways than one.
    """
    told = 0
    judged: set[Pointer] = set()
    for content, direction in _contents(operations):
        if content.pointer in judged or len(judged) >= MOST_JUDGED:
            continue
        judged.add(content.pointer)
        for name, at, fault in _faults(root, content, direction, openapi):
            told += 1
            yield Trouble(
                code=codes.EXAMPLE_BREAKS_SCHEMA,
                at=(*at, *map(str, fault.at)),
                message=f"{name} breaks its schema: {_said(fault)}",
                help="the mock sends it as it is; correct the example, or the schema",
                on="value",
                alike="" if told <= MOST_TOLD else "others",
            )


def _contents(operations: Iterable[Operation]) -> Iterator[tuple[Content, Direction]]:
    for operation in operations:
        if operation.body is not None:
            yield from ((content, Direction.REQUEST) for content in operation.body.contents)
        for response in operation.responses:
            yield from ((content, Direction.RESPONSE) for content in response.contents)


def _faults(
    root: Json, content: Content, direction: Direction, openapi: str
) -> Iterator[tuple[str, Pointer, Fault]]:
    """What each example is called, where its value stands, and the first that is wrong with it."""
    examples = tuple(_examples(root, content))
    if not examples or content.schema is None or not is_json(content.media_type):
        return
    translated = translate(root, content.schema, openapi=openapi, direction=direction)
    if not isinstance(translated, Translated):
        return  # the mistake is told where it stands
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
