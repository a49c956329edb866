"""How long a key works that was revoked: `python -m bench.revocation`.

Each key is issued, used, revoked, and asked with over kept connections to both workers until each
of them refused it, while others load the edge. What is counted begins before the revocation is
written, and ends with the answer. Exits with 1 where the slowest of a hundred takes a second.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path

from bench import rig
from bench.postures import gateway, keys_script
from bench.resolve import a_key
from forecourt.actions.api_key import key_digest
from forecourt.actions.credential import Revocation
from forecourt.actions.record import Record
from forecourt.actions.revoke_key import KeyRevoked, revoke_key
from forecourt.store.opening import Store, opened_store
from forecourt.store.url import database_url

GOAL_SECONDS = 1.0
_PATH = "/payments/v2/things1/1"
# The kernel gives connections to either worker: that one has none happens once in 128 times, and
# then only the other is measured.
_CONNECTIONS = 8
_WORKERS = 2
_BETWEEN = 0.005  # seconds between two questions on a connection
_CALLERS = 1_000  # of the load


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Seconds until the revocation of one key was written, until it was refused for the first time,
    and until no worker let it through."""

    written: float
    first: float
    last: float


class Asking:
    """A kept connection, which one worker serves."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def status(self, key: str) -> int:
        """The status of one answer."""
        self._writer.write(
            f"GET {_PATH} HTTP/1.1\r\nhost: localhost\r\nx-api-key: {key}\r\n\r\n".encode()
        )
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await self._reader.readexactly(length)
        return int(head.split(b" ", 2)[1])

    async def refused_at(self, key: str) -> float:
        """The moment at which it was refused for the first time."""
        for pause in repeat(_BETWEEN):
            if await self.status(key) == 401:
                break
            await asyncio.sleep(pause)
        return time.perf_counter()


async def revoke_one(number: int, store: Store, asking: list[Asking]) -> Taken:
    """Issue, use, revoke, ask until it is refused."""
    key, held = a_key(number, "standard")
    record = Record(at=datetime.now(UTC), who="bench")
    await store.credentials.add_key(held, key_digest(key), record)
    for each in asking:
        status = await each.status(key)
        assert status == 200, status
    await asyncio.sleep(random.uniform(0, 0.25))  # the edge looks at any moment
    begun = time.perf_counter()
    revocation = Revocation(at=datetime.now(UTC), who="bench")
    outcome = await revoke_key(key, store=store.credentials, revocation=revocation)
    assert isinstance(outcome, KeyRevoked), outcome
    written = time.perf_counter()
    refused = await asyncio.gather(*(each.refused_at(key) for each in asking))
    return Taken(written=written - begun, first=min(refused) - begun, last=max(refused) - begun)


async def revoke_all(times: int, port: int, state: Path) -> list[Taken]:
    """One after the other."""
    async with AsyncExitStack() as stack:
        url = database_url(f"sqlite:///{state}/forecourt.db")
        store = await stack.enter_async_context(opened_store(url))
        asking = []
        for _ in range(_CONNECTIONS):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, ssl=rig.unchecked(), server_hostname="localhost"
            )
            stack.callback(writer.close)
            asking.append(Asking(reader, writer))
        return [await revoke_one(_CALLERS + n, store, asking) for n in range(times)]


@contextmanager
def loaded(url: str, script: Path) -> Iterator[list[rig.Load]]:
    """Others ask without a pause while the block runs; what they saw."""
    seen: list[rig.Load] = []
    is_over = threading.Event()
    load = rig.wrk(url, script)

    def ask() -> None:
        while not is_over.is_set():
            seen.append(load(2))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def main() -> int:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--times", type=int, default=100)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="fc-bench-") as name, rig.upstream() as upstream:
        folder = Path(name)
        with gateway(folder, upstream=upstream, keys=_CALLERS, workers=_WORKERS) as (_, port, _):
            script = keys_script(folder, "keys", _PATH)
            with loaded(f"https://localhost:{port}", script) as seen:
                taken = asyncio.run(revoke_all(given.times, port, folder / "state"))
    rate = sum(load.answered for load in seen) / sum(load.answered / load.rate for load in seen)
    print(f"{given.times} keys, while others sent {rate:,.0f} requests a second\n")
    print("| until | p50 ms | p99 ms | slowest ms |")
    print("| --- | --- | --- | --- |")
    _row("it is written", [t.written for t in taken])
    p99 = _row("the first refusal", [t.first for t in taken])
    p99 = max(p99, _row("every worker refuses", [t.last for t in taken]))
    return 1 if rig.missed("revoked to refused, in seconds", p99, GOAL_SECONDS) else 0


def _row(until: str, seconds: list[float]) -> float:
    """A row of the table; the slowest of a hundred."""
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"| {until} | {p50 * 1000:.0f} | {p99 * 1000:.0f} | {ordered[-1] * 1000:.0f} |")
    return p99


if __name__ == "__main__":
    sys.exit(main())
