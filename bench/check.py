"""`forecourt check` of 200 APIs with contracts of real size: `python -m bench.check`.

Whole processes: with nothing remembered, with everything remembered, and after one contract, or one
`api.yaml`, changed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bench import rig
from bench.estates import write_estate

APIS = 200

# The middle one of 39 published documents over 50 KB has 264 KB.
PATHS, SCHEMAS = 60, 90

_GOAL = 2.0


def contract(number: int) -> str:
    """A document as people write them: 120 operations, prose, schemas that refer to each other."""
    paths: dict[str, Any] = {}
    for i in range(PATHS):
        paths[f"/things{i}"] = {"post": _operation(f"create{i}", i, body=True)}
        paths[f"/things{i}/{{id}}"] = {"get": _operation(f"read{i}", i, body=False)}
    document = {
        "openapi": "3.1.0",
        "info": {"title": f"API {number}", "version": "2"},
        "paths": paths,
        "components": {"schemas": {f"Thing{i}": _schema(i) for i in range(SCHEMAS)}},
    }
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)


def _operation(name: str, i: int, *, body: bool) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/Thing{i}"}
    content = {"application/json": {"schema": reference}}
    identifier = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    problem = {"description": "What went wrong, and what to do about it."}
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": f"Thing {i}, as the caller sees it",
        "description": _PROSE,
        "tags": ["things"],
        "responses": {"200": {"description": "Found.", "content": content}, "404": problem},
    }
    operation |= {"requestBody": {"content": content}} if body else {"parameters": [identifier]}
    return operation


def _schema(i: int) -> dict[str, Any]:
    properties: dict[str, Any] = {
        f"field{n}": {"type": "string", "maxLength": 100, "description": _PROSE[:80]}
        for n in range(12)
    }
    properties["next"] = {"$ref": f"#/components/schemas/Thing{(i + 1) % SCHEMAS}"}
    return {"type": "object", "required": ["field0"], "properties": properties}


_PROSE = (
    "Returns the thing with this identifier. Amounts are in the smallest unit of their currency,"
    " and times are in UTC. What the caller may not see is left out."
)


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="fc-check-") as name:
        estate, cache = Path(name) / "estate", Path(name) / "cache"
        size = write(estate)
        print(f"{APIS} APIs, {size / 1e6:.0f} MB of contracts in YAML\n")
        cold, memory = checked(estate, cache)
        print(f"nothing remembered: {cold:.2f} s, {memory:.0f} MB")
        warm = [checked(estate, cache)[0] for _ in range(given.rounds)]
        print(f"everything remembered: {_median(warm)}")
        contracts = [_after(estate, cache, _another_contract, n) for n in range(given.rounds)]
        print(f"one contract changed: {_median(contracts)}")
        files = [_after(estate, cache, _another_owner, n) for n in range(given.rounds)]
        print(f"one `api.yaml` changed: {_median(files)}")
    slowest = statistics.median(contracts)
    return 1 if rig.missed("one contract changed, in seconds", slowest, _GOAL) else 0


def write(estate: Path) -> int:
    """The estate, half public and half internal; returns the bytes of its contracts."""
    apis = [(f"api-{n}", ("public", "internal")[n % 2]) for n in range(APIS)]
    write_estate(estate, upstream=8080, external=8443, internal=9443, apis=apis)
    size = 0
    for number, (name, _) in enumerate(apis):
        text = contract(number)
        size += len(text)
        (estate / "apis" / name / "openapi.yaml").write_text(text)
    return size


def checked(estate: Path, cache: Path) -> tuple[float, float]:
    """Seconds of a new process, and the most memory in MB that any of them had so far."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-m", "forecourt", "check", "--strict", str(estate)]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    took = time.perf_counter() - began
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _after(estate: Path, cache: Path, change: Callable[[Path, int], None], number: int) -> float:
    change(estate / "apis" / f"api-{number}", number)
    return checked(estate, cache)[0]


def _another_contract(api: Path, number: int) -> None:
    (api / "openapi.yaml").write_text(contract(APIS + number))


def _another_owner(api: Path, number: int) -> None:
    text = (api / "api.yaml").read_text()
    (api / "api.yaml").write_text(text.replace("team: bench", f"team: bench-{number}"))


def _median(took: list[float]) -> str:
    return f"{statistics.median(took):.2f} s (at most {max(took):.2f} s in {len(took)})"


if __name__ == "__main__":
    sys.exit(main())
