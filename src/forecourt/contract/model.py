"""A contract: the operations an API offers, as its OpenAPI document says them."""

from __future__ import annotations

from dataclasses import dataclass, field

from forecourt.contract.values import Pointer
from forecourt.diagnostics import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One media type of a response. `examples` are the names under `examples`, as written.

    `pointer` leads to it in the document, past every reference.
    """

    media_type: str
    pointer: Pointer
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What an operation may answer. `status` is `200`, a range `2XX`, or `default`."""

    status: str
    description: str = ""
    contents: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method on a path. `method` is in capitals; `template` begins with `/`.

    `pointer` leads to it in the document, past a reference of its path. `has_audience_marks` says
    whether it or its path holds an `x-audience`; what it refers to is not asked.
    """

    method: str
    template: str
    pointer: Pointer
    id: str | None = None
    summary: str = ""
    request_media_types: tuple[str, ...] = ()
    responses: tuple[Response, ...] = ()
    has_audience_marks: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """An OpenAPI document, read.

    `operations` are sorted by template and method. `audience_marks` are the places of every
    `x-audience` and `x-enum-audience` anywhere in the document. `base_paths` are the paths of its
    servers: they begin with `/` and end without, save for `/` itself. `document` is the whole
    document as JSON: examples and schemas are read from it when somebody asks for one.
    """

    title: str
    version: str
    openapi: str
    operations: tuple[Operation, ...]
    base_paths: tuple[str, ...] = ()
    audience_marks: tuple[Span, ...] = field(default=(), compare=False)
    document: bytes = field(repr=False)

    def operation(self, method: str, template: str) -> Operation | None:
        """The operation with that method and template."""
        wanted = (method.upper(), template)
        return next((o for o in self.operations if (o.method, o.template) == wanted), None)
