"""Some processes that are asked things; one that takes too long is ended, and another begins.

Callers have them in turn, and none has all of them at once: whoever asks what takes long is waited
for by itself alone.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from forecourt.server.frames import SIZE, frame
from forecourt.server.turns import Busy, Shares, Turns

__all__ = ["Busy", "Limits", "NoAnswer", "OneProcess", "Processes"]

# Seconds in which a process has loaded what it works with.
TO_BEGIN = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one question may cost: `seconds` to be answered, and `patience`, seconds until a process
    is free. `processes` answer at once, for one caller all but one of them; so many questions as
    `waiting` wait, and `waiting_each` of one caller; one more is turned away.
    """

    processes: int = 2
    waiting: int = 64
    waiting_each: int = 10
    patience: float = 0.4
    seconds: float = 0.4


class NoAnswer(Exception):
    """It took longer than it may, or the process ended over it."""


class Processes:
    """The processes, each of which runs a module and answers frames with frames.

    They begin with `begin`, or the first question, and end with `close`. `hello` is a question that
    every process answers at once.
    """

    def __init__(self, module: str, *, hello: bytes, limits: Limits) -> None:
        self.limits = limits
        self._free = [OneProcess(module, hello) for _ in range(limits.processes)]
        self._turns = Turns(_shares(limits))

    async def begin(self) -> None:
        """Begins all of them, so that no question has to wait for that."""
        async with AsyncExitStack() as taken:
            all_of_them = [
                await taken.enter_async_context(self.one(f"beginning {number}"))
                for number in range(self.limits.processes)
            ]
            await asyncio.gather(*(process.begin() for process in all_of_them))

    async def close(self) -> None:
        """Ends them."""
        for process in self._free:
            await process.end()

    @asynccontextmanager
    async def one(self, caller: str) -> AsyncIterator[OneProcess]:
        """One of them, while the block runs; who shares the name `caller` shares the turns.

        Raises `Busy`, and takes `NoAnswer` as a reason to begin another.
        """
        async with self._turns.of(caller):
            process = self._free.pop()
            try:
                yield process
            except NoAnswer:
                # Who had it ended waits for the next one to begin, and nobody else does.
                with suppress(NoAnswer):
                    await process.begin()
                raise
            finally:
                self._free.append(process)


def _shares(limits: Limits) -> Shares:
    return Shares(
        places=limits.processes,
        places_each=max(limits.processes - 1, 1),
        waiting=limits.waiting,
        waiting_each=limits.waiting_each,
        patience=limits.patience,
    )


class OneProcess:
    """One process, begun where it is not there."""

    def __init__(self, module: str, hello: bytes) -> None:
        self._module = module
        self._hello = hello
        self._process: Process | None = None

    async def ask(self, asked: bytes, seconds: float) -> bytes:
        """Its answer. Raises `NoAnswer`; whoever stops waiting ends the process."""
        try:
            process = await self._running()
            return await asyncio.wait_for(_exchange(process, asked), seconds)
        except BaseException as error:
            await self.end()
            if isinstance(error, TimeoutError | OSError | asyncio.IncompleteReadError):
                raise NoAnswer from None
            raise

    async def begin(self) -> None:
        """Begins, if it is not there."""
        await self.ask(self._hello, TO_BEGIN)

    async def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _running(self) -> Process:
        if self._process is None:
            begun = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", self._module),
                stdin=PIPE,
                stdout=PIPE,
                env={},
            )
            self._process = begun
            # Until it has answered once it is loading, which is no question's fault.
            await asyncio.wait_for(_exchange(begun, self._hello), TO_BEGIN)
        return self._process


async def _exchange(process: Process, asked: bytes) -> bytes:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(frame(asked))
    await process.stdin.drain()
    (length,) = SIZE.unpack(await process.stdout.readexactly(SIZE.size))
    return await process.stdout.readexactly(length)
