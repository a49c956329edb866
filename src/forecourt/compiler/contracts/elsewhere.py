"""Which parts of requests the edge leaves to the control plane, by compiling them to see."""

from __future__ import annotations

from collections.abc import Iterator

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.compiler.bundle.projection import View
from forecourt.compiler.bundle.writing import ENDLESS
from forecourt.contract.elsewhere import Left
from forecourt.contract.model import Contract, Operation
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import dialect_of
from forecourt.contract.values import Pointer, decode
from forecourt.estate.audience import Audience

# Who sees all of a contract.
_EVERYTHING = View(audience=Audience.INTERNAL, direction=Direction.REQUEST)


def left_to_others(contract: Contract) -> Iterator[Left]:
    """Those of each operation, in the order of the contract."""
    parts = [
        (operation, part, schema)
        for operation in contract.operations
        for part, schema in _parts(operation)
    ]
    bundle = compile_bundle(
        decode(contract.document),
        {str(number): schema for number, (_, _, schema) in enumerate(parts)},
        view=_EVERYTHING,
        dialect=dialect_of(contract.openapi),
    )
    left = {root.name: root.left for root in bundle.roots}
    for number, (operation, part, _) in enumerate(parts):
        for each in left[str(number)]:
            yield Left(
                method=operation.method,
                template=operation.template,
                part=part,
                at=each.at,
                reason=each.reason,
                is_judged=each.reason != ENDLESS,
            )


def _parts(operation: Operation) -> Iterator[tuple[str, Pointer]]:
    for parameter in operation.parameters:
        for schema in (parameter.schema, *(c.schema for c in parameter.contents)):
            if schema is not None:
                yield f"{parameter.location}.{parameter.name}", schema
    for content in operation.body.contents if operation.body is not None else ():
        if content.schema is not None:
            yield f"body {content.media_type}", content.schema
