"""What holding a call to its contract costs, against a bare Envoy: `python -m bench.contracts`."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import rig
from bench.floor import deciding_nothing
from bench.postures import KEYS, bare_envoy, gateway, warm_up

# Ratios to bare Envoy, with the whole public posture on.
REQUEST_GOAL, ANSWER_GOAL = 1.7, 1.7

SCRIPT = """\
local keys, n = {{}}, 0
for line in io.lines("{keys}") do keys[#keys + 1] = line end
local body = {body}
request = function()
  n = n % #keys + 1
  local fields = {{["X-Api-Key"] = keys[n], ["Content-Type"] = body and "application/json"}}
  return wrk.format("{method}", "{path}", fields, body)
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A call that is measured. `goal` None: it is only reported."""

    name: str
    api: str
    method: str
    path: str
    body: str | None = None
    goal: float | None = None


def an_order(items: int) -> dict[str, Any]:
    """A value for `Order`: 0.5 KB and 130 bytes for each item."""
    return {
        "id": "ord_01HV9Z3M8K",
        "customer": {"id": "cus_01HV9Z3M8L", "name": "Jördis Ångström", "vip": False},
        "currency": "EUR",
        "placed": "2026-03-01T12:30:15Z",
        "note": 'Leave it at the door; ring twice. \u201cThanks\u201d, and "mind the step".',
        "shipping": {
            "street": "Långgatan 17 B",
            "city": "Göteborg",
            "postcode": "411 23",
            "country": "SE",
            "express": True,
        },
        "items": [
            {
                "sku": f"sku-{number:05}",
                "title": "A lamp with a shade of linen",
                "quantity": number % 7 + 1,
                "price": {"value": f"{number}.50", "currency": "EUR"},
                "tags": ["indoor", "linen"],
            }
            for number in range(items)
        ],
    }


def a_schema(*, bounds: bool) -> dict[str, Any]:
    """What describes it."""
    text: dict[str, Any] = {"type": "string", **({"maxLength": 200} if bounds else {})}
    money = {
        "type": "object",
        "required": ["value", "currency"],
        "properties": {
            "value": {"type": "string", "pattern": r"^\d+\.\d{2}$"},
            "currency": {"type": "string", "enum": ["EUR", "SEK", "USD"]},
        },
        "additionalProperties": False,
    }
    item = {
        "type": "object",
        "required": ["sku", "quantity", "price"],
        "properties": {
            "sku": {"type": "string", "pattern": "^sku-[0-9]{5}$"},
            "title": text,
            "quantity": {"type": "integer", "minimum": 1, "maximum": 1000},
            "price": money,
            "tags": {"type": "array", "items": text},
        },
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "required": ["customer", "currency", "items"],
        "properties": {
            "id": text,
            "customer": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": text, "name": text, "vip": {"type": "boolean"}},
            },
            "currency": {"type": "string", "enum": ["EUR", "SEK", "USD"]},
            "placed": {"type": "string", "format": "date-time"},
            "note": text,
            "shipping": {
                "type": "object",
                "properties": {
                    "street": text,
                    "city": text,
                    "postcode": text,
                    "country": {"type": "string", "minLength": 2, "maxLength": 2},
                    "express": {"type": "boolean"},
                },
            },
            "items": {"type": "array", "minItems": 1, "items": item},
        },
        "additionalProperties": False,
    }


def a_document() -> dict[str, Any]:
    """The contract of the orders."""

    def answer() -> dict[str, Any]:
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
        return {"200": {"description": "an order", "content": content}}

    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    sent = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "orders", "version": "2"},
        "paths": {
            "/orders": {"post": {"requestBody": sent, "responses": answer()}},
            "/orders/{id}": {"parameters": [number], "get": {"responses": answer()}},
            "/reports/{id}": {"parameters": [number], "get": {"responses": answer()}},
            "/leaky/{id}": {"parameters": [number], "get": {"responses": answer()}},
        },
        "components": {
            "schemas": {"NewOrder": a_schema(bounds=True), "Order": a_schema(bounds=False)}
        },
    }


def a_sized_order(size: int) -> str:
    """An order of about so many bytes."""
    items = 1
    while len(json.dumps(an_order(items + 1), ensure_ascii=False).encode()) <= size:
        items += 1
    return json.dumps(an_order(items), ensure_ascii=False)


def _leaky(size: int) -> str:
    """The same, with what the contract does not declare at two depths."""
    order = json.loads(a_sized_order(size))
    order["internal_margin"] = 0.31
    order["customer"]["risk_score"] = 17
    return json.dumps(order, ensure_ascii=False)


_ONE_KB, _TWO_KB, _TWENTY_KB = a_sized_order(1_024), a_sized_order(2_048), a_sized_order(20_480)
_SMALL = json.dumps(an_order(1) | {"note": "", "shipping": {}}, ensure_ascii=False)
_OBSERVING = "posture: {response_check: observe}\n"
_CASES = (
    Case(name="no body", api="orders", method="GET", path="/orders/1"),
    Case(
        name=f"a request of {len(_ONE_KB.encode()):,} bytes judged",
        api="orders",
        method="POST",
        path="/orders",
        body=_ONE_KB,
        goal=REQUEST_GOAL,
    ),
    Case(
        name=f"an answer of {len(_TWO_KB.encode()):,} bytes filtered, nothing to remove",
        api="orders",
        method="GET",
        path="/orders/2",
        goal=ANSWER_GOAL,
    ),
    Case(
        name="the same with two properties to remove", api="orders", method="GET", path="/leaky/2"
    ),
    Case(name="the same, observed", api="watched", method="GET", path="/leaky/2"),
    Case(
        name=f"an answer of {len(_TWENTY_KB.encode()):,} bytes filtered",
        api="orders",
        method="GET",
        path="/reports/2",
    ),
)
_BODIES = {
    "/orders/2": _TWO_KB,
    "/leaky/2": _leaky(2_048),
    "/reports/2": _TWENTY_KB,
}
_WAIVER = (
    "rule: laxer-than-posture\napi: watched\ndimension: response_check\nowner: bench\n"
    "because: to be measured\napproved_by: [bench]\nexpires: 2099-01-01\n"
)


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=4, help="in each fresh start")
    arguments.add_argument("--seconds", type=int, default=1)
    arguments.add_argument("--starts", type=int, default=4, help="fresh starts of every proxy")
    given = arguments.parse_args()
    found: dict[str, list[list[rig.Result]]] = {case.name: [] for case in _CASES}
    for _ in range(given.starts):
        with _running() as candidates:
            for case, pair in candidates.items():
                warm_up(pair[1])
                measured = rig.compare(pair, rounds=given.rounds, seconds=given.seconds)
                found[case.name].append(measured)
    return _told(found)


def _told(found: dict[str, list[list[rig.Result]]]) -> int:
    is_missed, refused = False, 0
    for case in _CASES:
        starts = list(zip(*found[case.name], strict=True))
        merged = [rig.merged(columns) for columns in starts]
        print(f"\n{case.name}\n\n{rig.table(merged)}\n")
        if case.goal is not None:
            is_missed |= rig.missed(case.name, statistics.median(merged[1].ratios), case.goal)
        for outlier in (each for columns in starts for each in rig.outliers(columns)):
            print(f"outlier: {outlier}")
            is_missed = True
        refused += sum(w.refused for result in merged for w in result.windows)
    print(f"\nrefused or failed: {refused}")
    return 1 if refused or is_missed else 0


@contextmanager
def _running() -> Iterator[dict[Case, list[rig.Candidate]]]:
    """For each case a bare Envoy, the gateway, and what no gate in Lua can save (`bench.floor`)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fc-bench-")))
        upstream = stack.enter_context(rig.upstream(_SMALL, others=_BODIES))
        pid, external, _ = stack.enter_context(
            gateway(
                folder,
                upstream=upstream,
                keys=KEYS,
                apis=(("orders", "public"), ("watched", "public")),
                files={
                    "apis/orders/openapi.yaml": json.dumps(a_document()),
                    "apis/watched/openapi.yaml": json.dumps(a_document()),
                    "waivers/watched.yaml": _WAIVER,
                },
                more={"watched": _OBSERVING},
            )
        )
        state = folder / "state"
        bare_pid, bare = stack.enter_context(bare_envoy(folder, state, upstream=upstream))
        floor_pid, floor = stack.enter_context(deciding_nothing(folder, state))
        yield {
            case: [
                rig.Candidate(
                    name="bare Envoy",
                    pid=bare_pid,
                    load=rig.wrk(f"https://localhost:{bare}", _script(folder, case)),
                ),
                rig.Candidate(
                    name=case.name,
                    pid=pid,
                    load=rig.wrk(f"https://localhost:{external}", _script(folder, case)),
                ),
                rig.Candidate(
                    name="the same, with Lua that decides nothing",
                    pid=floor_pid,
                    load=rig.wrk(f"https://localhost:{floor}", _script(folder, case)),
                ),
            ]
            for case in _CASES
        }


def _script(folder: Path, case: Case) -> Path:
    file = folder / f"{_CASES.index(case)}.lua"
    body = "nil" if case.body is None else f"[==[{case.body}]==]"
    path = f"/{case.api}/v2{case.path}"
    file.write_text(SCRIPT.format(keys=folder / "keys", body=body, method=case.method, path=path))
    return file


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
