"""Some processes that judge bodies; one that takes too long is ended, and another begins.

Callers have them in turn, and none has all of them at once: whoever sends what takes long is waited
for by itself alone.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from forecourt.server.judge_frames import SIZE, Answer, Question, answer, frame
from forecourt.server.turns import Busy, Shares, Turns

__all__ = ["Busy", "Judges", "Limits", "TooLong"]

# Seconds in which a process has loaded what it judges with, or made the judges of a contract.
_TO_BEGIN = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one body may cost: `seconds` to be judged, and `patience`, seconds until a process is
    free. `processes` judge at once, for one caller all but one of them; so many bodies as `waiting`
    wait, and `waiting_each` of one caller; one more is turned away.
    """

    processes: int = 2
    waiting: int = 64
    waiting_each: int = 10
    patience: float = 0.4
    seconds: float = 0.4


class TooLong(Exception):
    """The body took longer than it may; nobody knows whether it keeps its schema."""


class Judges:
    """The processes. They begin with `begin`, or the first body, and end with `close`.

    `schemas` gives the exact schemas of a contract by its name; None where there are none.
    """

    def __init__(
        self, schemas: Callable[[str], bytes | None], limits: Limits | None = None
    ) -> None:
        self._schemas = schemas
        self._limits = limits or Limits()
        self._free: list[_Judge] = [_Judge() for _ in range(self._limits.processes)]
        self._turns = Turns(_shares(self._limits))

    async def begin(self) -> None:
        """Begins all of them, so that no body has to wait for that."""
        async with AsyncExitStack() as taken:
            judges = [
                await taken.enter_async_context(self._a_judge(f"beginning {number}"))
                for number in range(self._limits.processes)
            ]
            await asyncio.gather(*(judge.begin() for judge in judges))

    async def judge(
        self, contract: str, root: str, read: Callable[[], Awaitable[bytes | None]], caller: str
    ) -> Answer | None:
        """The verdict about a body. Raises `Busy` and `TooLong`.

        `read` gives the body, and is asked when it is its turn: what waits is not held. None where
        it gives none. Who shares the name `caller` shares the turns.
        """
        async with self._a_judge(caller) as judge:
            body = await read()
            if body is None:
                return None
            asked = Question(contract=contract, root=root, body=body)
            found = await judge.ask(asked, self._limits.seconds)
            if found.verdict != "forgotten":
                return found
            schemas = self._schemas(contract)
            if schemas is None:
                return Answer(verdict="lost")
            await judge.ask(Question(contract=contract, schemas=schemas), _TO_BEGIN)
            return await judge.ask(asked, self._limits.seconds)

    async def close(self) -> None:
        """Ends them."""
        for judge in self._free:
            await judge.end()

    @asynccontextmanager
    async def _a_judge(self, caller: str) -> AsyncIterator[_Judge]:
        async with self._turns.of(caller):
            judge = self._free.pop()
            try:
                yield judge
            except TooLong:
                # Who had it ended waits for the next one to begin, and nobody else does.
                with suppress(TooLong):
                    await judge.begin()
                raise
            finally:
                self._free.append(judge)


def _shares(limits: Limits) -> Shares:
    return Shares(
        places=limits.processes,
        places_each=max(limits.processes - 1, 1),
        waiting=limits.waiting,
        waiting_each=limits.waiting_each,
        patience=limits.patience,
    )


class _Judge:
    """One process, begun where it is not there."""

    def __init__(self) -> None:
        self._process: Process | None = None

    async def ask(self, asked: Question, seconds: float) -> Answer:
        """Its verdict. Raises `TooLong`; whoever stops waiting ends the process."""
        try:
            process = await self._running()
            return await asyncio.wait_for(_exchange(process, frame(asked)), seconds)
        except BaseException as error:
            await self.end()
            if isinstance(error, TimeoutError | OSError | asyncio.IncompleteReadError):
                raise TooLong from None
            raise

    async def begin(self) -> None:
        """Begins, if it is not there."""
        await self.ask(Question(contract=""), _TO_BEGIN)

    async def end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _running(self) -> Process:
        if self._process is None:
            begun = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-m", "forecourt.server.judge_process"),
                stdin=PIPE,
                stdout=PIPE,
                env={},
            )
            self._process = begun
            # Until it has answered once it is loading, which is nobody's body's fault.
            await asyncio.wait_for(_exchange(begun, frame(Question(contract=""))), _TO_BEGIN)
        return self._process


async def _exchange(process: Process, asked: bytes) -> Answer:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(asked)
    await process.stdin.drain()
    (length,) = SIZE.unpack(await process.stdout.readexactly(SIZE.size))
    return answer(await process.stdout.readexactly(length))
