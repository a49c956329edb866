"""All of what the edge sends of a body, in the words of ASGI."""

from __future__ import annotations

from starlette.types import Receive

# The edge reads no larger body.
MOST_BYTES = 8 << 20


async def whole_body(receive: Receive) -> bytes | None:
    """All of it; None where it is too large, or its sender has left."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
