"""An unseen key among many, resolved over a Unix socket: `python -m bench.resolve`.

The resolver runs in a process of its own, as it does beside an edge; the questions come from this
one, over connections that are kept. Exits with 1 where a round misses the goal.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import secrets
import sys
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import uvloop
from prometheus_client import CollectorRegistry

from forecourt.actions.api_key import SHOWN, key_digest, new_key
from forecourt.actions.credential import Application, Credential, HeldKey, Owner, OwnerKind
from forecourt.actions.entropy import new_id
from forecourt.actions.published import callers_from_parts
from forecourt.actions.record import Record
from forecourt.actions.suspension import Suspended
from forecourt.server.resolver import Kept, resolver
from forecourt.server.serving import serving, unix_listener
from forecourt.store.opening import opened_store
from forecourt.store.url import database_url

GOAL_MS = 5.0  # for the slowest of a hundred
_BATCH = 5_000


def a_key(number: int, plan: str | None = None) -> tuple[str, HeldKey]:
    """A key, each of an application of its own, one in ten with an end."""
    key, now = new_key(secrets.token_bytes, is_test=False), datetime.now(UTC)
    application = Application(
        id=new_id("app", secrets.token_bytes),
        name="bench",
        owner=Owner(kind=OwnerKind.DEVELOPER, name=f"developer-{number}"),
        plan=plan,
        created_at=now,
    )
    credential = Credential(
        id=new_id("key", secrets.token_bytes),
        prefix=key[:SHOWN],
        last_four=key[-4:],
        application=application.id,
        scopes=None,
        is_test=False,
        created_at=now,
        expires_at=now.replace(year=now.year + 1, day=1) if number % 10 == 0 else None,
        revoked=None,
    )
    return key, HeldKey(credential=credential, application=application)


async def fill(url: str, count: int, plan: str | None = None) -> list[str]:
    """Issue that many keys, on that plan."""
    keys: list[str] = []
    async with opened_store(database_url(url)) as store:
        for start in range(0, count, _BATCH):
            batch = [a_key(n, plan) for n in range(start, min(start + _BATCH, count))]
            held = [(held, key_digest(key)) for key, held in batch]
            await store.credentials.add_keys(held, Record(at=datetime.now(UTC), who="bench"))
            keys += [key for key, _ in batch]
    return keys


def serve(url: str, socket: str) -> None:
    """The resolver, until the process is ended."""

    async def run() -> None:
        callers = callers_from_parts({})
        async with opened_store(database_url(url)) as store:
            application = resolver(
                callers=lambda: callers,
                suspended=Suspended,
                kept=Kept(keys=store.credentials, pins=store.pins, spending=store.spending),
                clock=lambda: datetime.now(UTC),
                news=lambda: 0,
                bucket_key=b"bench",
                registry=CollectorRegistry(),
            )
            async with serving(application, unix_listener(Path(socket))):
                await asyncio.Event().wait()

    uvloop.run(run())


async def ask(socket: str, keys: list[str]) -> list[float]:
    """Milliseconds for each key, one after the other over one connection."""
    reader, writer = await asyncio.open_unix_connection(socket)
    took = []
    for key in keys:
        start = time.perf_counter()
        writer.write(
            b"POST /resolve HTTP/1.1\r\nhost: forecourt\r\ncontent-length: 0\r\n"
            b"forecourt-kind: api_key\r\nforecourt-listener: external\r\n"
            b"forecourt-credential: " + key.encode() + b"\r\n\r\n"
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.decode())
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        took.append((time.perf_counter() - start) * 1000)
    writer.close()
    return took


async def measure(socket: str, keys: list[str], connections: int) -> bool:
    """One round, each key asked for once; whether it meets the goal."""
    start = time.perf_counter()
    shares = (ask(socket, keys[n::connections]) for n in range(connections))
    took = sorted(chain.from_iterable(await asyncio.gather(*shares)))
    rate = len(keys) / (time.perf_counter() - start)
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    print(f"{connections:>11} {len(keys):>7} {p50:>8.2f} {p99:>8.2f} {took[-1]:>8.2f} {rate:>8.0f}")
    return p99 < GOAL_MS


async def wait_for(socket: Path) -> None:
    """Until somebody listens there."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError):
            _, writer = await asyncio.open_unix_connection(socket)
            writer.close()
            return
        await asyncio.sleep(0.02)
    raise TimeoutError(f"nobody listens on {socket}")


def main() -> int:
    """Fill, serve, ask."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--keys", type=int, default=100_000)
    arguments.add_argument("--asked", type=int, default=10_000, help="in each round")
    arguments.add_argument("--database", help="URL of an empty one; else SQLite in a new folder")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{folder}/bench.db"
        socket = Path(folder) / "resolve.sock"
        start = time.perf_counter()
        keys = asyncio.run(fill(url, given.keys))
        print(f"{given.keys} keys issued in {time.perf_counter() - start:.1f} s", file=sys.stderr)
        random.shuffle(keys)
        server = multiprocessing.get_context("spawn").Process(
            target=serve, args=(url, str(socket)), daemon=True
        )
        server.start()
        try:
            asyncio.run(wait_for(socket))
            print("connections    keys   p50 ms   p99 ms   max ms   keys/s")
            rounds = [
                asyncio.run(measure(str(socket), keys[: given.asked], 1)),
                asyncio.run(measure(str(socket), keys[given.asked : 2 * given.asked], 8)),
            ]
        finally:
            server.terminate()
            server.join()
    return 0 if all(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
