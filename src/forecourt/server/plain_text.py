"""An answer of plain text, in the words of ASGI."""

from __future__ import annotations

from starlette.types import Send


async def send_text(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    """Sends all of it; a 204 has no body."""
    body = text.encode()
    fields = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": headers if status == 204 else fields,
        }
    )
    await send({"type": "http.response.body", "body": b"" if status == 204 else body})
