"""Requests for one operation, judged by the edge's Lua."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from forecourt.compiler.contracts.compile import compile_contract
from forecourt.contract import Contract, read_contract
from forecourt.estate.audience import Audience
from tests.edge.luajit import Lua

CALLER = {
    "body_bytes": 1024 * 1024,
    "body_depth": 64,
    "body_keys": 10_000,
    "unknown_parameters": "refuse",
    "errors": "constant",
    "request_check": "enforce",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault as a problem lists it."""

    where: str
    rule: str
    name: str | None = None
    pointer: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a request. `reason` None: nothing is wrong with it.

    `body`, `path` and `cookie` are what goes on to the upstream.
    """

    reason: str | None = None
    faults: tuple[Fault, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    has_waited: bool = False
    body: str | None = field(default=None, repr=False, compare=False)
    path: str | None = field(default=None, repr=False, compare=False)
    cookie: str | None = field(default=None, repr=False, compare=False)
    length: str | None = field(default=None, repr=False, compare=False)

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(fault.rule for fault in self.faults)


def a_document(
    *,
    parameters: Sequence[Mapping[str, Any]] = (),
    body: Mapping[str, Any] | None = None,
    method: str = "get",
    path: str = "/things",
    openapi: str = "3.1.0",
    **more: Any,
) -> dict[str, Any]:
    """A document of one operation."""
    operation: dict[str, Any] = {
        "parameters": list(parameters),
        "responses": {"200": {"description": "fine"}},
        **more.pop("operation", {}),
    }
    if body is not None:
        operation["requestBody"] = body
    return {
        "openapi": openapi,
        "info": {"title": "Things", "version": "1"},
        "paths": {path: {method: operation}},
        **more,
    }


def contract_of(document: Mapping[str, Any]) -> Contract:
    contract, diagnostics = read_contract(json.dumps(document), "things.openapi.json")
    assert contract is not None, diagnostics
    assert not contract.left_out, contract.left_out
    return contract


class Incoming:
    """A contract of one operation, loaded."""

    def __init__(self, lua: Lua, contract: Contract, number: int = 1) -> None:
        self.lua = lua
        self.number = number
        compiled = compile_contract(contract, Audience.PUBLIC)
        decode = lua.run('return require("string.buffer").decode')
        self.loaded = decode(compiled.way_in.decode("latin-1"))
        loaded_bundle = lua.module("contract.bundle").load(self.loaded["bundle"])
        assert not isinstance(loaded_bundle, tuple), loaded_bundle
        self.loaded["bundle"] = loaded_bundle
        self.inward = lua.module("inward")

    @property
    def operation(self) -> Any:
        return self.lua.plain(self.loaded["operations"][self.number])

    def parameters(
        self,
        query: str | None = None,
        *,
        path: Sequence[str] = (),
        headers: Mapping[str, Any] | None = None,
        **caller: Any,
    ) -> Outcome:
        """What comes of a request with these parameters."""
        target = "/things" if query is None else f"/things?{query}"
        handle = self.lua.handle(headers={":path": target, ":method": "GET", **(headers or {})})
        found = self.inward.parameters(
            handle,
            handle.headers(),
            self.loaded,
            self.number,
            self.lua.value([*path]),
            self.lua.value(CALLER | caller),
            1,
        )
        return self._outcome(handle, found)

    def body(
        self,
        body: str | bytes | None,
        media_type: str | None = "application/json",
        *,
        method: str = "POST",
        headers: Mapping[str, Any] | None = None,
        is_declared: bool = True,
        **caller: Any,
    ) -> Outcome:
        """What comes of a request with this body. `is_declared`: it says how long it is."""
        raw = body.encode() if isinstance(body, str) else body
        fields: dict[str, Any] = {":path": "/things", ":method": method}
        if media_type is not None:
            fields["content-type"] = media_type
        if raw is not None and is_declared:
            fields["content-length"] = str(len(raw))
        text = None if raw is None else raw.decode("latin-1")
        handle = self.lua.handle(headers={**fields, **(headers or {})}, body=text)
        found = self.inward.body(
            handle,
            handle.headers(),
            self.loaded,
            self.number,
            self.lua.value(CALLER | caller),
            1,
        )
        return self._outcome(handle, found)

    def both(self, query: str, body: str, **caller: Any) -> tuple[str | None, str | None, bool]:
        """Why a request is refused, what the access log is told, and whether its body was read."""
        handle = self.lua.handle(
            headers={
                ":path": f"/things?{query}",
                ":method": "POST",
                "content-type": "application/json",
                "content-length": str(len(body)),
            },
            body=body,
        )
        policy = self.lua.value(CALLER | caller)
        headers = handle.headers()
        found = self.inward.check(handle, headers, self.loaded, self.number, [], policy, 1)
        reason = found[0] if isinstance(found, tuple) else found
        return reason, headers.get(headers, "forecourt-reason"), bool(handle["has_waited"])

    def _outcome(self, handle: Any, found: Any) -> Outcome:
        reason, about, *_ = found if isinstance(found, tuple) else (found, None)
        said = {} if about is None else self.lua.plain(about)
        return Outcome(
            reason=reason,
            faults=tuple(
                Fault(
                    where=fault["where"],
                    rule=fault["rule"],
                    name=_text(fault.get("name")),
                    pointer=_text(fault.get("pointer")),
                    expected=_text(fault.get("expected")),
                )
                for fault in said.get("faults", {}).values()
            ),
            fields=said.get("fields", {}),
            has_waited=bool(handle["has_waited"]),
            body=_text(handle.text()),
            **{
                name: _text(handle.headers().get(handle.headers(), field))
                for name, field in (
                    ("path", ":path"),
                    ("cookie", "cookie"),
                    ("length", "content-length"),
                )
            },
        )


def _text(raw: str | None) -> str | None:
    return None if raw is None else raw.encode("latin-1").decode(errors="replace")
