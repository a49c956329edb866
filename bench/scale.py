"""A thousand APIs and ten thousand operations: `python -m bench.scale`."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.request import Request, urlopen

from bench import rig
from bench.estates import write_estate
from bench.postures import KEYS, gateway, keys_script, warm_up

APIS, OPERATIONS = 1_000, 10


def many(count: int) -> list[tuple[str, str]]:
    """So many APIs, half of them public, a quarter for partners, a quarter internal."""
    audiences = ("public", "partner", "public", "internal")
    return [("payments", "public"), ("users", "internal")] + [
        (f"api-{n}", audiences[n % 4]) for n in range(count - 2)
    ]


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=8)
    arguments.add_argument("--changes", type=int, default=10)
    given = arguments.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fc-scale-")))
        upstream = stack.enter_context(rig.upstream())
        print(f"{APIS:,} APIs, {APIS * OPERATIONS:,} operations\n")
        is_missed = cold(folder / "cold", upstream)
        (folder / "one").mkdir()
        (folder / "many").mkdir()
        one = stack.enter_context(gateway(folder / "one", upstream=upstream, keys=KEYS))
        large = stack.enter_context(
            gateway(folder / "many", upstream=upstream, keys=KEYS, apis=many(APIS))
        )
        took = changes(folder / "many", large[1], given.changes)
        print(
            f"a changed line is live after {statistics.median(took):.2f} s"
            f" (at most {max(took):.2f} s in {len(took)})\n"
        )
        candidates = [
            rig.Candidate(
                name=name,
                pid=pid,
                load=rig.wrk(
                    f"https://localhost:{external}",
                    keys_script(folder / place, "keys", "/payments/v2/things1/1"),
                ),
            )
            for name, place, (pid, external, _) in (
                ("two APIs", "one", one),
                (f"{APIS:,} APIs", "many", large),
            )
        ]
        for candidate in candidates:
            warm_up(candidate)
        results = rig.compare(candidates, rounds=given.rounds, seconds=1)
        print(rig.table(results))
        is_missed |= rig.missed("a change, in seconds", statistics.median(took), 1)
        is_missed |= rig.missed("the ratio", statistics.median(results[1].ratios), 1.05)
    return 1 if is_missed else 0


def cold(folder: Path, upstream: int) -> bool:
    """`check` and `compile` in new processes; whether one misses its goal of ten seconds."""
    estate = folder / "estate"
    write_estate(
        estate,
        upstream=upstream,
        external=rig.free_port(),
        internal=rig.free_port(),
        apis=many(APIS),
        operations=OPERATIONS,
    )
    command = [sys.executable, "-m", "forecourt"]
    environment = {**os.environ, "FORECOURT_STATE": str(folder / "state")}
    is_missed = False
    for verb, words in (
        ("check", ["check", str(estate)]),
        ("compile", ["compile", str(estate), "--out", str(folder / "snapshot")]),
    ):
        began = time.perf_counter()
        subprocess.run([*command, *words], check=True, capture_output=True, env=environment)
        took = time.perf_counter() - began
        print(f"{verb}, cold: {took:.1f} s")
        is_missed |= rig.missed(f"{verb}, in seconds", took, 10)
    return is_missed


def changes(folder: Path, external: int, count: int) -> list[float]:
    """Seconds from a saved line until an answer shows it: a version is deprecated to and fro."""
    key = (folder / "keys").read_text().split("\n")[0]
    api = folder / "estate" / "apis" / "api-500"
    url = f"https://localhost:{external}/api-500/v2/things1/1"
    current = (api / "api.yaml").read_text()
    deprecated = current.replace("openapi.yaml}}", f"openapi.yaml, {_DEPRECATED}}}}}")
    took = []
    for number in range(count):
        is_deprecated = number % 2 == 0
        (api / "api.yaml").write_text(deprecated if is_deprecated else current)
        began = time.perf_counter()
        while says_deprecated(url, key) is not is_deprecated:
            if time.perf_counter() - began > 30:
                raise TimeoutError("the change was not published")
            time.sleep(0.005)
        took.append(time.perf_counter() - began)
    return took


_DEPRECATED = "status: deprecated, deprecated: 2030-01-01, sunset: 2032-01-01"


def says_deprecated(url: str, key: str) -> bool:
    """Whether an answer carries `Deprecation`."""
    request = Request(url, headers={"X-Api-Key": key})
    with urlopen(request, context=rig.unchecked(), timeout=5) as answer:
        return "deprecation" in answer.headers


if __name__ == "__main__":
    sys.exit(main())
