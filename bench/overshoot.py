"""How much more than a limit gets through: `python -m bench.overshoot`.

Two workers, thirty-two connections that ask without a pause. In any time, at most the refill and a
full bucket may pass; what passes beyond that is the overshoot.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from bench import rig
from bench.postures import gateway, keys_script
from forecourt.estate.rate_limit import RateLimit

LIMITS = (20, 100, 10_000)


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--seconds", type=int, default=20)
    given = arguments.parse_args()
    print("| limit a minute | seconds | allowed | passed | overshoot |")
    print("| --- | --- | --- | --- | --- |")
    is_missed = False
    for limit in LIMITS:
        with tempfile.TemporaryDirectory(prefix="fc-over-") as name, rig.upstream() as upstream:
            folder = Path(name)
            with gateway(folder, upstream=upstream, keys=1, plan=limit, workers=2) as running:
                script = keys_script(folder, "keys", "/payments/v2/things1/1")
                load = rig.wrk(f"https://localhost:{running[1]}", script)
                seen = load(given.seconds)
        passed = seen.answered - seen.refused
        rate = RateLimit(requests_per_minute=limit)
        allowed = rate.capacity + Decimal(limit) * given.seconds / 60
        over = max(Decimal(0), passed - allowed)
        print(
            f"| {limit:,} | {given.seconds} | {allowed:.1f} | {passed}"
            f" | {over:.1f} ({over / allowed:.1%}) |"
        )
        is_missed |= rig.missed(f"the overshoot of {limit}", float(over / allowed), 0.01)
    return 1 if is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
