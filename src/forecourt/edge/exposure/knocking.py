"""Asks one declared service, as a stranger would: once, harmlessly, and not for long."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Collection

from forecourt.edge.exposure.upstreams import DeclaredUpstream, Said

# For each of: to connect, the handshake, the answer.
_SECONDS = 2.0
_MOST_BYTES = 4096

_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})")
_REFUSALS = frozenset({401, 403, 407})
# nginx says so, with 400, where a client certificate is demanded: it has no other way.
_NO_CERTIFICATE = b"No required SSL certificate was sent"


def addresses_of(host: str, port: int) -> Collection[str]:
    """What a name means to this machine. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return {str(address[0]) for *_, address in found}


def knock(upstream: DeclaredUpstream, address: str) -> Said:
    """`GET` of its base path at an address, without certificate or credential.

    The name in the handshake and in `host` is the declared one. Its certificate is not judged, no
    redirect is followed, and nothing but the first bytes of the answer is read.
    """
    try:
        plain = socket.create_connection((address, upstream.port), _SECONDS)
    except OSError as error:
        return Said(refused=f"no connection: {_words(error)}")
    try:
        with plain, _secured(plain, upstream) if upstream.tls else plain as stream:
            return _asked(stream, upstream)
    except ssl.SSLError as error:
        return Said(refused=f"it ended the handshake: {error.reason or 'TLS'}")
    except TimeoutError:
        return Said(refused=f"no answer within {_SECONDS:.0f} seconds")
    except OSError as error:
        return Said(refused=f"it ended the connection: {_words(error)}")


def _secured(plain: socket.socket, upstream: DeclaredUpstream) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context.wrap_socket(plain, server_hostname=upstream.host)


def _asked(stream: socket.socket, upstream: DeclaredUpstream) -> Said:
    lines = (
        f"GET {upstream.base} HTTP/1.1",
        f"host: {upstream.name.partition('://')[2]}",
        "user-agent: forecourt-exposure",
        "accept: */*",
        "connection: close",
    )
    stream.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode())
    head = _begin(stream, time.monotonic() + _SECONDS)
    if not head:
        return Said(refused="it ended the connection")
    if (status := _STATUS.match(head)) is None:
        return Said(answer="something that is not HTTP")
    code = int(status[1])
    if code in _REFUSALS or (code == 400 and _NO_CERTIFICATE in head):
        return Said(refused=str(code))
    return Said(answer=str(code))


def _begin(stream: socket.socket, till: float) -> bytes:
    """The first bytes of an answer, until it ends or is long enough; however slowly they come."""
    begin = b""
    while len(begin) < _MOST_BYTES:
        stream.settimeout(max(till - time.monotonic(), 0.001))
        try:
            more = stream.recv(_MOST_BYTES)
        except TimeoutError:
            if begin:
                break
            raise
        if not more:
            break
        begin += more
        status = _STATUS.match(begin)
        if status is not None and status[1] != b"400":
            break
    return begin


def _words(error: OSError) -> str:
    return error.strerror or str(error)
