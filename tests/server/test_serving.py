"""Serve inside a process that has other things to do."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse

from forecourt.server.serving import serving, tcp_listener, unix_listener

HELLO = PlainTextResponse("hello")


async def ask(path: Path) -> str:
    transport = httpx.AsyncHTTPTransport(uds=str(path), verify=False)
    async with httpx.AsyncClient(transport=transport) as client:
        return (await client.get("http://here/")).text


async def test_serves_while_the_block_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    async with serving(HELLO, unix_listener(path)):
        assert await ask(path) == "hello"
    assert not path.exists()


async def test_serves_an_address(tmp_path: Path) -> None:
    listener = tcp_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serving(HELLO, listener), httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{port}/")).text == "hello"


async def test_leaves_signals_to_the_process(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    async with serving(HELLO, unix_listener(tmp_path / "a.sock")):
        await ask(tmp_path / "a.sock")
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


async def test_takes_the_place_of_a_socket_that_was_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    async with serving(HELLO, unix_listener(path)):
        assert await ask(path) == "hello"


async def test_leaves_a_socket_alone_that_somebody_serves(tmp_path: Path) -> None:
    path = tmp_path / "a.sock"
    async with serving(HELLO, unix_listener(path)):
        with pytest.raises(OSError, match="another process listens"):
            unix_listener(path)
        assert await ask(path) == "hello"


def test_says_that_a_path_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="name a shorter folder"):
        unix_listener(tmp_path / ("a" * 104))


def test_makes_no_socket_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unix_listener(tmp_path / "none" / "a.sock")
