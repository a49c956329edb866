"""Answers of an upstream, as the edge lets them leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecourt.compiler.contracts.compile import compile_contract
from forecourt.estate.audience import Audience
from tests.contract.builders import a_contract
from tests.edge.luajit import Lua

DIGEST = "0123456789abcdef0123456789abcdef"

THING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "owners": {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": {"share": {}}},
        },
    },
}

RESPONSES: dict[str, Any] = {
    "200": {
        "description": "",
        "content": {
            "application/json": {"schema": THING},
            "application/vnd.thing+json": {"schema": THING},
            "text/*": {},
        },
    },
    "4XX": {"description": "", "content": {"application/*": {"schema": THING}}},
    "204": {"description": ""},
}


class WayOut:
    """One worker's way out, for one operation: number 1, `GET /things`."""

    def __init__(self, folder: Path, responses: Any = None) -> None:
        contract = a_contract(paths={"/things": {"get": {"responses": responses or RESPONSES}}})
        (folder / "contracts").mkdir(exist_ok=True)
        compiled = compile_contract(contract, Audience.PUBLIC)
        (folder / "contracts" / DIGEST).write_bytes(compiled.way_out)
        self.lua = Lua()
        self.lua.run(
            "now = 100 package.loaded['forecourt.clock'] = {"
            " now = function() return now end, monotonic = function() return now end }"
        )
        self._answers = self.lua.module("answers")

    def mark(self, check: str = "filter", errors: str = "constant", digest: str = DIGEST) -> str:
        return f"yes {errors} {check} {digest} 1 lamps@2"

    def meaning(self, check: str = "filter") -> Any:
        return self.lua.module("marks").meaning(self.mark(check))

    def wait(self, seconds: float) -> None:
        self.lua.run("now = now + ...", seconds)

    def answer(
        self,
        body: Any = None,
        *,
        status: str = "200",
        mark: str | None = "",
        fields: Mapping[str, str] | None = None,
        said: Mapping[str, str] | None = None,
        asks: str = "",
        admitted: bool = True,
        by_route: bool = True,
    ) -> Any:
        """The handle of an answer, before anybody looked at it; `body` None: it has none.

        `asks` is what the mark says of the request alone. Where the route had no part in the answer
        (`by_route`) it did not write the mark into it.
        """
        mark = self.mark() if mark == "" else mark
        mark = mark + asks if mark else mark
        ours = {"admit": mark} | dict(said or {})
        if by_route and mark:
            fields = {"forecourt-mark": mark, **(fields or {})}
        rbac = {"enforced_engine_result": "allowed"} if admitted else {}
        text = json.dumps(body, separators=(",", ":")) if isinstance(body, dict | list) else body
        handle = self.lua.handle(
            headers={
                ":status": status,
                "content-type": "application/json",
                "content-length": str(len(text or "")),
                **(fields or {}),
            },
            metadata={"forecourt": ours, "envoy.filters.http.rbac": rbac},
            body=text,
        )
        self.lua.run("local h = ... h.httpCall = " + _REMEMBERING, handle)
        return handle

    def left(self, body: Any = None, **given: Any) -> Any:
        """The handle of an answer as it leaves."""
        handle = self.answer(body, **given)
        self._answers.hold(handle)
        return handle

    def hold(self, handle: Any) -> None:
        self._answers.hold(handle)

    def fields(self, handle: Any) -> dict[str, str]:
        pairs = self.lua.run(
            "local found = {} for n, value in pairs(...) do found[n] = value end return found",
            handle.sent,
        )
        return dict(self.lua.plain(pairs))

    def told(self, handle: Any) -> list[str]:
        """What the control plane was told because of that answer, without waiting."""
        calls = list(self.lua.plain(handle.calls).values())
        assert all(call[5] is True and call[1] == "forecourt-control" for call in calls)
        return [line for call in calls for line in call[3].splitlines()]


_REMEMBERING = """function(self, cluster, fields, body, timeout, is_asynchronous)
  self.calls[#self.calls + 1] = { cluster, fields, body, timeout, is_asynchronous }
end"""
