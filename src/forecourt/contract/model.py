"""A contract: the operations an API offers, as its OpenAPI document says them.

Nothing here is a copy of a schema: a `Pointer` leads to where it stands in the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from forecourt.contract.values import Pointer
from forecourt.diagnostics import Span
from forecourt.estate.audience import Audience
from forecourt.estate.rate_limit import RateLimit

ParameterIn = Literal["path", "query", "header", "cookie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One media type of a body. `examples` are the names under `examples`, as written.

    `pointer` leads to it in the document, past every reference. `schema` leads to its schema, which
    may be a `$ref`; None where any value will do.
    """

    media_type: str
    pointer: Pointer
    schema: Pointer | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A value in the path, query, header or cookie of a request.

    `style` and `explode` say how it is written, with OpenAPI's defaults filled in. It has a
    `schema`, or `contents` (one media type) in which it is encoded. `pointer`: past every
    reference; None for a name in the template of which nothing else is said, which is any text.
    """

    name: str
    location: ParameterIn
    style: str
    explode: bool
    is_required: bool = False
    is_deprecated: bool = False
    allows_reserved: bool = False
    pointer: Pointer | None = None
    schema: Pointer | None = None
    contents: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of a request. `pointer` leads to it past every reference."""

    pointer: Pointer
    contents: tuple[Content, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header field of a response."""

    name: str
    pointer: Pointer
    is_required: bool = False
    is_deprecated: bool = False
    schema: Pointer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What an operation may answer. `status` is `200`, a range `2XX`, or `default`."""

    status: str
    description: str = ""
    contents: tuple[Content, ...] = ()
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeUse:
    """A security scheme by name, and the scopes that are needed of it, as written."""

    scheme: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What a caller must present, all of it. Without a scheme, nothing."""

    schemes: tuple[SchemeUse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """A way to present credentials that the document describes.

    `type` as written (`apiKey`, `http`, `oauth2` …). Of an `apiKey`: where it stands (`location`)
    and its name there (`parameter`). `user_scopes` are those that only a person can give: its
    `x-user-scopes`.
    """

    name: str
    type: str
    location: str = ""
    parameter: str = ""
    user_scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method on a path. `method` is in capitals; `template` begins with `/`.

    `pointer` leads to it in the document, past a reference of its path. `parameters` are its own
    and its path's. `security` are alternatives, the document's where the operation says nothing;
    None where neither does. `has_audience_marks` says whether it or its path holds an `x-audience`;
    what it refers to is not asked. `rate_limit` is its `x-rate-limit`.
    """

    method: str
    template: str
    pointer: Pointer
    id: str | None = None
    summary: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[Requirement, ...] | None = None
    is_deprecated: bool = False
    has_audience_marks: bool = False
    rate_limit: RateLimit | None = None

    @property
    def request_media_types(self) -> tuple[str, ...]:
        """The media types that the body of a request may have."""
        return tuple(c.media_type for c in self.body.contents) if self.body is not None else ()

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An operation of the document that is not served, since what it means cannot be told.

    `method` None: nothing on this path. `reason` is a sentence without a stop; `span` its place.
    """

    method: str | None
    template: str
    reason: str
    span: Span

    def __str__(self) -> str:
        return f"{self.method or '*'} {self.template}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationPlace:
    """Where an operation that is served stands: in the document, or in a file that it refers to."""

    method: str
    template: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePlace:
    """Where a path of the document stands."""

    template: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceMark:
    """A place that is marked for an audience; `around` is the narrowest that it stands in."""

    audience: Audience
    around: Audience | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """What is wrong for callers of an audience that see an operation.

    `requires`: they must send what they do not see. `answers`: there is no success they may see.
    """

    kind: Literal["requires", "answers"]
    audience: Audience
    message: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedElsewhere:
    """A part of an operation's requests that the edge leaves to the control plane, and why.

    `part` is `body application/json`, or a parameter: `query.limit`. `span` is the place of what
    the edge does not judge.
    """

    method: str
    template: str
    part: str
    reason: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """An OpenAPI document, read.

    `operations` are sorted by template and method, and every reference that they need leads
    somewhere; `left_out` are the others. `base_paths` are the paths of its servers: they begin with
    `/` and end without, save for `/` itself. `document` is the whole document as JSON, with its
    overlays: examples and schemas are read from it when somebody asks for one. What other files say
    stands in it at `x-forecourt-files`, so that no reference leads out of it; `files` are their
    paths from the estate's root.

    `audience_marks` are the places of every `x-audience` and `x-enum-audience` anywhere in the
    document, `marks` those that say a known audience, and `contradictions` what they make of
    operations for those who see them. `elsewhere` and `places`, those of its operations, are known
    where somebody asked for them. `undated` are operations and parameters that are deprecated, and
    name no day. `own` are paths that may be the gateway's own (`contract.own_paths`), `anonymous`
    the operations (`POST /tokens`) that the public sees and that ask for no credential.
    """

    title: str
    version: str
    openapi: str
    operations: tuple[Operation, ...]
    left_out: tuple[LeftOut, ...] = ()
    base_paths: tuple[str, ...] = ()
    security_schemes: tuple[SecurityScheme, ...] = ()
    files: tuple[str, ...] = ()
    audience_marks: tuple[Span, ...] = field(default=(), compare=False)
    marks: tuple[AudienceMark, ...] = field(default=(), compare=False)
    contradictions: tuple[Contradiction, ...] = field(default=(), compare=False)
    undated: tuple[Span, ...] = field(default=(), compare=False)
    own: tuple[TemplatePlace, ...] = field(default=(), compare=False)
    anonymous: tuple[str, ...] = field(default=(), compare=False)
    elsewhere: tuple[JudgedElsewhere, ...] = field(default=(), compare=False)
    places: tuple[OperationPlace, ...] = field(default=(), compare=False)
    document: bytes = field(repr=False)

    @property
    def has_limits(self) -> bool:
        """Whether an operation has a limit of its own."""
        return any(o.rate_limit is not None for o in self.operations)

    def operation(self, method: str, template: str) -> Operation | None:
        """The operation with that method and template."""
        wanted = (method.upper(), template)
        return next((o for o in self.operations if (o.method, o.template) == wanted), None)
