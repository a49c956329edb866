"""The built-in upstream: answers each operation by its contract, with an example or what fits."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
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
from forecourt.estate.audience import Audience
from forecourt.server.preference import Preference, preference_of

# The contract of an API (by name) in a version ("" where it has none); None where there is none.
Contracts = Callable[[str, str], Contract | None]

# What callers of an audience see of a contract; the same object where that is all of it.
Projection = Callable[[Contract, Audience], Contract]

_AUDIENCES = {audience.value: audience for audience in Audience}

# Decoded documents that are kept; the largest known takes a tenth of a second to decode.
_MOST_DECODED = 64

# Answers that are kept of each document; a made one may have taken a tenth of a second, too.
_MOST_ANSWERS = 2_000

_LOG = structlog.get_logger()


def mock(contracts: Contracts, projection: Projection) -> ASGIApp:
    """The application. `/payments/charges` is `/charges` of the API `payments`.

    The version is the one named by `Forecourt-Version`; it answers with what callers of
    `Forecourt-Audience` see of that, and nobody without one: the edge always says it. The same
    request always has the same answer; `Prefer: status=404, example=name, seed=text` (RFC 7240)
    chooses another. Nothing of the request is repeated in it, but for what was preferred and, in
    a problem, the request's id.
    """
    mocks = _Mocks(contracts, projection)

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
    """A contract, decoded, and the answers chosen from it; the least used are forgotten.

    `contract` is what is seen of the `whole`.
    """

    def __init__(self, whole: Contract, contract: Contract) -> None:
        self.whole = whole
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A version of an API as callers of an audience see it."""

    api: str
    version: str
    audience: Audience

    @property
    def told(self) -> dict[str, str]:
        """How an answer says whose it is."""
        return {"x-forecourt-mock": f"{self.api}@{self.version}"}


class _Mocks:
    """The mocks of all contracts, made when first asked for; the least used are forgotten."""

    def __init__(self, contracts: Contracts, projection: Projection) -> None:
        self._contracts = contracts
        self._projection = projection
        self._kept: OrderedDict[_Seen, _Mock] = OrderedDict()
        self._one_at_a_time = asyncio.Semaphore()

    async def answer(self, request: Request) -> Response:
        audience = _AUDIENCES.get(request.headers.get("forecourt-audience", ""))
        if audience is None:
            return _no_caller()
        api, path = _api_and_path(request.scope)
        seen = _Seen(
            api=api, version=request.headers.get("forecourt-version", ""), audience=audience
        )
        own = await self._of(seen)
        if own is None:
            return _no_such_operation(404, "no contract is known for this API and version")
        offered = _offered(own.contract.operations, path)
        if not offered:
            detail = "the contract has no operation on this path"
            return _no_such_operation(404, detail, seen.told)
        operation = _operation(offered, request.method)
        if operation is None:
            allow = {"allow": ", ".join(_methods(offered))}
            detail = "the contract has this path, but not with this method"
            return _no_such_operation(405, detail, seen.told | allow)
        preference = preference_of(request.headers)
        example = await self._example(own, operation, preference)
        if isinstance(example, NoExample):
            return _no_example(example, seen.told, request.headers.get("x-request-id", ""))
        return _response(example, seen.told | preference.applied(example))

    async def _of(self, seen: _Seen) -> _Mock | None:
        """Projected beside the event loop, where it was not before or is published anew."""
        contract = self._contracts(seen.api, seen.version)
        if contract is None:
            return None
        if (known := self._known(seen, contract)) is not None:
            return known
        async with self._one_at_a_time:
            if (known := self._known(seen, contract)) is not None:
                return known
            made = await asyncio.to_thread(self._made, contract, seen.audience)
            self._kept[seen] = made
        if len(self._kept) > _MOST_DECODED:
            self._kept.popitem(last=False)
        return made

    def _known(self, seen: _Seen, contract: Contract) -> _Mock | None:
        kept = self._kept.get(seen)
        if kept is None or kept.whole is not contract:
            return None
        self._kept.move_to_end(seen)
        return kept

    def _made(self, contract: Contract, audience: Audience) -> _Mock:
        return _Mock(contract, self._projection(contract, audience))

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
                place=f"#{example.place}",
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
    headers = {**dict(example.headers), **headers}
    if example.media_type is None:
        return Response(status_code=example.status, headers=headers)
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


def _no_caller() -> Response:
    """Without an audience nobody says what may be seen: the edge did not send this."""
    detail = "`Forecourt-Audience` names no audience; call through the edge"
    return _problem(400, "no-audience", "Nobody says who calls", detail)


def _no_such_operation(
    status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The contract does not offer what was asked."""
    return _problem(status, "no-such-operation", "There is no such operation", detail, headers)


def _no_example(example: NoExample, headers: Mapping[str, str], request_id: str) -> Response:
    """There is nothing to show that would keep the contract.

    A field says so beside the body: by it the edge knows this from an upstream's fault, and lets it
    through (`faults.lua`).
    """
    name = "no-example"
    detail = f"{example.what} at `#{example.place}`: {example.reason}; {example.help}"
    told = {**headers, "x-forecourt-problem": name, "cache-control": "no-store"}
    title = "The contract has no example to show"
    return _problem(501, name, title, detail, told, request_id=request_id)


def _problem(
    status: int,
    name: str,
    title: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: str,
) -> Response:
    """RFC 9457."""
    problem: Json = {
        "type": f"urn:forecourt:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
        **more,
    }
    about = {"content-type": "application/problem+json"}
    return Response(encode(problem), status, {**(headers or {}), **about})
