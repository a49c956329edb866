"""What a request pays for each limit within its caller's own: `python -m bench.limits`.

Two gateways in turns, alike but for the plan, which in one of them counts requests under way. No
limit is ever met.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import rig
from bench.estates import write_api
from bench.postures import gateway, keys_script

KEYS = 100
_NEVER_MET = 10_000_000
_APIS = (("payments", "public"), ("seldom", "public"), ("scarce", "public"))
_PATH = "/{api}/v2/things1/1"

_WAIVER = """\
rule: laxer-than-posture
api: scarce
dimension: rate_limit
owner: bench
because: it is measured, and never met
approved_by: [bench]
expires: 2090-01-01
"""
_LAX = f"posture: {{rate_limit: {{requests_per_minute: {_NEVER_MET}}}}}\n"
_COUNTED = (
    f"plans: {{standard: {{rate_limit: {{requests_per_minute: {_NEVER_MET},"
    " concurrent_requests: 1000}}}\n"
)


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=4, help="in each fresh start")
    arguments.add_argument("--seconds", type=int, default=1)
    arguments.add_argument("--starts", type=int, default=2, help="fresh starts of the gateways")
    given = arguments.parse_args()
    columns = []
    for _ in range(given.starts):
        with _running() as candidates:
            columns.append(rig.compare(candidates, rounds=given.rounds, seconds=given.seconds))
    merged = [rig.merged(column) for column in zip(*columns, strict=True)]
    print(rig.table(merged))
    refused = sum(w.refused for results in columns for r in results for w in r.windows)
    print(f"\nrefused or failed: {refused}")
    for result in merged[1:]:
        print(f"{result.name}: {statistics.median(result.ratios):.2f} of a request without")
    return 1 if refused else 0


@contextmanager
def _running() -> Iterator[list[rig.Candidate]]:
    """The first meets its caller's limit by minute alone."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fc-bench-")))
        upstream = stack.enter_context(rig.upstream())
        found: list[rig.Candidate] = []

        def candidates(name: str, plan: dict[str, str], ways: dict[str, str]) -> None:
            folder = home / name
            folder.mkdir()
            running = gateway(
                folder,
                upstream=upstream,
                keys=KEYS,
                apis=_APIS,
                files={"waivers/scarce.yaml": _WAIVER, **_limited(folder, upstream), **plan},
                more={"scarce": _LAX},
            )
            pid, external, _ = stack.enter_context(running)
            for what, api in ways.items():
                script = keys_script(folder, api, _PATH.format(api=api))
                load = rig.wrk(f"https://localhost:{external}", script)
                found.append(rig.Candidate(name=what, pid=pid, load=load))

        of_one = {"the minute alone": "payments", "and an API's": "scarce"}
        candidates("usual", {}, {**of_one, "and an operation's": "seldom"})
        candidates("counted", {"plans.yaml": _COUNTED}, {"and how many at a time": "payments"})
        yield found


def _limited(folder: Path, upstream: int) -> dict[str, str]:
    """The contract of an API, each of whose operations has a limit."""
    write_api(folder / "made", "seldom", "public", upstream=upstream)
    document = json.loads((folder / "made" / "openapi.yaml").read_text())
    for path in document["paths"].values():
        path["get"]["x-rate-limit"] = {"requests_per_minute": _NEVER_MET}
    return {"apis/seldom/openapi.yaml": json.dumps(document)}


if __name__ == "__main__":
    sys.exit(main())
