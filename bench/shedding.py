"""Who is served when twice as much comes as fits: `python -m bench.shedding`.

Two gateways on one processor, one that turns callers away and one that does not, take turns under
the same load: strangers who would ask for twice what fits, were they answered at once, and a
service that asks now and then. What counts is how long the service waits, how many strangers are
served, and that the level comes to rest.
"""

from __future__ import annotations

import argparse
import socket
import ssl
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import rig
from bench.postures import gateway
from forecourt.edge.shared_level import SharedLevel

KEYS = 1000
_PUBLIC = "/payments/v2/things1/1"
_INTERNAL = b"GET /users/things1/1 HTTP/1.1\r\nhost: localhost\r\n\r\n"
# Each stranger waits for its own answer, so that few of them could never be too many: who waits
# does not ask. They pause by chance, or they would all ask at once. The more there are the longer
# they pause, and the less a wait of a second slows them down.
_CONNECTIONS = 768
# A service that asks so often, over so many connections, is no load.
_PROBES, _PROBE_SECONDS = 4, 0.04
# Shedding has come to rest by then.
_SETTLING = 12
# The least that the service gains, and the most by which a level that rests may move.
_GOAL, _SWING = 2.0, 30.0

_SCRIPT = """\
local keys, n = {{}}, 0
for line in io.lines("{keys}") do keys[#keys + 1] = line end
function delay() return math.floor(-{think} * math.log(1 - math.random())) end
request = function()
  n = n % #keys + 1
  return wrk.format("GET", "{path}", {{["X-Api-Key"] = keys[n]}})
end
"""


@dataclass(slots=True, kw_only=True)
class Side:
    """A gateway, and what was seen of it: milliseconds of the service, and the level by second."""

    name: str
    folder: Path
    external: int
    internal: int
    waits: list[float] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    served: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    seconds: int = 10

    def load(self, think: int, connections: int) -> rig.Load:
        """The load of strangers who pause so many milliseconds, for some seconds."""
        script = self.folder / "load.lua"
        keys = self.folder / "keys"
        script.write_text(_SCRIPT.format(keys=keys, think=think, path=_PUBLIC))
        url = f"https://localhost:{self.external}"
        return rig.wrk(url, script, connections=connections)(self.seconds)

    @property
    def p99(self) -> float:
        """Of the service, in milliseconds."""
        return statistics.quantiles(self.waits, n=100)[98]


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--seconds", type=int, default=20)
    arguments.add_argument("--connections", type=int, default=_CONNECTIONS)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="fc-shed-") as name, ExitStack() as stack:
        upstream = stack.enter_context(rig.upstream())
        sides = [
            stack.enter_context(_side(Path(name) / word, word, upstream)) for word in ("off", "on")
        ]
        sides[0].seconds = 5
        sides[0].load(0, 32)
        capacity = sides[0].load(0, 32).rate
        think = round(given.connections / (2 * capacity) * 1000)
        for number in range(given.rounds):
            for side in sides if number % 2 == 0 else reversed(sides):
                _turn(side, think, given.connections, given.seconds)
    return _told(sides, capacity)


@contextmanager
def _side(folder: Path, word: str, upstream: int) -> Iterator[Side]:
    folder.mkdir()
    with gateway(folder, upstream=upstream, keys=KEYS, shedding=word) as (_, external, internal):
        yield Side(name=word, folder=folder, external=external, internal=internal)


def _turn(side: Side, think: int, connections: int, seconds: int) -> None:
    """One turn under load: the service asks once that has settled."""
    is_over = threading.Event()
    level = SharedLevel(side.folder / "state" / "run" / "buckets")

    def watch() -> None:
        while not is_over.wait(1.0):
            side.levels.append(level.level(time.monotonic()))

    probes = [threading.Thread(target=_probe, args=(side, n, is_over)) for n in range(_PROBES)]
    threads = [threading.Thread(target=watch), *probes]
    for thread in threads:
        thread.start()
    side.seconds = _SETTLING + seconds
    seen = side.load(think, connections)
    is_over.set()
    for thread in threads:
        thread.join()
    side.answered.append(seen.rate)
    side.served.append((seen.answered - seen.refused) / side.seconds)


def _probe(side: Side, number: int, is_over: threading.Event) -> None:
    context = rig.unchecked()
    clients = side.folder / "state" / "clients"
    name = f"service-{number}"
    context.load_cert_chain(clients / f"{name}.pem", clients / f"{name}.key")
    began = time.monotonic()
    with (
        socket.create_connection(("127.0.0.1", side.internal), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        while not is_over.wait(_PROBE_SECONDS):
            asked = time.perf_counter()
            status = _asked(connection)
            took = (time.perf_counter() - asked) * 1000
            assert status == b"200", status
            if time.monotonic() - began > _SETTLING:
                side.waits.append(took)


def _asked(connection: ssl.SSLSocket) -> bytes:
    connection.sendall(_INTERNAL)
    answer = connection.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    return answer.split(b" ", 2)[1]


def _told(sides: list[Side], capacity: float) -> int:
    print(f"What fits: {capacity:,.0f} requests a second.\n")
    print("| shedding | strangers are answered, a second | served | a service waits, p50 | p99 |")
    print("| --- | --- | --- | --- | --- |")
    for side in sides:
        print(
            f"| {side.name} | {statistics.median(side.answered):,.0f}"
            f" | {statistics.median(side.served):,.0f}"
            f" | {statistics.median(side.waits):.1f} ms | {side.p99:.1f} ms |"
        )
    off, on = sides
    print(f"\nA service waits {off.p99 / on.p99:.1f} times as long without it (p99).")
    print("The level, by second: " + " ".join(f"{level:.0f}" for level in on.levels))
    rest = on.levels[_SETTLING : len(on.levels) // max(len(on.served), 1)]
    swing = max(rest, default=0.0) - min(rest, default=0.0)
    print(f"Once it rests it moves by {swing:.0f}.")
    is_missed = rig.missed("how long it waits with it", on.p99 * _GOAL, off.p99)
    return 1 if rig.missed("how far the level moves", swing, _SWING) or is_missed else 0


if __name__ == "__main__":
    sys.exit(main())
