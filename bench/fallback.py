"""What a body costs that the edge leaves to the control plane: `python -m bench.fallback`.

The same order of a kilobyte is sent to two APIs: one's contract is judged at the edge, the other's
has a pattern that looks ahead.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import rig
from bench.contracts import SCRIPT, a_document, a_sized_order
from bench.postures import gateway

# Each may have ten bodies judged at once, and one more a second.
_KEYS = 2_000

_BODY = a_sized_order(1_024)
_PATTERN = json.dumps("^sku-[0-9]{5}$")
_LOOKS_AHEAD = json.dumps("^(?!x)sku-[0-9]{5}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Envoy's cost for each of both, and of the control plane's processes, µs a body."""

    envoy: list[rig.Result]
    beside: float


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=4, help="in each fresh start")
    arguments.add_argument("--seconds", type=int, default=1)
    arguments.add_argument("--starts", type=int, default=3, help="fresh starts of everything")
    given = arguments.parse_args()
    measured = [_measured(given.rounds, given.seconds) for _ in range(given.starts)]
    envoy = [rig.merged(columns) for columns in zip(*(m.envoy for m in measured), strict=True)]
    print(f"a body of {len(_BODY.encode()):,} bytes\n\n{rig.table(envoy)}\n")
    beside = sorted(m.beside for m in measured)[len(measured) // 2]
    print(f"and beside Envoy, in the control plane and its judges: {beside:.0f} µs a body")
    refused = sum(w.refused for result in envoy for w in result.windows)
    print(f"refused or failed: {refused}")
    return 1 if refused else 0


def _measured(rounds: int, seconds: int) -> Measured:
    with _running() as (pid, candidates):
        for candidate in candidates:  # all keys are met, and the processes begin
            candidate.load(5)
        envoy = rig.compare(candidates, rounds=rounds, seconds=seconds)
        others = _beside(pid)
        before = sum(map(rig.cpu_seconds, others))
        load = candidates[1].load(seconds)
        spent = sum(map(rig.cpu_seconds, others)) - before
    return Measured(envoy=envoy, beside=spent / load.answered * 1e6)


@contextmanager
def _running() -> Iterator[tuple[int, list[rig.Candidate]]]:
    """Envoy's process, and the two APIs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fc-bench-")))
        upstream = stack.enter_context(rig.upstream())
        document = json.dumps(a_document())
        files = {
            "apis/orders/openapi.yaml": document,
            "apis/others/openapi.yaml": document.replace(_PATTERN, _LOOKS_AHEAD),
        }
        pid, external, _ = stack.enter_context(
            gateway(
                folder,
                upstream=upstream,
                keys=_KEYS,
                apis=(("orders", "public"), ("others", "public")),
                files=files,
            )
        )
        yield (
            pid,
            [
                rig.Candidate(
                    name=name,
                    pid=pid,
                    load=rig.wrk(f"https://localhost:{external}", _script(folder, api)),
                )
                for name, api in (("at the edge", "orders"), ("by the control plane", "others"))
            ],
        )


def _script(folder: Path, api: str) -> Path:
    file = folder / f"{api}.lua"
    path, body = f"/{api}/v2/orders", f"[==[{_BODY}]==]"
    file.write_text(SCRIPT.format(keys=folder / "keys", body=body, method="POST", path=path))
    return file


def _beside(envoy: int) -> list[int]:
    """The process that started Envoy, and the others that it started."""
    parents = {int(p.name): _parent(p) for p in Path("/proc").iterdir() if p.name.isdigit()}
    control = parents[envoy]
    return [control, *(pid for pid, of in parents.items() if of == control and pid != envoy)]


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has ended meanwhile
        return 0


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
