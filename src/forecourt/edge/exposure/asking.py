"""Sends probes as they are written, over HTTP/1.1 and HTTP/2, and reads what comes back.

Each connection is kept while the edge keeps it: a probe that cannot be read ends its own.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from forecourt.edge.authority import KeyPair
from forecourt.edge.exposure.probes import Probe

_SECONDS = 10.0
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: `status` None: the connection ended. `problem` is the type of a problem
    (RFC 9457), which only the edge itself says."""

    status: int | None
    problem: str | None = None

    @property
    def refuses(self) -> bool:
        """Whether it says no without telling anything."""
        return self.status is None or 400 <= self.status < 500

    def __str__(self) -> str:
        if self.status is None:
            return "the connection ended"
        return f"{self.status}" if self.problem is None else f"{self.status} {self.problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the edge is asked: an address, and the name in the handshake; and the certificate that
    is shown there."""

    host: str
    port: int
    server_name: str
    certificate: KeyPair | None = None


class Asking(Protocol):
    """One protocol. A connection that was kept may have ended since: who asks asks again where that
    matters."""

    def ask(self, probe: Probe, fields: tuple[tuple[str, str], ...]) -> Answer:
        """Sends one probe with further fields. Raises `OSError` where nobody listens."""
        ...


class _Connected:
    """A TLS connection that is opened when it is needed. The certificate is not judged: whether
    callers trust it is not what is asked here."""

    def __init__(self, door: Door, protocol: str) -> None:
        self._door = door
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE
        self._context.set_alpn_protocols([protocol])
        self._open: ssl.SSLSocket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.end()

    def connection(self) -> tuple[ssl.SSLSocket, bool]:
        """The connection, and whether it is a new one."""
        if self._open is not None:
            return self._open, False
        if (shown := self._door.certificate) is not None:
            self._context.load_cert_chain(shown.certificate, shown.key)
        plain = socket.create_connection((self._door.host, self._door.port), _SECONDS)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open = self._context.wrap_socket(plain, server_hostname=self._door.server_name)
        except OSError:
            plain.close()
            raise
        return self._open, True

    def end(self) -> None:
        """Closes it; the next probe opens another."""
        if self._open is not None:
            with suppress(OSError):
                self._open.close()
            self._open = None


class Http1(_Connected):
    """HTTP/1.1, byte by byte."""

    def __init__(self, door: Door) -> None:
        super().__init__(door, "http/1.1")

    def ask(self, probe: Probe, fields: tuple[tuple[str, str], ...]) -> Answer:
        """As `Asking` says."""
        secure, _ = self.connection()
        named = [("host", probe.authority), *probe.fields, *fields]
        head = "".join(f"{name}: {value}\r\n" for name, value in named)
        try:
            secure.sendall(f"{probe.method} {probe.form} HTTP/1.1\r\n{head}\r\n".encode())
            response = http.client.HTTPResponse(secure, method=probe.method)
            response.begin()
            body = response.read(_MOST_BYTES)
        except (http.client.HTTPException, OSError):
            self.end()
            return Answer(status=None)
        if response.will_close or not response.isclosed():
            self.end()
        return Answer(status=response.status, problem=_problem(body))


class Http2(_Connected):
    """HTTP/2, with fields as they are written."""

    def __init__(self, door: Door) -> None:
        super().__init__(door, "h2")
        self._speaker: h2.connection.H2Connection | None = None

    def ask(self, probe: Probe, fields: tuple[tuple[str, str], ...]) -> Answer:
        """As `Asking` says."""
        secure, is_new = self.connection()
        try:
            if is_new or self._speaker is None:
                self._speaker = _introduced(secure)
            answer = self._asked(secure, self._speaker, probe, fields)
        except (h2.exceptions.H2Error, OSError):
            answer = Answer(status=None)
        if answer.status is None:
            self.end()
        return answer

    def _asked(
        self,
        secure: ssl.SSLSocket,
        speaker: h2.connection.H2Connection,
        probe: Probe,
        fields: tuple[tuple[str, str], ...],
    ) -> Answer:
        stream = speaker.get_next_available_stream_id()
        head = [
            (":method", probe.method),
            (":scheme", "https"),
            (":authority", probe.authority),
            (":path", probe.form),
        ]
        speaker.send_headers(stream, [*head, *probe.fields, *fields], end_stream=True)
        secure.sendall(speaker.data_to_send())
        status: int | None = None
        body = b""
        while True:
            received = secure.recv(65_536)
            if not received:
                return Answer(status=None)
            for event in speaker.receive_data(received):
                match event:
                    case h2.events.ResponseReceived(stream_id=number) if number == stream:
                        status = int(dict(event.headers)[b":status"])
                    case h2.events.DataReceived(stream_id=number) if number == stream:
                        body += event.data
                        speaker.acknowledge_received_data(event.flow_controlled_length, stream)
                    case h2.events.StreamEnded(stream_id=number) if number == stream:
                        secure.sendall(speaker.data_to_send())
                        return Answer(status=status, problem=_problem(body))
                    case h2.events.StreamReset(stream_id=number) if number == stream:
                        return Answer(status=None)
                    case h2.events.ConnectionTerminated():
                        return Answer(status=None)
                    case _:
                        pass
            secure.sendall(speaker.data_to_send())


def _introduced(secure: ssl.SSLSocket) -> h2.connection.H2Connection:
    speaker = h2.connection.H2Connection(
        h2.config.H2Configuration(
            client_side=True, validate_outbound_headers=False, normalize_outbound_headers=False
        )
    )
    speaker.initiate_connection()
    secure.sendall(speaker.data_to_send())
    return speaker


def _problem(body: bytes) -> str | None:
    """The type of a problem, where the body is one."""
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return str(told["type"]) if isinstance(told, dict) and "type" in told else None
