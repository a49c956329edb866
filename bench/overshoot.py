"""How much more than a limit gets through: `python -m bench.overshoot`.

Two workers, thirty-two connections that ask without a pause. In any time, at most the refill and a
full bucket may pass; what passes beyond that is the overshoot. Of a quota, which is counted from
the access log, it is what passes until every worker has heard that it is used up.
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
# Limit a minute, and quota of a day.
QUOTAS = ((600, 200), (6_000, 2_000), (60_000, 20_000))
# What may pass until a quota is heard to be used up (docs/limits.md).
_SECONDS_UNHEARD = 2.5


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
    print("\n| limit a minute | quota | passed beyond it | at most |")
    print("| --- | --- | --- | --- |")
    for limit, quota in QUOTAS:
        beyond = _beyond(limit, quota, given.seconds)
        most = float(RateLimit(requests_per_minute=limit).capacity) + limit / 60 * _SECONDS_UNHEARD
        print(f"| {limit:,} | {quota:,} | {beyond} | {most:,.0f} |")
        is_missed |= rig.missed(f"the overshoot of a quota of {quota}", beyond, most)
    return 1 if is_missed else 0


def _beyond(limit: int, quota: int, seconds: int) -> int:
    """How many more than its quota pass."""
    rate = f"{{requests_per_minute: {limit}, requests_per_day: {quota}}}"
    plans = {"plans.yaml": f"plans: {{standard: {{rate_limit: {rate}}}}}\n"}
    with tempfile.TemporaryDirectory(prefix="fc-over-") as name, rig.upstream() as upstream:
        folder = Path(name)
        with gateway(folder, upstream=upstream, keys=1, workers=2, files=plans) as running:
            script = keys_script(folder, "keys", "/payments/v2/things1/1")
            seen = rig.wrk(f"https://localhost:{running[1]}", script)(seconds)
    return seen.answered - seen.refused - quota


if __name__ == "__main__":
    sys.exit(main())
