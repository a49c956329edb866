"""Some processes that run functions of the estate (`processes`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from forecourt.server.function_frames import Answer, Question, answer, written
from forecourt.server.processes import TO_BEGIN, Limits, NoAnswer, OneProcess, Processes


class Functions:
    """The processes. They begin with the first body, and end with `close`.

    `source` gives what stands in a file of functions, by its digest; None where nobody has it.
    """

    def __init__(self, source: Callable[[str], bytes | None], limits: Limits | None = None) -> None:
        self._source = source
        self._processes = Processes(
            "forecourt.server.function_process",
            hello=written(Question(file="", source=b"")),
            limits=limits or Limits(),
        )

    async def begin(self) -> None:
        """Begins all of them, so that no body has to wait for that."""
        await self._processes.begin()

    async def run(
        self, file: str, function: str, read: Callable[[], Awaitable[bytes | None]], caller: str
    ) -> Answer | None:
        """What a function makes of a body. Raises `Busy` and `NoAnswer`.

        `read` gives the body, and is asked when it is its turn: what waits is not held. None where
        it gives none. Who shares the name `caller` shares the turns.
        """
        seconds = self._processes.limits.seconds
        async with self._processes.one(caller) as process:
            body = await read()
            if body is None:
                return None
            asked = Question(file=file, function=function, body=body)
            found = await _asked(process, asked, seconds)
            if found.outcome != "forgotten":
                return found
            source = self._source(file)
            if source is None:
                return Answer(outcome="lost")
            await _asked(process, Question(file=file, source=source), TO_BEGIN)
            return await _asked(process, asked, seconds)

    async def close(self) -> None:
        """Ends them."""
        await self._processes.close()


async def _asked(process: OneProcess, asked: Question, seconds: float) -> Answer:
    said = await process.ask(written(asked), seconds)
    try:
        return answer(said)
    except msgspec.MsgspecError:
        # It wrote among its answers: what comes next may be somebody else's.
        await process.end()
        raise NoAnswer from None
