"""A kept connection on which anything can be said, byte for byte or frame for frame."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from forecourt.edge.authority import KeyPair
from tests.end_to_end.gateway import Gateway, Listener, RawAnswer

# What Envoy waits for it does not answer; nor does it pass that on.
PATIENCE = 1.0


class Line:
    """An HTTP/1 connection, opened again where the other side ended it."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        listener: Listener = "external",
        host: str | None = "localhost",
        certificate: KeyPair | None = None,
    ) -> None:
        """`host` is the name in the TLS handshake; None: it names nobody."""
        ports = gateway.ports
        self._port = ports.external if listener == "external" else ports.internal
        self._tls = gateway.tls(certificate=certificate)
        self._tls.check_hostname = False
        self._host = host
        self._socket: ssl.SSLSocket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._hang_up()

    def ask(self, request: bytes, *, method: str = "GET") -> RawAnswer | None:
        """The answer to one request; None where there was none."""
        secure = self._connected()
        response = http.client.HTTPResponse(secure, method=method)
        try:
            secure.sendall(request)
            response.begin()
            body = response.read()
        except (OSError, http.client.HTTPException):
            self._hang_up()
            return None
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close or response.status in {400, 408}:
            self._hang_up()
        return RawAnswer(status=response.status, headers=headers, body=body)

    def converse(self, said: bytes, *, seconds: float = 0.2) -> bytes:
        """All that comes back on a new connection until it ends or falls silent."""
        self._hang_up()
        secure = self._connected()
        secure.settimeout(seconds)
        heard = b""
        try:
            secure.sendall(said)
            while more := secure.recv(65536):
                heard += more
        except OSError:
            pass
        self._hang_up()
        return heard

    def _connected(self) -> ssl.SSLSocket:
        if self._socket is None:
            plain = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = self._tls.wrap_socket(plain, server_hostname=self._host)
        return self._socket

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


Fields = Sequence[tuple[bytes, bytes]]


def over_http2(gateway: Gateway, fields: Fields, body: bytes = b"") -> int | None:
    """The status of the answer to these fields, pseudo-fields included, sent as they are.

    None where the stream or the connection was ended instead.
    """
    config = h2.config.H2Configuration(
        client_side=True,
        header_encoding=None,
        validate_outbound_headers=False,
        normalize_outbound_headers=False,
        validate_inbound_headers=False,
    )
    speaker = h2.connection.H2Connection(config)
    with gateway.socket(alpn=["h2"]) as secure:
        secure.settimeout(PATIENCE)
        try:
            speaker.initiate_connection()
            speaker.send_headers(1, list(fields), end_stream=not body)
            if body:
                speaker.send_data(1, body, end_stream=True)
            secure.sendall(speaker.data_to_send())
            return _status(speaker, secure)
        except (OSError, h2.exceptions.H2Error):
            return None


def _status(speaker: h2.connection.H2Connection, secure: ssl.SSLSocket) -> int | None:
    while more := secure.recv(65536):
        for event in speaker.receive_data(more):
            match event:
                case h2.events.ResponseReceived():
                    return int(dict(event.headers)[b":status"])
                case h2.events.StreamReset() | h2.events.ConnectionTerminated():
                    return None
        secure.sendall(speaker.data_to_send())
    return None
