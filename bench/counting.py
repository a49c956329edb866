"""What a line of the access log costs beside the edge: `python -m bench.counting`.

The control plane reads each line, looks for attacks and counts, on the machine that serves. Each
part takes turns with `json.loads` of the same lines, and is quoted as a ratio to it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from forecourt.defence.detectors import DETECTORS
from forecourt.defence.watch import Watch
from forecourt.edge.logged_request import LoggedRequest, logged_request
from forecourt.usage.last_use import last_uses
from forecourt.usage.rollup import rolled_up
from forecourt.usage.spending import spent

LINES = 20_000
_PER_SECOND = 5_000
_BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)

_SERVED = {
    "listener": "external",
    "method": "GET",
    "path": "/payments/v2/things1/1",
    "route": "payments@2#0123456789abcdef",
    "version": "2",
    "upstream_version": "2",
    "operation": "readThing1",
    "audience": "public",
    "consumer": "developer:ada",
    "application": "app_1",
    "credential": "key_1",
    "status": 200,
    "reason": None,
    "replaced": None,
    "place": None,
    "details": "via_upstream",
    "flags": "-",
    "duration": 2,
    "upstream_duration": 1,
    "received": 0,
    "sent": 118,
    "address": "192.0.2.7",
}
_NOBODY = dict.fromkeys(("version", "audience", "consumer", "application", "credential"))
_UNKNOWN = {**_SERVED, **_NOBODY, "status": 401, "reason": "unknown", "details": "lua_response"}


def _address(number: int) -> str:
    return f"203.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _of_many(number: int) -> dict[str, Any]:
    who = number * 7919 % 10_000
    names = {"consumer": f"developer:{who}", "application": f"app_{who}"}
    return {**_SERVED, **names, "credential": f"key_{who}", "address": _address(who)}


_LOGS: dict[str, Callable[[int], dict[str, Any]]] = {
    "one busy caller": lambda number: _SERVED,
    "10,000 callers, an address each": _of_many,
    "credentials of nobody, from 50,000 addresses": lambda number: {
        **_UNKNOWN,
        "address": _address(number * 7919 % 50_000),
    },
}


def _lines(kind: Callable[[int], dict[str, Any]]) -> list[bytes]:
    found = []
    for number in range(LINES):
        at = _BEGIN + timedelta(seconds=number / _PER_SECOND)
        time_of = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        fields = {"time": time_of, "request_id": f"r-{number}", **kind(number)}
        found.append(json.dumps(fields).encode())
    return found


def _read(lines: Sequence[bytes]) -> list[LoggedRequest]:
    return [request for request in map(logged_request, lines) if request is not None]


def _watched(requests: Sequence[LoggedRequest]) -> None:
    """As they come: a second's at a time."""
    watch = Watch(DETECTORS)
    for first in range(0, len(requests), _PER_SECOND):
        batch = requests[first : first + _PER_SECOND]
        watch.observe(batch, batch[-1].time)


def _counted(requests: Sequence[LoggedRequest]) -> None:
    rolled_up(requests)
    spent(requests)
    last_uses(requests)


def _microseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) / LINES * 1e6


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=7)
    given = arguments.parse_args()
    print("| lines of | `json.loads` | to read | to look for attacks | to count | all |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, kind in _LOGS.items():
        lines = _lines(kind)
        requests = _read(lines)
        works: dict[str, Callable[[], object]] = {
            "json": lambda lines=lines: [json.loads(line) for line in lines],
            "read": lambda lines=lines: _read(lines),
            "watch": lambda requests=requests: _watched(requests),
            "count": lambda requests=requests: _counted(requests),
        }
        taken: dict[str, list[float]] = {part: [] for part in works}
        for _ in range(given.rounds):
            for part, work in works.items():
                taken[part].append(_microseconds(work))
        base = taken.pop("json")
        ratios = [
            statistics.median(its / of for its, of in zip(each, base, strict=True))
            for each in taken.values()
        ]
        told = " | ".join(f"{ratio:.2f}" for ratio in [*ratios, sum(ratios)])
        print(f"| {name} | {statistics.median(base):.1f} µs | {told} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
