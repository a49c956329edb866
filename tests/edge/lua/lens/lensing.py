"""Messages that one worker raises and lowers, by lenses that a test makes by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecourt.compiler.lenses.compile import compile_lenses
from forecourt.contract.lenses.program import Hop, Node, OperationLens, Program
from forecourt.contract.lenses.steps import Change, Convert, InObject, Rename, Step, Whole
from tests.edge.luajit import Lua

DIGEST = "fedcba9876543210fedcba9876543210"

USD = {"currency": "USD", "digits": "2"}


def cents(*, is_back: bool = False) -> Change:
    """`amount` from cents to money, or back."""
    by = Convert(converter="minor_units-money", arguments=USD, is_back=is_back)
    return Change(name="amount", by=by)


def a_program(*steps: Step, **others: Any) -> Program:
    """One node with these steps."""
    return Program(nodes=(Node(steps=steps, **others),))


def an_operation(
    method: str = "POST",
    template: str = "/charges",
    becomes: tuple[str, str] | None = ("POST", "/payments"),
    **others: Any,
) -> OperationLens:
    return OperationLens(method=method, template=template, becomes=becomes, **others)


def a_hop(*operations: OperationLens, older: str = "1", newer: str = "2", **others: Any) -> Hop:
    return Hop(older=older, newer=newer, operations=operations, **others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A request as the upstream gets it: `path` below its base, with the query."""

    method: str
    path: str
    body: str | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    reason: str
    faults: Sequence[Mapping[str, Any]] = ()
    detail: str | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """An answer as it is held to the contract then."""

    body: str | None
    fields: Mapping[str, str]


class Lenses:
    """One worker that has the lenses of version 1, on a path of its own."""

    def __init__(self, folder: Path, *hops: Hop, limits: Mapping[str, int] | None = None) -> None:
        compiled = compile_lenses(hops, prefix=lambda version: f"/shop/v{version}/")
        (folder / "contracts").mkdir(exist_ok=True)
        (folder / "contracts" / DIGEST).write_bytes(compiled.content)
        self.lua = Lua()
        self.lua.run(
            "package.loaded['forecourt.clock'] = { now = function() return 100 end,"
            " monotonic = function() return 100 end }"
        )
        self.limits = {"bytes": 65536, "depth": 32, "keys": 1000, **(limits or {})}
        self._raising = self.lua.module("raising")
        self._lowering = self.lua.module("lowering")
        self._version = self.lua.value({"lens": DIGEST, "name": "1"})

    def raised(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        fields: Mapping[str, str] | None = None,
    ) -> Raised | Refused:
        """What becomes of a request; `path` is below the prefix."""
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        sent = {"content-type": "application/json"} if body is not None else {}
        handle = self.lua.handle(
            headers={":method": method, ":path": f"/shop/v1{path}", **sent, **(fields or {})},
            body=None if text is None else _latin(text),
            may_get_a_body=True,
        )
        below = path.partition("?")[0].removeprefix("/")
        found, why, about = _three(self._raising.operation(self._version, None, method, below))
        if found is None:
            return self._refused(why, about)
        limits = self.lua.value(self.limits)
        done, why, about = _three(self._raising["raise"](handle, found, why, method, limits))
        if done is None:
            return self._refused(why, about)
        kept = self._fields(handle)
        query = kept[":path"].partition("?")[2]
        return Raised(
            method=kept.pop(":method"),
            path=done.path + (f"?{query}" if query else ""),
            body=_text(handle.text()),
            fields={name: value for name, value in kept.items() if name != ":path"},
        )

    def lowered(
        self,
        name: str,
        body: Any = None,
        *,
        status: str = "200",
        fields: Mapping[str, str] | None = None,
        is_head: bool = False,
        server_name: str = "",
    ) -> Lowered | Refused:
        """What becomes of an answer to the operation with that name: `POST /charges`."""
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        handle = self.lua.handle(
            headers={"content-type": "application/json", ":status": status, **(fields or {})},
            body=None if text is None else _latin(text),
            server_name=server_name,
        )
        lenses = self.lua.module("lenses").of(DIGEST)
        meaning = self.lua.value({})
        meaning["lens"], meaning["lenses"] = lenses.by_name[name], lenses
        why, more, text = _three(
            self._lowering.lower(handle, handle.sent, meaning, status, is_head)
        )
        if why is not None:
            return self._refused(why, more)
        left = handle.text() if text is None else text
        return Lowered(body=_text(left), fields=self._fields(handle))

    def _refused(self, reason: str, about: Any) -> Refused:
        plain = self.lua.plain(about) if about is not None else {}
        faults = tuple(dict(fault) for fault in plain.get("faults", {}).values())
        return Refused(
            reason=reason,
            faults=faults,
            detail=plain.get("detail"),
            is_done=plain.get("done", False),
        )

    def _fields(self, handle: Any) -> dict[str, str]:
        pairs = self.lua.run(
            "local found = {} for n, value in pairs(...) do found[n] = value end return found",
            handle.sent,
        )
        return dict(self.lua.plain(pairs))


def _three(found: Any) -> tuple[Any, Any, Any]:
    given = found if isinstance(found, tuple) else (found,)
    return (*given, None, None, None)[:3]


def _latin(text: str) -> str:
    return text.encode().decode("latin-1")


def _text(latin: str | None) -> str | None:
    return None if latin is None else latin.encode("latin-1").decode()


# The change of the example: amounts are money, `customer_id` is `customerId`, and a charge became a
# payment whose body holds it.
PAYMENT_DOWN = (cents(is_back=True), Rename(name="customerId", to="customer_id"))
CHARGE = an_operation(
    request=a_program(
        cents(), Rename(name="customer_id", to="customerId"), Whole(by=InObject(name="charge"))
    ),
    answers={"201": a_program(*PAYMENT_DOWN)},
)
READ = an_operation(
    "GET",
    "/payments/{payment_id}",
    ("GET", "/payments/{paymentId}"),
    path={"paymentId": "payment_id"},
    answers={"200": a_program(*PAYMENT_DOWN)},
)
LIST = an_operation(
    "GET",
    "/payments",
    ("GET", "/payments"),
    answers={
        "2XX": Program(
            nodes=(Node(members={"data": 1}), Node(items=2), Node(steps=PAYMENT_DOWN)),
        )
    },
)
EXAMPLE = a_hop(
    CHARGE,
    READ,
    LIST,
    an_operation("POST", "/payments/{payment_id}/void", None),
    because={("POST", "/payments/{payment_id}/void"): "refunds do this"},
)
