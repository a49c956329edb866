"""The built-in upstream: answers each operation by its contract, with an example or what fits."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from urllib.parse import unquote

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from forecourt.contract import Contract, Operation
from forecourt.contract.examples import Example, NoExample, choose_example
from forecourt.contract.matching import best_matches
from forecourt.contract.media_types import is_json
from forecourt.contract.values import Json, Pointer, decode, encode
from forecourt.server.preference import Preference, preference_of

# The contract of an API (by name) in a version ("" where it has none); None where there is none.
Contracts = Callable[[str, str], Contract | None]

# Decoded documents that are kept; the largest known takes a tenth of a second to decode.
_MOST_DECODED = 64

# Answers that are kept of each document; a made one may have taken a tenth of a second, too.
_MOST_ANSWERS = 2_000

_LOG = structlog.get_logger()


def mock(contracts: Contracts) -> ASGIApp:
    """The application. `/payments/charges` is `/charges` of the API `payments`.

    The version is the one named by `Forecourt-Version`. The same request always has the same
    answer; `Prefer: status=404, example=name, seed=text` (RFC 7240) chooses another. Nothing of the
    request is repeated in it, but for what was preferred.
    """
    mocks = _Mocks(contracts)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            with suppress(ClientDisconnect):
                async for _ in request.stream():  # one that nobody reads costs the connection
                    pass
                response = await mocks.answer(request)
                if request.method == "HEAD":
                    response.body = b""  # the length that a GET would have stays in the headers
                await response(scope, receive, send)

    return application


class _Mock:
    """A contract, decoded, and the answers chosen from it; the least used are forgotten."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._document = decode(contract.document)
        self._kept: OrderedDict[tuple[Pointer, Preference], Example | NoExample] = OrderedDict()

    def known(self, operation: Operation, preference: Preference) -> Example | NoExample | None:
        key = (operation.pointer, preference)
        if (example := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
        return example

    def choose(self, operation: Operation, preference: Preference) -> Example | NoExample:
        return choose_example(
            self._document,
            operation,
            openapi=self.contract.openapi,
            status=preference.status,
            name=preference.example,
            seed=preference.seed,
        )

    def keep(
        self, operation: Operation, preference: Preference, example: Example | NoExample
    ) -> None:
        self._kept[operation.pointer, preference] = example
        if len(self._kept) > _MOST_ANSWERS:
            self._kept.popitem(last=False)


class _Mocks:
    """The mocks of all contracts, made when first asked for; the least used are forgotten."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._kept: OrderedDict[tuple[str, str], _Mock] = OrderedDict()
        self._one_at_a_time = asyncio.Semaphore()

    async def answer(self, request: Request) -> Response:
        api, path = _api_and_path(request.scope)
        version = request.headers.get("forecourt-version", "")
        contract = self._contracts(api, version)
        if contract is None:
            return _no_such_operation(404, "no contract is known for this API and version")
        served = {"x-forecourt-mock": f"{api}@{version}"}
        offered = _offered(contract.operations, path)
        if not offered:
            detail = "the contract has no operation on this path"
            return _no_such_operation(404, detail, served)
        operation = _operation(offered, request.method)
        if operation is None:
            allow = {"allow": ", ".join(_methods(offered))}
            detail = "the contract has this path, but not with this method"
            return _no_such_operation(405, detail, served | allow)
        preference = preference_of(request.headers)
        example = await self._example(self._of(contract, api, version), operation, preference)
        if isinstance(example, NoExample):
            return _no_example(example, served)
        return _response(example, served | preference.applied(example))

    def _of(self, contract: Contract, api: str, version: str) -> _Mock:
        key = (api, version)
        kept = self._kept.get(key)
        if kept is None or kept.contract is not contract:  # published anew
            kept = self._kept[key] = _Mock(contract)
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST_DECODED:
            self._kept.popitem(last=False)
        return kept

    async def _example(
        self, of: _Mock, operation: Operation, preference: Preference
    ) -> Example | NoExample:
        """Chosen beside the event loop, which has callers of the edge waiting."""
        if (known := of.known(operation, preference)) is not None:
            return known
        async with self._one_at_a_time:
            if (known := of.known(operation, preference)) is not None:
                return known
            example = await asyncio.to_thread(of.choose, operation, preference)
            of.keep(operation, preference, example)
        if isinstance(example, NoExample):
            _LOG.warning(
                "the mock has no answer",
                operation=str(operation),
                schema=f"#{example.place}",
                because=example.reason,
            )
        return example


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


# --- what it is answered --------------------------------------------------------------------------

_MEDIA_TYPE = re.compile(r"[!#$&^_.+0-9A-Za-z-]+/[!#$&^_.+0-9A-Za-z-]+(?:\s*;[\x20-\x7e]*)?")

# What a range stands for when one has to be sent.
_RANGES = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}


def _response(example: Example, headers: Mapping[str, str]) -> Response:
    if example.media_type is None:
        return Response(status_code=example.status, headers=dict(headers))
    media_type = _RANGES.get(example.media_type, example.media_type)
    if not _MEDIA_TYPE.fullmatch(media_type):
        media_type = "application/octet-stream"
    body = _body(example.value, media_type)
    return Response(body, example.status, {**headers, "content-type": media_type})


def _body(value: Json, media_type: str) -> bytes:
    """JSON as JSON, and a text as it is. What else there is, nobody said how to write: nothing."""
    if is_json(media_type):
        return encode(value)
    return value.encode() if isinstance(value, str) else b""


def _no_such_operation(
    status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The contract does not offer what was asked."""
    return _problem(status, "no-such-operation", "There is no such operation", detail, headers)


def _no_example(example: NoExample, headers: Mapping[str, str]) -> Response:
    """There is nothing to show that would keep the contract."""
    detail = (
        f"no value was found for the schema at `#{example.place}`: {example.reason}; "
        "give the response an `example`"
    )
    return _problem(501, "no-example", "The contract has no example to show", detail, headers)


def _problem(
    status: int, name: str, title: str, detail: str, headers: Mapping[str, str] | None
) -> Response:
    """RFC 9457."""
    problem: Json = {
        "type": f"urn:forecourt:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    about = {"content-type": "application/problem+json"}
    return Response(encode(problem), status, {**(headers or {}), **about})
