"""What a version that its service does not speak costs: `python -m bench.lenses`.

A payment in cents is raised to one in money and its answer lowered: 1 KB each way, held to the
contract both ways, with the whole public posture on.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench import rig
from bench.contracts import SCRIPT
from bench.floor import deciding_nothing
from bench.postures import KEYS, bare_envoy, gateway, warm_up

GOAL = 2.2

_TEXT: dict[str, Any] = {"type": "string", "maxLength": 200}
_CENTS: dict[str, Any] = {"type": "integer", "minimum": 0}
_MONEY: dict[str, Any] = {
    "type": "object",
    "required": ["value", "currency"],
    "properties": {
        "value": {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,3})?$"},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
}
_LINE = {
    "type": "object",
    "required": ["sku", "quantity"],
    "properties": {
        "sku": _TEXT,
        "title": _TEXT,
        "quantity": {"type": "integer", "minimum": 1},
        "tags": {"type": "array", "items": _TEXT},
    },
}


def a_payment(**named: Any) -> dict[str, Any]:
    """About 1 KB of it; `named` are the members that versions call by other names."""
    return {
        "id": "pay_01HV9Z3M8K",
        **named,
        "description": "Order 1042: four lamps with shades of linen; leave them at the door.",
        "status": "captured",
        "created": "2028-11-03T10:15:00Z",
        "lines": [
            {
                "sku": f"sku-{number:05}",
                "title": "A lamp with a shade of linen, and a cable of two metres",
                "quantity": number + 1,
                "tags": ["indoor", "linen", "cable"],
            }
            for number in range(5)
        ],
    }


def a_document(version: str) -> dict[str, Any]:
    """The contract of a version: 1 in cents, 2 in money, 3 with a note."""
    is_old = version == "1"
    about = "note" if version == "3" else "description"
    members = {
        "amount": _CENTS if is_old else {"$ref": "#/components/schemas/Money"},
        "customer_id" if is_old else "customerId": _TEXT,
        about: _TEXT,
        "lines": {"type": "array", "items": _LINE},
    }
    payment = {**members, "id": _TEXT, "status": _TEXT, "created": _TEXT}
    new = {"type": "object", "required": ["amount"], "properties": members}
    charge = {
        "type": "object",
        "required": ["charge"],
        "properties": {"charge": {"$ref": "#/components/schemas/CreatePayment"}},
    }
    body = {"$ref": "#/components/schemas/CreatePayment"} if is_old else charge
    answer = {"schema": {"$ref": "#/components/schemas/Payment"}}
    operation = {
        "operationId": "charge" if is_old else "createPayment",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "it", "content": {"application/json": answer}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "payments", "version": version},
        "paths": {"/charges" if is_old else "/payments": {"post": operation}},
        "components": {
            "schemas": {
                "Money": _MONEY,
                "CreatePayment": new,
                "Payment": {"type": "object", "properties": payment},
            }
        },
    }


_BOTH = ["Payment", "CreatePayment"]
_TO_2 = {
    "version": "2",
    "summary": "Amounts are money objects; names are consistent",
    "changes": [
        {
            "convert": "amount",
            "in": _BOTH,
            "from": "minor_units",
            "to": "money",
            "currency": "USD",
            "on_loss": "refuse",
            "because": "amounts without a currency could not be told apart",
        },
        {"rename": "customer_id", "to": "customerId", "in": _BOTH, "because": "consistency"},
        {
            "operation": "charge",
            "becomes": "createPayment",
            "body": {"wrap": "charge"},
            "because": "charges are payments",
        },
    ],
}
_TO_3 = {
    "version": "3",
    "summary": "Descriptions are notes",
    "changes": [
        {"rename": "description", "to": "note", "in": _BOTH, "because": "nobody described anything"}
    ],
}

_SENT = a_payment(amount=4990, customer_id="cus_01HV9Z3M8L")
for _only_answered in ("id", "status", "created"):
    del _SENT[_only_answered]
_REQUEST = json.dumps(_SENT)
_PAYMENT = a_payment(amount={"value": "49.90", "currency": "USD"}, customerId="cus_01HV9Z3M8L")
_ANSWER = json.dumps(_PAYMENT)
_NEWEST = json.dumps(
    {"note" if name == "description" else name: value for name, value in _PAYMENT.items()}
)
_RAISED = json.dumps(
    {"charge": {n: v for n, v in _PAYMENT.items() if n not in ("id", "status", "created")}}
)
_NO_HOP = "none"
# By API: the version that its service speaks.
_SPEAKS = {"one": "2", "two": "3"}
_HOPS = {"one": "one version on", "two": "two versions on"}


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=4, help="in each fresh start")
    arguments.add_argument("--seconds", type=int, default=1)
    arguments.add_argument("--starts", type=int, default=4, help="fresh starts of every proxy")
    given = arguments.parse_args()
    found: list[list[rig.Result]] = []
    for _ in range(given.starts):
        with _running() as candidates:
            for candidate in candidates[1:]:
                warm_up(candidate)
            found.append(rig.compare(candidates, rounds=given.rounds, seconds=given.seconds))
    return _told(found)


def _told(found: list[list[rig.Result]]) -> int:
    starts = list(zip(*found, strict=True))
    merged = [rig.merged(columns) for columns in starts]
    print(f"{len(_REQUEST)} bytes sent, {len(_ANSWER)} answered\n\n{rig.table(merged)}\n")
    is_missed = rig.missed(_HOPS["one"], statistics.median(merged[1].ratios), GOAL)
    for outlier in (each for columns in starts for each in rig.outliers(columns)):
        print(f"outlier: {outlier}")
        is_missed = True
    refused = sum(w.refused for result in merged for w in result.windows)
    print(f"\nrefused or failed: {refused}")
    return 1 if refused or is_missed else 0


def _files() -> dict[str, str]:
    files: dict[str, str] = {}
    for name, speaks in _SPEAKS.items():
        documents = [v for v in ("1", "2", "3") if v <= speaks]
        folder = f"apis/{name}"
        files |= {f"{folder}/v{v}.openapi.yaml": json.dumps(a_document(v)) for v in documents}
        files[f"{folder}/changes/2.yaml"] = json.dumps(_TO_2)
        if speaks == "3":
            files[f"{folder}/changes/3.yaml"] = json.dumps(_TO_3)
    return files


def _api(name: str, upstream: int) -> str:
    speaks = _SPEAKS[name]
    spoken = {"url": f"http://127.0.0.1:{upstream}/{name}", "version": speaks}
    versions = {v: {"contract": f"v{v}.openapi.yaml"} for v in ("1", "2", "3") if v <= speaks}
    declared = {
        "name": name,
        "audience": "public",
        "owner": {"team": "bench"},
        "upstream": spoken,
        "versions": versions,
        "sla": {"tiers": ["standard"]},
    }
    return json.dumps(declared)


@contextmanager
def _running() -> Iterator[list[rig.Candidate]]:
    """A bare Envoy, the gateway, and what no gate in Lua can save (`bench.floor`)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fc-bench-")))
        upstream = stack.enter_context(rig.upstream(_ANSWER))
        services = {"one": upstream, "two": stack.enter_context(rig.upstream(_NEWEST))}
        apis = tuple((name, "public") for name in _SPEAKS)
        files = {f"apis/{name}/api.yaml": _api(name, services[name]) for name in _SPEAKS} | _files()
        pid, external, _ = stack.enter_context(
            gateway(folder, upstream=upstream, keys=KEYS, apis=apis, files=files)
        )
        state = folder / "state"
        bare_pid, bare = stack.enter_context(bare_envoy(folder, state, upstream=upstream))
        floor_pid, floor = stack.enter_context(deciding_nothing(folder, state))

        def candidate(name: str, process: int, port: int, api: str) -> rig.Candidate:
            load = rig.wrk(f"https://localhost:{port}", _script(folder, api))
            return rig.Candidate(name=name, pid=process, load=load)

        yield [
            candidate("bare Envoy", bare_pid, bare, "one"),
            *(candidate(_HOPS[api], pid, external, api) for api in _SPEAKS),
            candidate("version 2 itself", pid, external, _NO_HOP),
            candidate("the same, with Lua that decides nothing", floor_pid, floor, "one"),
        ]


def _script(folder: Path, api: str) -> Path:
    file = folder / f"{api}.lua"
    sent, path = _REQUEST, f"/{api}/v1/charges"
    if api == _NO_HOP:
        sent, path = _RAISED, "/one/v2/payments"
    body = f"[==[{sent}]==]"
    file.write_text(SCRIPT.format(keys=folder / "keys", body=body, method="POST", path=path))
    return file


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
