"""The built-in upstream: answers each operation with an example of its contract."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote
from urllib.request import parse_http_list

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from forecourt.contract import Contract, Operation
from forecourt.contract.examples import Example, choose_example
from forecourt.contract.matching import best_matches
from forecourt.contract.values import Json, decode, encode

# The contract of an API (by name) in a version ("" where it has none); None where there is none.
Contracts = Callable[[str, str], Contract | None]

# Decoded documents that are kept; the largest known takes a tenth of a second to decode.
_MOST_DECODED = 64

_WITHOUT_BODY = frozenset({204, 205, 304})


def mock(contracts: Contracts) -> ASGIApp:
    """The application. `/payments/charges` is `/charges` of the API `payments`.

    The version is the one named by `Forecourt-Version`. The same request always has the same
    answer; `Prefer: status=404, example=name` (RFC 7240) chooses another. Nothing of the request
    is repeated in it.
    """
    documents = _Documents()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            with suppress(ClientDisconnect):
                async for _ in request.stream():  # one that nobody reads costs the connection
                    pass
                response = _answer(request, contracts, documents)
                if request.method == "HEAD":
                    response.body = b""  # the length that a GET would have stays in the headers
                await response(scope, receive, send)

    return application


class _Documents:
    """The documents of contracts, decoded when first asked for; the least used are forgotten."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[Contract, Json]] = OrderedDict()

    def of(self, contract: Contract, api: str, version: str) -> Json:
        key = (api, version)
        kept = self._kept.get(key)
        if kept is None or kept[0] is not contract:  # published anew
            kept = self._kept[key] = (contract, decode(contract.document))
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST_DECODED:
            self._kept.popitem(last=False)
        return kept[1]


def _answer(request: Request, contracts: Contracts, documents: _Documents) -> Response:
    api, path = _api_and_path(request.scope)
    version = request.headers.get("forecourt-version", "")
    contract = contracts(api, version)
    if contract is None:
        return _problem(404, "no contract is known for this API and version")
    served = {"x-forecourt-mock": f"{api}@{version}"}
    offered = _offered(contract.operations, path)
    if not offered:
        return _problem(404, "the contract has no operation on this path", served)
    operation = _operation(offered, request.method)
    if operation is None:
        allow = {"allow": ", ".join(_methods(offered))}
        return _problem(405, "the contract has this path, but not with this method", served | allow)
    preference = _preference(request.headers)
    document = documents.of(contract, api, version)
    example = choose_example(document, operation, status=preference.status, name=preference.example)
    headers = served | preference.applied(example)
    return _response(example, headers)


def _api_and_path(scope: Scope) -> tuple[str, str]:
    """The API's name, and the path within it, still percent-encoded."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    whole = raw.decode("latin-1").partition("?")[0]
    api, _, path = whole.removeprefix("/").partition("/")
    return unquote(api), f"/{path}"


# --- which operation ------------------------------------------------------------------------------


def _offered(operations: Sequence[Operation], path: str) -> tuple[Operation, ...]:
    """The operations on the template that fits best, and on those that are the same by shape."""
    templates = set(best_matches(dict.fromkeys(o.template for o in operations), path))
    return tuple(o for o in operations if o.template in templates)


def _operation(offered: Iterable[Operation], method: str) -> Operation | None:
    by_method: dict[str, Operation] = {}
    for operation in offered:
        by_method.setdefault(operation.method, operation)
    found = by_method.get(method)
    return by_method.get("GET") if found is None and method == "HEAD" else found


def _methods(offered: Iterable[Operation]) -> list[str]:
    methods = {operation.method for operation in offered}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


# --- what the caller prefers ----------------------------------------------------------------------

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Preference:
    """The status and the name of the example that a caller would rather see."""

    status: int | None = None
    example: str | None = None

    def applied(self, example: Example) -> dict[str, str]:
        """`Preference-Applied` (RFC 7240, section 3), for what was honoured."""
        honoured = []
        if self.status is not None and example.status == self.status:
            honoured.append(f"status={self.status}")
        if self.example is not None and example.name == self.example:
            honoured.append(f"example={_quoted(self.example)}")
        return {"preference-applied": ", ".join(honoured)} if honoured else {}


def _preference(headers: Headers) -> _Preference:
    """From `Prefer`: the first of each counts, and what makes no sense is passed over."""
    stated: dict[str, str] = {}
    for item in parse_http_list(",".join(headers.getlist("prefer"))):
        name, _, value = item.partition("=")
        stated.setdefault(name.strip().lower(), _unquoted(value.strip()))
    status = stated.get("status", "")
    return _Preference(
        status=int(status) if re.fullmatch(r"[2-5][0-9]{2}", status) else None,
        example=stated.get("example") or None,
    )


def _unquoted(value: str) -> str:
    if value.startswith('"'):
        return _ESCAPED.sub(r"\1", value[1:].removesuffix('"'))
    return value.partition(";")[0].rstrip()


def _quoted(value: str) -> str:
    if _TOKEN.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- what it is answered --------------------------------------------------------------------------

_JSON = re.compile(r".*[/+]json(?:\s*;.*)?", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[!#$&^_.+0-9A-Za-z-]+/[!#$&^_.+0-9A-Za-z-]+(?:\s*;[\x20-\x7e]*)?")

# What a range stands for when one has to be sent.
_RANGES = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}


def _response(example: Example, headers: Mapping[str, str]) -> Response:
    if example.status in _WITHOUT_BODY or example.media_type is None:
        return Response(status_code=example.status, headers=dict(headers))
    media_type = _RANGES.get(example.media_type, example.media_type)
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    body = _body(example.value, media_type)
    return Response(body, example.status, {**headers, "content-type": media_type})


def _body(value: Json, media_type: str) -> bytes:
    """JSON as JSON, and a text as it is. What else there is, nobody said how to write: nothing."""
    if _JSON.fullmatch(media_type):
        return encode(value)
    return value.encode() if isinstance(value, str) else b""


def _problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """RFC 9457. Both mean the same: the contract does not offer what was asked."""
    problem: Json = {
        "type": "urn:forecourt:problem:no-such-operation",
        "title": "There is no such operation",
        "status": status,
        "detail": detail,
    }
    about = {"content-type": "application/problem+json"}
    return Response(encode(problem), status, {**(headers or {}), **about})
