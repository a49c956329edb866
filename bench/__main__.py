"""Every measurement, one after the other: `make bench`."""

from __future__ import annotations

import subprocess
import sys

PARTS = ("postures", "scale", "overshoot", "resolve", "start")


def main() -> int:
    """Runs the parts that are named, or all; fails if one of them does."""
    failed = 0
    for part in sys.argv[1:] or PARTS:
        print(f"\n## {part}\n", flush=True)
        failed |= subprocess.run([sys.executable, "-m", f"bench.{part}"], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
