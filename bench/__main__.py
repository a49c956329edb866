"""Every measurement, one after the other: `make bench`."""

from __future__ import annotations

import subprocess
import sys

PARTS = (
    "check",
    "changes",
    "postures",
    "contracts",
    "lenses",
    "tokens",
    "limits",
    "fallback",
    "engine",
    "scale",
    "overshoot",
    "shedding",
    "counting",
    "resolve",
    "revocation",
    "many_keys",
    "start --install",
)


def main() -> int:
    """Runs the parts that are named, or all; fails if one of them does."""
    failed = 0
    for part in sys.argv[1:] or PARTS:
        print(f"\n## {part}\n", flush=True)
        command = [sys.executable, "-m", *f"bench.{part}".split()]
        failed |= subprocess.run(command, check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
