"""What one request without any credential is told, by services on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecourt.edge.authority import KeyPair, LocalAuthority
from forecourt.edge.exposure import knocking
from forecourt.edge.exposure.knocking import addresses_of, knock
from forecourt.edge.exposure.upstreams import DeclaredUpstream, Said


@contextmanager
def a_service(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """One that serves one connection so; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            connection, _ = listening.accept()
            with connection:
                serve(connection)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def asked(port: int, *, tls: bool = False) -> Said:
    upstream = DeclaredUpstream(host="users.svc", port=port, tls=tls, base="/v1/", apis=("users",))
    return knock(upstream, "127.0.0.1")


def saying(answer: bytes, heard: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        request = connection.recv(4096)
        if heard is not None:
            heard.append(request)
        connection.sendall(answer)

    return serve


@pytest.mark.parametrize("status", [200, 204, 301, 400, 404, 405, 500, 503])
def test_whatever_it_says_but_no_is_an_answer(status: int) -> None:
    with a_service(saying(f"HTTP/1.1 {status} x\r\n\r\n".encode())) as port:
        assert asked(port) == Said(answer=str(status))


@pytest.mark.parametrize("status", [401, 403, 407])
def test_no_is_a_refusal(status: int) -> None:
    with a_service(saying(f"HTTP/1.0 {status} no\r\n\r\n".encode())) as port:
        assert asked(port) == Said(refused=str(status))


def test_where_a_certificate_is_demanded_in_words_it_is_one() -> None:
    page = b"HTTP/1.1 400 Bad Request\r\n\r\n<h1>No required SSL certificate was sent</h1>"
    with a_service(saying(page)) as port:
        assert asked(port) == Said(refused="400")


def test_what_is_no_http_is_an_answer() -> None:
    with a_service(saying(b"SSH-2.0-x\r\n")) as port:
        assert asked(port) == Said(answer="something that is not HTTP")


def test_a_connection_that_just_ends_is_a_refusal() -> None:
    with a_service(saying(b"")) as port:
        assert asked(port).refused.startswith("it ended the connection")


def test_where_nobody_listens_is_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert asked(port).refused.startswith("no connection")


def test_whoever_says_nothing_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knocking, "_SECONDS", 0.05)
    done = threading.Event()
    with a_service(lambda _: done.wait(5) and None) as port:
        assert asked(port).refused.startswith("no answer within")
        done.set()


def test_asks_for_its_base_path_by_its_name_and_says_nothing_else() -> None:
    heard: list[bytes] = []
    with a_service(saying(b"HTTP/1.1 401 no\r\n\r\n", heard)) as port:
        asked(port)
    lines = heard[0].decode().split("\r\n")
    assert lines[0] == "GET /v1/ HTTP/1.1"
    assert {line.partition(":")[0] for line in lines[1:] if line} == {
        *("host", "user-agent", "accept", "connection")
    }
    assert lines[1] == f"host: users.svc:{port}"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> KeyPair:
    folder = tmp_path_factory.mktemp("pair")
    authority = LocalAuthority(folder, "authority")
    authority.ensure(datetime.now(UTC))
    made = KeyPair(certificate=folder / "server.pem", key=folder / "server.key")
    authority.server(made, ["users.svc"], datetime.now(UTC))
    return made


def over_tls(
    pair: KeyPair, authority: Path | None = None, minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
) -> Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = minimum
    context.load_cert_chain(pair.certificate, pair.key)
    if authority is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority)

    def serve(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(4096)
                secure.sendall(b"HTTP/1.1 200 fine\r\n\r\n")
        except OSError:
            pass  # it is what the test is about

    return serve


def test_over_tls_too_whoever_signed_its_certificate(pair: KeyPair) -> None:
    with a_service(over_tls(pair)) as port:
        assert asked(port, tls=True) == Said(answer="200")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_one_that_demands_a_client_certificate_refuses(
    pair: KeyPair, version: ssl.TLSVersion
) -> None:
    authority = pair.certificate.with_name("authority.pem")
    with a_service(over_tls(pair, authority, version)) as port:
        assert asked(port, tls=True).refused


def test_a_name_means_its_addresses() -> None:
    assert "127.0.0.1" in addresses_of("127.0.0.1", 80)
