"""The whole public and internal postures against a bare Envoy: `python -m bench.postures`."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import rig
from bench.estates import write_estate
from bench.floor import deciding_nothing
from bench.resolve import fill
from forecourt.edge.binary import envoy_binary

KEYS = 10_000
# Ratios to bare Envoy.
PUBLIC_GOAL, INTERNAL_GOAL = 1.5, 1.15

_KEYS_SCRIPT = """\
local keys, n = {{}}, 0
for line in io.lines("{keys}") do keys[#keys + 1] = line end
request = function()
  n = n % #keys + 1
  return wrk.format("GET", "{path}", {{["X-Api-Key"] = keys[n]}})
end
"""


@contextmanager
def gateway(
    folder: Path,
    *,
    upstream: int,
    keys: int,
    apis: Sequence[tuple[str, str]] = (("payments", "public"), ("users", "internal")),
    plan: int = 10_000_000,
    workers: int = 1,
    files: Mapping[str, str] | None = None,
    more: Mapping[str, str] | None = None,
    issuers: Mapping[str, str] | None = None,
    shedding: str = "off",
) -> Iterator[tuple[int, int, int]]:
    """A gateway as `forecourt up` runs it, gives Envoy's pid and its two ports.

    Its keys stand in `folder/keys`, a line each. `files` are written into the estate, `more` is
    added to `api.yaml` by the name of the API, `issuers` are those of `bench.estates`.
    """
    external, internal, operations = rig.free_port(), rig.free_port(), rig.free_port()
    estate, state = folder / "estate", folder / "state"
    write_estate(
        estate,
        upstream=upstream,
        external=external,
        internal=internal,
        apis=apis,
        plan=plan,
        issuers=issuers,
    )
    for path, text in (files or {}).items():
        (estate / path).parent.mkdir(parents=True, exist_ok=True)
        (estate / path).write_text(text)
    for name, text in (more or {}).items():
        with (estate / "apis" / name / "api.yaml").open("a") as opened:
            opened.write(text)
    state.mkdir(mode=0o700)
    issued = asyncio.run(fill(f"sqlite:///{state}/forecourt.db", keys, "standard"))
    (folder / "keys").write_text("\n".join(issued) + "\n")
    environment = {
        "FORECOURT_STATE": str(state),
        "FORECOURT_OPERATIONS": f"127.0.0.1:{operations}",
        "FORECOURT_CONCURRENCY": str(workers),
        "FORECOURT_SHEDDING": shedding,  # what is loaded to measure it is full
    }
    command = [sys.executable, "-m", "forecourt", "up", str(estate)]
    with rig.process(command, env=environment):
        rig.wait_for_port(external)
        rig.wait_for_port(internal)
        pid_file = state / "run" / "envoy.pid"
        pid = int(pid_file.read_text())
        if workers == 1:
            rig.pin(pid)
        yield pid, external, internal


@contextmanager
def bare_envoy(folder: Path, state: Path, *, upstream: int) -> Iterator[tuple[int, int]]:
    """An Envoy that proxies over the same TLS and does nothing else; its defaults otherwise."""
    port = rig.free_port()
    tls = state / "tls"
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network."
        "http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "bare",
        "route_config": {
            "virtual_hosts": [
                {
                    "name": "all",
                    "domains": ["*"],
                    "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}],
                }
            ]
        },
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
                },
            }
        ],
    }
    context = {
        "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3."
        "DownstreamTlsContext",
        "common_tls_context": {
            "tls_certificates": [
                {
                    "certificate_chain": {"filename": str(tls / "external.pem")},
                    "private_key": {"filename": str(tls / "external.key")},
                }
            ]
        },
    }
    config = {
        "static_resources": {
            "listeners": [
                {
                    "name": "bare",
                    "address": _address(port),
                    "filter_chains": [
                        {
                            "filters": [{"name": "http", "typed_config": manager}],
                            "transport_socket": {"name": "tls", "typed_config": context},
                        }
                    ],
                }
            ],
            "clusters": [
                {
                    "name": "upstream",
                    "type": "STATIC",
                    "load_assignment": {
                        "cluster_name": "upstream",
                        "endpoints": [
                            {"lb_endpoints": [{"endpoint": {"address": _address(upstream)}}]}
                        ],
                    },
                }
            ],
        }
    }
    file = folder / "bare.json"
    file.write_text(json.dumps(config))
    command = [str(envoy_binary()), "-c", str(file), "--concurrency", "1", "-l", "error"]
    with rig.process([*command, "--disable-hot-restart"]) as child:
        rig.wait_for_port(port)
        rig.pin(child.pid)
        yield child.pid, port


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=4, help="in each fresh start")
    arguments.add_argument("--seconds", type=int, default=1)
    arguments.add_argument("--starts", type=int, default=4, help="fresh starts of every proxy")
    given = arguments.parse_args()
    outside: list[list[rig.Result]] = []
    inside: list[list[rig.Result]] = []
    for _ in range(given.starts):
        with _running() as (external, internal):
            warm_up(external[1])
            outside.append(rig.compare(external, rounds=given.rounds, seconds=given.seconds))
            inside.append(rig.compare(internal, rounds=given.rounds, seconds=given.seconds))
    is_missed = False
    for title, results, goal in (
        ("The public posture", outside, PUBLIC_GOAL),
        ("The internal posture", inside, INTERNAL_GOAL),
    ):
        starts = list(zip(*results, strict=True))
        merged = [rig.merged(columns) for columns in starts]
        print(f"\n{title}\n\n{rig.table(merged)}\n")
        is_missed |= rig.missed(title.lower(), statistics.median(merged[1].ratios), goal)
        for outlier in (found for columns in starts for found in rig.outliers(columns)):
            print(f"outlier: {outlier}")
            is_missed = True
    refused = sum(w.refused for r in (*outside, *inside) for x in r for w in x.windows)
    print(f"\nrefused or failed: {refused}")
    return 1 if refused or is_missed else 0


@contextmanager
def _running() -> Iterator[tuple[list[rig.Candidate], list[rig.Candidate]]]:
    """A bare Envoy and the gateway, as candidates from outside and from inside.

    From outside also what no gate in Lua can save (`bench.floor`).
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fc-bench-")))
        upstream = stack.enter_context(rig.upstream())
        pid, external, internal = stack.enter_context(gateway(folder, upstream=upstream, keys=KEYS))
        state = folder / "state"
        bare_pid, bare = stack.enter_context(bare_envoy(folder, state, upstream=upstream))
        floor_pid, floor = stack.enter_context(deciding_nothing(folder, state))
        script = keys_script(folder, "keys", "/payments/v2/things1/1")
        clients = state / "clients"
        path = "/users/things1/1"
        mesh_bare = stack.enter_context(rig.mesh(bare, path, clients))
        mesh = stack.enter_context(rig.mesh(internal, path, clients))
        yield (
            [
                rig.Candidate(
                    name="bare Envoy",
                    pid=bare_pid,
                    load=rig.wrk(f"https://localhost:{bare}", script),
                ),
                rig.Candidate(
                    name=f"public posture, {KEYS:,} keys in rotation",
                    pid=pid,
                    load=rig.wrk(f"https://localhost:{external}", script),
                ),
                rig.Candidate(
                    name="the same, with Lua that decides nothing",
                    pid=floor_pid,
                    load=rig.wrk(f"https://localhost:{floor}", script),
                ),
            ],
            [
                rig.Candidate(name="bare Envoy", pid=bare_pid, load=mesh_bare),
                rig.Candidate(name="internal posture, mTLS", pid=pid, load=mesh),
            ],
        )


def warm_up(candidate: rig.Candidate) -> None:
    """Until every key has been asked for: a window goes round them from the first."""
    answered = 0
    while answered < 2 * KEYS:
        answered = candidate.load(5).answered


def keys_script(folder: Path, name: str, path: str) -> Path:
    """A script for wrk that goes round the keys."""
    file = folder / f"{name}.lua"
    file.write_text(_KEYS_SCRIPT.format(keys=folder / "keys", path=path))
    return file


def _address(port: int) -> dict[str, object]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
