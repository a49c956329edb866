"""A million keys: `python -m bench.many_keys`.

What they take in the database, how long it takes to say what one of them stands for, and what the
edge's memory comes to while they call. A worker remembers 50,000 at most, however long this runs.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from bench import rig
from bench.postures import gateway, keys_script
from bench.resolve import GOAL_MS, measure
from forecourt.compiler.envoy import files

_PATH = "/payments/v2/things1/1"
_ASKED = 10_000
# What a worker remembers of keys, and all else: beside the 70 MB of an Envoy that knows nobody.
GOAL_MB = 400.0


def main() -> int:
    """Fill, serve, ask."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--keys", type=int, default=1_000_000)
    arguments.add_argument("--seconds", type=int, default=60, help="of load by all of them")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="fc-bench-") as name, rig.upstream() as upstream:
        folder = Path(name)
        start = time.perf_counter()
        with gateway(folder, upstream=upstream, keys=given.keys) as (pid, port, _):
            print(f"{given.keys:,} keys, issued and served in {time.perf_counter() - start:.0f} s")
            size = (folder / "state" / "forecourt.db").stat().st_size
            print(f"database: {size / 1e6:.0f} MB, {size / given.keys:.0f} bytes a key")
            keys = (folder / "keys").read_text().split()
            random.shuffle(keys)
            print("connections    keys   p50 ms   p99 ms   max ms   keys/s")
            socket = str(folder / "state" / files.CONTROL_SOCKET)
            rounds = [
                asyncio.run(measure(socket, keys[:_ASKED], 1)),
                asyncio.run(measure(socket, keys[_ASKED : 2 * _ASKED], 8)),
            ]
            before = rig.memory_mb(pid)
            load = rig.wrk(f"https://localhost:{port}", keys_script(folder, "keys", _PATH))
            seen = load(given.seconds)
            after = rig.memory_mb(pid)
            print(
                f"edge: {before:.0f} MB, and {after:.0f} MB after {seen.answered:,} of them called"
            )
            print(f"refused: {seen.refused}")
    is_missed = rig.missed("the edge's memory in MB", after, GOAL_MB)
    is_missed |= seen.refused > 0
    return 1 if is_missed or not all(rounds) else 0


if __name__ == "__main__":
    print(f"goal for p99: {GOAL_MS:g} ms")
    sys.exit(main())
