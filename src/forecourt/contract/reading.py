"""An OpenAPI document read into a contract, with every mistake located."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from forecourt.contract import codes
from forecourt.contract.marks import audience_marks
from forecourt.contract.matching import segments
from forecourt.contract.model import Content, Contract, Operation, Response
from forecourt.contract.references import Lost, follow
from forecourt.contract.servers import base_paths
from forecourt.contract.values import Json, Pointer, child
from forecourt.contract.written import Written, read_document
from forecourt.diagnostics import Diagnostic, in_reading_order
from forecourt.source.codes import Code
from forecourt.source.vocabulary.reading import shown

_Keyed: TypeAlias = dict[str, Json]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX|xx)|default")
_SUPPORTED = re.compile(r"3\.[01](?:\.|$)")
_WELL_FORMED = re.compile(r"/(?:[^{}]|\{[^{}/]+\})*")


def read_contract(text: str, path: str) -> tuple[Contract | None, tuple[Diagnostic, ...]]:
    """The contract in a document (OpenAPI 3.0 or 3.1, YAML or JSON), and what is wrong with it.

    `path` is the document's, from the estate's root. None where there is nothing to serve: the text
    cannot be read, is not OpenAPI 3, or has no `paths`. What is wrong in one place only costs what
    stands there. Schemas are not judged.
    """
    written, diagnostics = read_document(text, path)
    if written is None:
        return None, in_reading_order(diagnostics)
    reader = _Reader(written)
    contract = reader.contract()
    return contract, in_reading_order((*diagnostics, *reader.diagnostics))


@dataclass(slots=True)
class _Reader:
    written: Written
    diagnostics: list[Diagnostic] = field(default_factory=list)
    marks: tuple[Pointer, ...] = ()

    def contract(self) -> Contract | None:
        root = self.written.root
        openapi = self._openapi_version(root)
        if openapi is None:
            return None
        paths = child(root, "paths")
        if paths is None:
            way_out = "a contract describes what can be called; webhooks alone cannot"
            self._report(codes.NO_PATHS, (), "there is no `paths`", help=way_out)
            return None
        self.marks = audience_marks(root)
        operations = sorted(
            self._operations(self._mapping(paths, ("paths",))),
            key=lambda o: (o.template, o.method),
        )
        if not operations and not self.diagnostics:
            self._report(codes.NO_OPERATIONS, ("paths",), "no path offers an operation")
        self._check_repeats(operations)
        return Contract(
            title=_text(child(child(root, "info"), "title")),
            version=_text(child(child(root, "info"), "version")),
            openapi=openapi,
            operations=tuple(operations),
            base_paths=base_paths(root),
            audience_marks=tuple(sorted({self.written.places.key(m) for m in self.marks})),
            document=self.written.encoded,
        )

    def _openapi_version(self, root: Json) -> str | None:
        if not isinstance(root, dict):
            self._report(codes.NOT_OPENAPI, (), "this is no OpenAPI document: it is no mapping")
            return None
        version = _text(root.get("openapi"))
        if _SUPPORTED.match(version):
            return version
        if "swagger" in root:
            message = "this is OpenAPI 2 (Swagger), which is not read"
            way_out = "convert it to OpenAPI 3.0 or 3.1"
            self._report(codes.OPENAPI_2, ("swagger",), message, help=way_out)
        elif "openapi" not in root:
            message = "this is no OpenAPI document: there is no `openapi`"
            way_out = 'begin it with `openapi: "3.1.0"`'
            self._report(codes.NOT_OPENAPI, (), message, help=way_out)
        else:
            message = f"`openapi` is {shown(version)}, which is not one of 3.0.x, 3.1.x"
            self._report(codes.OPENAPI_VERSION, ("openapi",), message, on="value")
        return None

    # --- paths and operations ---------------------------------------------------------------------

    def _operations(self, paths: _Keyed) -> Iterator[Operation]:
        for template, written in paths.items():
            at = ("paths", template)
            if template.startswith("x-") or not self._is_template(template, at):
                continue
            # A path may refer to another and add to it; what stands here goes first.
            own = self._mapping(written, at)
            referred, referred_at = self._followed(own, at) if "$ref" in own else ({}, at)
            for method in METHODS:
                for item, item_at in ((own, at), (referred, referred_at)):
                    if method in item:
                        yield self._operation(item[method], (*item_at, method), template)
                        break

    def _is_template(self, template: str, at: Pointer) -> bool:
        if _WELL_FORMED.fullmatch(template):
            return True
        if template.startswith("/"):
            message = f"the braces of {shown(template)} do not close"
            way_out = "write a parameter as `{name}`"
        else:
            message = f"the path {shown(template)} does not begin with `/`"
            way_out = f"write {shown('/' + template)}"
        self._report(codes.BAD_TEMPLATE, at, message, help=way_out)
        return False

    def _operation(self, written: Json, at: Pointer, template: str) -> Operation:
        operation = self._mapping(written, at)
        body, body_at = self._at(operation, at, "requestBody")
        request, _ = self._at(body, body_at, "content")
        return Operation(
            method=at[-1].upper(),
            template=template,
            pointer=at,
            id=_text(operation.get("operationId")) or None,
            summary=_text(operation.get("summary")),
            request_media_types=tuple(request),
            responses=self._responses(operation, at),
            has_audience_marks=self._is_marked(at, template),
        )

    def _is_marked(self, at: Pointer, template: str) -> bool:
        """Whether a mark stands in the operation, or in its path but in no operation of it."""
        return any(
            len(mark) > len(path)
            and mark[: len(path)] == path
            and (mark[len(path)] == at[-1] or mark[len(path)] not in METHODS)
            for mark in self.marks
            for path in (at[:-1], ("paths", template))
        )

    def _check_repeats(self, operations: Iterable[Operation]) -> None:
        ids: dict[str, Operation] = {}
        shapes: dict[object, Operation] = {}
        for operation in operations:
            if operation.id is not None:
                first = ids.setdefault(operation.id, operation)
                if first is not operation:
                    place = (*operation.pointer, "operationId")
                    names = f"{shown(operation.id)} is the `operationId` of {shown(str(first))}"
                    self._report(codes.SAME_OPERATION_ID, place, f"{names} too", on="value")
            first = shapes.setdefault((operation.method, segments(operation.template)), operation)
            if first is not operation:
                place = ("paths", operation.template)
                message = f"{shown(str(operation))} matches what {shown(str(first))} matches"
                self._report(codes.SAME_TEMPLATE, place, f"{message}, which goes first")

    # --- responses --------------------------------------------------------------------------------

    def _responses(self, operation: _Keyed, at: Pointer) -> tuple[Response, ...]:
        responses, responses_at = self._at(operation, at, "responses")
        return tuple(
            self._response(status, responses, responses_at)
            for status in sorted(responses)
            if not status.startswith("x-") and self._is_status(status, (*responses_at, status))
        )

    def _is_status(self, status: str, at: Pointer) -> bool:
        if _STATUS.fullmatch(status):
            return True
        message = f"{shown(status)} is no response: not a status, a range as `4XX`, or `default`"
        self._report(codes.BAD_STATUS, at, message)
        return False

    def _response(self, status: str, responses: _Keyed, at: Pointer) -> Response:
        response, response_at = self._at(responses, at, status)
        contents, contents_at = self._at(response, response_at, "content")
        return Response(
            status=status.upper() if status != "default" else status,
            description=_text(response.get("description")),
            contents=tuple(self._content(name, contents, contents_at) for name in contents),
        )

    def _content(self, media_type: str, contents: _Keyed, at: Pointer) -> Content:
        content, content_at = self._at(contents, at, media_type)
        examples, examples_at = self._at(content, content_at, "examples")
        for name in examples:
            self._at(examples, examples_at, name)
        return Content(media_type=media_type, pointer=content_at, examples=tuple(examples))

    # --- steps ------------------------------------------------------------------------------------

    def _at(self, around: _Keyed, at: Pointer, key: str) -> tuple[_Keyed, Pointer]:
        """The mapping at a key, past its references, and where it stands; or an empty one."""
        return self._followed(around.get(key), (*at, key))

    def _followed(self, value: Json, at: Pointer) -> tuple[_Keyed, Pointer]:
        match follow(self.written.root, value, at):
            case Lost() as lost:
                self._report_lost(lost)
                return {}, at
            case found:
                return self._mapping(found.value, found.at), found.at

    def _mapping(self, value: Json, at: Pointer) -> _Keyed:
        if isinstance(value, dict):
            return value
        if value is not None:
            kind = "a list" if isinstance(value, list) else shown(_text(value))
            message = f"{shown(at[-1])} is {kind}, where OpenAPI has a mapping"
            self._report(codes.CONTRACT_SHAPE, at, message, on="value")
        return {}

    def _report_lost(self, lost: Lost) -> None:
        message = f"{shown(lost.reference)} "
        match lost.reason:
            case "elsewhere":
                way_out = "bundle the document into one file"
                message += "is in another file, and a contract is one file"
                self._report(codes.REFERENCE_ELSEWHERE, lost.at, message, help=way_out, on="value")
            case "nothing":
                message += "refers to something that is not in this document"
                self._report(codes.BROKEN_REFERENCE, lost.at, message, on="value")
            case "cycle":
                message += "refers to itself in the end"
                self._report(codes.REFERENCE_CYCLE, lost.at, message, on="value")

    def _report(
        self,
        code: Code,
        at: Pointer,
        message: str,
        *,
        help: str | None = None,
        on: Literal["key", "value"] = "key",
    ) -> None:
        places = self.written.places
        span = places.key(at) if on == "key" else places.value(at)
        self.diagnostics.append(code.at(span, message, help=help))


def _text(value: Json) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)
