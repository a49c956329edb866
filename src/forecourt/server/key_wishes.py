"""Hears from the edge that a token names a key which nobody knows: there may be a new one."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

from forecourt.server.plain_text import send_text

PATH = "/missing-key"


class KeyWishes:
    """When a key was last missed, by the event loop's clock; and who waits for that."""

    def __init__(self) -> None:
        self.last = float("-inf")
        self._is_new = asyncio.Event()

    def wish(self) -> None:
        """A key is missed now."""
        self.last = asyncio.get_running_loop().time()
        self._is_new.set()

    async def within(self, seconds: float) -> None:
        """Returns after so many seconds, or at once when a key is missed."""
        over = asyncio.get_running_loop().call_later(seconds, self._is_new.set)
        try:
            await self._is_new.wait()
        finally:
            over.cancel()
        self._is_new.clear()
        await asyncio.sleep(0)  # whatever is wished meanwhile, others have their turn


def key_wishes(wishes: KeyWishes) -> ASGIApp:
    """The application: `POST` is a wish."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] != "POST":
            await send_text(send, 405, "only POST\n", (b"allow", b"POST"))
            return
        wishes.wish()
        await send_text(send, 204, "")

    return application
