"""Two versions of a large document compared: `python -m bench.changes [DOCUMENT]`.

DOCUMENT is an OpenAPI document in JSON; without one it is GitHub's in `../shared/data`. There is
one version of it, so the other is made of it: in every tenth operation and every tenth schema
something is another thing. Each round is `forecourt diff` in a process of its own. Exits with 1
where the median misses the goal.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GOAL_SECONDS = 5.0
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_LARGEST = _DATA / "github" / "api.github.com.json"
_EVERY = 10
_METHODS = ("get", "put", "post", "delete", "patch")


def main() -> int:
    """Print a row for the document with itself, and one with what was made of it."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("document", type=Path, nargs="?", default=_LARGEST)
    arguments.add_argument("--rounds", type=int, default=5)
    given = arguments.parse_args()
    if not given.document.is_file():
        print(f"{given.document} is not there; name a document", file=sys.stderr)
        return 3
    document = json.loads(given.document.read_text(encoding="utf-8"))
    print("| NEW | changes | breaking | seconds | goal |\n| --- | ---: | ---: | ---: | ---: |")
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old.json"
        old.write_text(json.dumps(document), encoding="utf-8")
        for name, new in (("the same", document), ("changed", changed(document))):
            path = Path(folder) / "new.json"
            path.write_text(json.dumps(new), encoding="utf-8")
            rounds = [_round(old, path) for _ in range(given.rounds)]
            seconds = statistics.median(seconds for seconds, _ in rounds)
            counts = rounds[0][1]
            missed |= seconds > GOAL_SECONDS
            print(
                f"| {name} | {sum(counts.values()):,} | {counts['breaking']:,} "
                f"| {seconds:.1f} | {GOAL_SECONDS:.0f} |"
            )
    return 1 if missed else 0


def _round(old: Path, new: Path) -> tuple[float, dict[str, int]]:
    """The seconds that it took, from the start of the process, and what was counted."""
    program = [sys.executable, "-m", "forecourt", "diff", str(old), str(new), "--format", "json"]
    begun = time.perf_counter()
    ended = subprocess.run(program, capture_output=True, check=False)
    seconds = time.perf_counter() - begun
    if ended.returncode not in (0, 1):
        raise SystemExit(ended.stderr.decode())
    summary: dict[str, int] = json.loads(ended.stdout)["summary"]
    return seconds, summary


def changed(document: dict[str, Any]) -> dict[str, Any]:
    """The same document, of which every tenth operation and schema says something else."""
    made: dict[str, Any] = json.loads(json.dumps(document))
    for number, operation in enumerate(_operations(made)):
        if number % _EVERY == 0:
            operation.setdefault("parameters", []).append(
                {"name": "since", "in": "query", "required": True, "schema": {"type": "string"}}
            )
            operation["responses"].setdefault("418", {"description": ""})
    schemas = made.get("components", {}).get("schemas", {})
    for number, name in enumerate(sorted(schemas)):
        properties = schemas[name].get("properties")
        if number % _EVERY == 0 and properties:
            first = sorted(properties)[0]
            properties[f"{first}_2"] = properties.pop(first)
            schemas[name]["required"] = sorted({*schemas[name].get("required", []), f"{first}_2"})
    return made


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in _METHODS if method in item)


if __name__ == "__main__":
    sys.exit(main())
