"""Some processes that judge bodies (`processes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from forecourt.server.judge_frames import Answer, Question, answer, written
from forecourt.server.processes import TO_BEGIN, Limits, OneProcess, Processes


class Judges:
    """The processes. They begin with `begin`, or the first body, and end with `close`.

    `schemas` gives the exact schemas of a contract by its name; None where there are none.
    """

    def __init__(
        self, schemas: Callable[[str], bytes | None], limits: Limits | None = None
    ) -> None:
        self._schemas = schemas
        self._processes = Processes(
            "forecourt.server.judge_process",
            hello=written(Question(contract="")),
            limits=limits or Limits(),
        )

    async def begin(self) -> None:
        """Begins all of them, so that no body has to wait for that."""
        await self._processes.begin()

    async def judge(
        self, contract: str, root: str, read: Callable[[], Awaitable[bytes | None]], caller: str
    ) -> Answer | None:
        """The verdict about a body. Raises `Busy` and `NoAnswer`.

        `read` gives the body, and is asked when it is its turn: what waits is not held. None where
        it gives none. Who shares the name `caller` shares the turns.
        """
        seconds = self._processes.limits.seconds
        async with self._processes.one(caller) as judge:
            body = await read()
            if body is None:
                return None
            asked = Question(contract=contract, root=root, body=body)
            found = await _asked(judge, asked, seconds)
            if found.verdict != "forgotten":
                return found
            schemas = self._schemas(contract)
            if schemas is None:
                return Answer(verdict="lost")
            # To make the judges of a contract takes longer than to judge.
            await _asked(judge, Question(contract=contract, schemas=schemas), TO_BEGIN)
            return await _asked(judge, asked, seconds)

    async def close(self) -> None:
        """Ends them."""
        await self._processes.close()


async def _asked(judge: OneProcess, asked: Question, seconds: float) -> Answer:
    return answer(await judge.ask(written(asked), seconds))
