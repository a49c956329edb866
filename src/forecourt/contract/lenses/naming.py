"""What changes call things, found in the two contracts that they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forecourt.contract.lenses.around import Declared
from forecourt.contract.lenses.schemas import Parts, Schemas
from forecourt.contract.media_types import is_json
from forecourt.contract.model import Content, Operation, ParameterIn


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of a contract by what changes call them."""

    by_name: Mapping[str, Operation]

    def called(self, name: str) -> Operation | None:
        """The one with that `operationId`, or as `POST /orders`."""
        return self.by_name.get(name)

    def all(self) -> tuple[Operation, ...]:
        """Each once, in the contract's order."""
        return tuple(dict.fromkeys(self.by_name.values()))


def operations_of(operations: Iterable[Operation]) -> Operations:
    """By method and path first, then by id; the first of two that share one."""
    listed = tuple(operations)
    names = {str(operation): operation for operation in listed}
    for operation in listed:
        if operation.id is not None:
            names.setdefault(operation.id, operation)
    return Operations(names)


def json_schemas(contents: Iterable[Content]) -> Parts:
    """The schemas of the bodies that are JSON."""
    return tuple(
        dict.fromkeys(
            content.schema
            for content in contents
            if content.schema is not None and is_json(content.media_type)
        )
    )


def other_schemas(contents: Iterable[Content]) -> Parts:
    """The schemas of the bodies that are not: forms, XML."""
    listed = (c.schema for c in contents if c.schema is not None and not is_json(c.media_type))
    return tuple(dict.fromkeys(listed))


def parameters_of(schemas: Schemas, operation: Operation, part: ParameterIn) -> Declared:
    """The parameters of an operation in one place of a request; header fields in small letters."""
    own = [p for p in operation.parameters if p.location == part]
    return Declared(
        schemas=schemas,
        parameters={as_sent(p.name, part): () if p.schema is None else (p.schema,) for p in own},
        musts=frozenset(as_sent(p.name, part) for p in own if p.is_required),
    )


def is_good(status: str, operation: Operation) -> bool:
    """Whether answers of a status say that it was done: `default` where none is said to."""
    if status != "default":
        return status[0] in "23"
    return not any(each.status[0] in "23" for each in operation.responses)


# What frames a message, says what its body is or who sends it: no lens speaks of these fields.
_OF_THE_MESSAGE = frozenset(
    {
        *("connection", "content-encoding", "content-length", "content-type", "expect", "host"),
        *("keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "accept-encoding"),
        *("authorization", "cookie", "set-cookie", "proxy-authorization", "x-request-id"),
        *("x-internal-service-token", "www-authenticate", "range", "if-range"),
    }
)
_OF_THE_EDGE = (":", "forecourt-", "x-forecourt-", "x-forwarded-", "x-envoy-")


def is_of_the_edge(field: str) -> bool:
    """Whether a header field is the edge's to read and write."""
    name = field.lower()
    return name in _OF_THE_MESSAGE or name.startswith(_OF_THE_EDGE)


def as_sent(name: str, part: str) -> str:
    """A parameter's name as it arrives: header fields have no capitals."""
    return name.lower() if part == "header" else name
