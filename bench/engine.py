"""Bodies judged and filtered by the edge's Lua, without Envoy: `python -m bench.engine`.

Microseconds a body in fresh states of LuaJIT, one after the other, each warmed up for a moment.
Exits with 1 where one state is slower than three times the median: what the compiler gives up on
does not come back. What a body costs inside Envoy is `bench.postures`' to say.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forecourt.compiler.bundle.compile import compile_bundle
from forecourt.compiler.bundle.projection import View
from forecourt.contract.one_sided import Direction
from forecourt.contract.openapi_3_0 import Dialect
from forecourt.estate.audience import Audience
from tests.edge.luajit import Lua

OUTLIER = 3.0

_RUN = """
local modules, bundle, roots, bodies, rounds = ...
local read, judge, filter = modules.read, modules.judge, modules.filter
local limits = { bytes = 1048576, depth = 64, keys = 10000 }
local clock, total = os.clock, #bodies
local start = clock()
for round = 1, rounds do
  local n = round % total + 1
  local body = bodies[n]
  local count = assert(read(body, limits))
  if judge then
    assert(judge(bundle, bundle.roots[roots[n]].schema, count))
  else
    assert(filter(bundle, bundle.roots[roots[n]].schema, count, #body) ~= nil)
  end
end
return (clock() - start) / rounds * 1e6
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is measured: bodies in turn, each by the schema of the same number."""

    name: str
    direction: Direction
    schemas: tuple[dict[str, Any], ...]
    bodies: tuple[str, ...]


def obj(required: str = "", /, **properties: Any) -> dict[str, Any]:
    """An object schema."""
    return {"type": "object", "properties": properties, "required": required.split()}


def order_schema(prefix: str = "") -> dict[str, Any]:
    """What a shop is sent. With a prefix every name is another."""
    text = {"type": "string", "maxLength": 80}
    address = obj(
        "line1 country", line1=text, city=text, code=text, country={"pattern": "^[A-Z]{2}$"}
    )
    item = obj(
        "sku quantity",
        sku={"type": "string", "pattern": "^[a-z0-9-]+$"},
        quantity={"type": "integer", "minimum": 1, "maximum": 999},
        price={"type": "integer", "minimum": 0},
        title=text,
    )
    order = obj(
        "id amount currency items",
        id={"type": "string", "minLength": 3, "maxLength": 40},
        amount={"type": "integer", "minimum": 1},
        currency={"type": "string", "enum": ["EUR", "USD", "GBP", "JPY"]},
        customer=obj("id", id=text, email=text, name=text, address=address),
        items={"type": "array", "items": item, "minItems": 1, "maxItems": 500},
        metadata={"type": "object", "additionalProperties": text},
        capture={"type": "boolean"},
        expires={"type": ["string", "null"]},
    )
    order["additionalProperties"] = False
    if prefix:
        order["properties"] = {prefix + k: v for k, v in order["properties"].items()}
        order["required"] = [prefix + k for k in order["required"]]
    return order


def order(items: int, prefix: str = "", **extra: Any) -> str:
    """A body for it."""
    body: Mapping[str, Any] = {
        "id": "pay_1234567890",
        "amount": 125_000,
        "currency": "EUR",
        "customer": {
            "id": "cus_991",
            "email": "ada@example.com",
            "name": "Ada Lovelace",
            "address": {"line1": "1 Main St", "city": "London", "code": "N1 9GU", "country": "GB"},
        },
        "items": [
            {"sku": f"sku-{n}", "quantity": n + 1, "price": 1999, "title": f"A thing {n}", **extra}
            for n in range(items)
        ],
        "metadata": {"order": "o-1", "source": "web", "note": "please ring the bell twice"},
        "capture": True,
        "expires": None,
    }
    named = {prefix + key: value for key, value in body.items()}
    if extra:
        named |= {"internal_margin": 1.25, "shard": {"host": "db-7", "lag": 12}}
    return json.dumps(named, separators=(",", ":"))


def cases() -> tuple[Case, ...]:
    """What is measured."""
    opened = order_schema()
    del opened["additionalProperties"]
    many = tuple(f"p{n}_" for n in range(300))
    alternatives = {"oneOf": [{"type": "null"}, order_schema("x_"), order_schema()]}
    leaking = {"internal_cost": 1200, "warehouse": "w-17"}
    return (
        _case("1 KB judged", Direction.REQUEST, order_schema(), order(11)),
        _case("1 KB judged, of alternatives", Direction.REQUEST, alternatives, order(11)),
        Case(
            name="1 KB judged, 300 contracts in turn",
            direction=Direction.REQUEST,
            schemas=tuple(map(order_schema, many)),
            bodies=tuple(order(10, prefix) for prefix in many),
        ),
        _case("2 KB filtered, nothing to remove", Direction.RESPONSE, opened, order(24)),
        _case("2 KB filtered", Direction.RESPONSE, opened, order(16, **leaking)),
        _case("20 KB filtered", Direction.RESPONSE, opened, order(195, **leaking)),
    )


def _case(name: str, direction: Direction, schema: dict[str, Any], body: str) -> Case:
    return Case(name=name, direction=direction, schemas=(schema,), bodies=(body,))


def measure(case: Case, states: int) -> list[float]:
    """Microseconds a body in each of so many fresh states."""
    document: Any = {"schemas": list(case.schemas)}
    names = [str(n) for n in range(len(case.schemas))]
    bundle = compile_bundle(
        document,
        {name: ("schemas", name) for name in names},
        view=View(audience=Audience.PUBLIC, direction=case.direction),
        dialect=Dialect.JSON_SCHEMA_2020_12,
    )
    took = []
    for _ in range(states):
        lua = Lua()
        module = "judge" if case.direction is Direction.REQUEST else "filter"
        modules = {
            "read": lua.module("json.reader").read,
            module: lua.module(f"contract.{module}")[module],
        }
        loaded = lua.module("contract.bundle").load(bundle.content.decode("latin-1"))
        arguments = (lua.value(modules), loaded, lua.value(names), lua.value(list(case.bodies)))
        size = len(case.bodies[0])
        lua.run(_RUN, *arguments, 4_000)
        took.append(lua.run(_RUN, *arguments, 20_000_000 // size))
    return took


def main() -> int:
    """Measure and print; fails where a state is an outlier."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--states", type=int, default=12)
    given = arguments.parse_args()
    print("what                                   bytes   µs median     worst   µs/KB")
    failed = 0
    for case in cases():
        took = measure(case, given.states)
        median, size = statistics.median(took), len(case.bodies[0])
        is_outlier = max(took) > OUTLIER * median
        failed |= is_outlier
        figures = f"{size:>5} {median:>11.2f} {max(took):>9.2f} {median * 1024 / size:>7.2f}"
        print(f"{case.name:<38} {figures}{'  outlier' if is_outlier else ''}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
