"""Callers who send much, never all of it, and stay: what they send is held for them."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import h2.config
import h2.connection

from tests.end_to_end.gateway import Gateway

_STREAM_WINDOW, _CONNECTION_WINDOW = 65_535, 1_048_576

# Writes what one caller sends.
Sender = Callable[[ssl.SSLSocket], None]


@contextmanager
def a_flood(
    gateway: Gateway, send: Sender, *, callers: int, http2: bool = False
) -> Iterator[Callable[[], None]]:
    """So many connections, one after the other, that stay for the block; gives one that adds one.

    Those that are turned away end, and the others go on.
    """
    with ExitStack() as stack:

        def another() -> None:
            with contextlib.suppress(OSError):
                secure = stack.enter_context(gateway.socket(alpn=["h2"] if http2 else []))
                secure.settimeout(1.0)
                send(secure)

        for _ in range(callers):
            another()
        yield another


def most_of_a_body(path: str, fields: dict[str, str], size: int) -> Sender:
    """All but the last byte of a JSON list, over HTTP/1."""
    named = {"host": "localhost", "content-length": str(size), **fields}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    request = f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + b"[" + b" " * (size - 2)

    def send(secure: ssl.SSLSocket) -> None:
        secure.sendall(request)

    return send


def many_streams(path: str, fields: dict[str, str], size: int) -> Sender:
    """As much of many bodies as HTTP/2 lets one connection send before it hears anything."""
    head = {":method": "POST", ":path": path, ":scheme": "https", ":authority": "localhost"}
    named = [*head.items(), ("content-length", str(size)), *fields.items()]
    config = h2.config.H2Configuration(client_side=True)
    speaker = h2.connection.H2Connection(config)
    speaker.initiate_connection()
    said = speaker.data_to_send()
    # Windows are known to be larger than the protocol's own: this says so by hand.
    speaker.outbound_flow_control_window = _CONNECTION_WINDOW
    for number in range(_CONNECTION_WINDOW // _STREAM_WINDOW):
        stream = 2 * number + 1
        speaker.send_headers(stream, named)
        for sent in range(0, _STREAM_WINDOW - 16_384, 16_384):
            speaker.send_data(stream, b"[" if sent == 0 else b" " * 16_384)
    said += speaker.data_to_send()

    def send(secure: ssl.SSLSocket) -> None:
        secure.sendall(said)

    return send
