"""How busy Envoy's workers are: in which share of time their event loops had something to do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

# How Envoy names its workers' threads.
_WORKER = "wrk:worker_"


def worker_seconds(pid: int, proc: Path = Path("/proc")) -> dict[int, float]:
    """Seconds in which each worker of that Envoy ran, or waited for a processor, by thread.

    A loop that waits for a processor is as late as one that runs: on a machine that others fill
    it is the greater part (`/proc/PID/task/TID/schedstat`, proc(5); nanoseconds).
    """
    found: dict[int, float] = {}
    with suppress(OSError):
        for task in (proc / str(pid) / "task").iterdir():
            with suppress(OSError, ValueError):
                if (task / "comm").read_text().startswith(_WORKER):
                    ran, waited = (task / "schedstat").read_text().split()[:2]
                    found[int(task.name)] = (int(ran) + int(waited)) / 1e9
    return found


def busyness(before: Mapping[int, float], after: Mapping[int, float], seconds: float) -> float:
    """The mean share over the workers that are in both, from 0 to 1; 0 where there is none."""
    both = before.keys() & after.keys()
    if not both or seconds <= 0:
        return 0.0
    shares = ((after[thread] - before[thread]) / seconds for thread in both)
    return sum(min(max(share, 0.0), 1.0) for share in shares) / len(both)
