"""Serve an ASGI application inside a process that has other things to do."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

# sockaddr_un.sun_path holds 108 bytes on Linux and 104 elsewhere, one of them for the end.
_LONGEST_PATH = 103


def unix_listener(path: Path) -> socket.socket:
    """Listen on a Unix socket that only this user can reach, in place of one that was left behind.

    Raises `OSError` where the path is too long, or another process listens there.
    """
    if len(str(path).encode()) > _LONGEST_PATH:
        raise OSError(
            f"{path} is longer than {_LONGEST_PATH} bytes; "
            "name a shorter folder with FORECOURT_STATE"
        )
    with contextlib.suppress(FileNotFoundError):
        if _is_answered(path):
            raise OSError(f"another process listens on {path}; stop it first")
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(str(path))
        path.chmod(0o600)  # nobody can connect before `listen`
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def tcp_listener(host: str, port: int) -> socket.socket:
    """Listen on an address; port 0 takes one that is free. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=1024)


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True


class _Guest(uvicorn.Server):
    """A server that leaves signals to the process it is a guest in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(application: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Serve while the block runs; then let requests end, for two seconds at most, and close."""
    name = listener.getsockname()
    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        date_header=False,
        timeout_keep_alive=3600,  # an edge keeps its connection
        timeout_graceful_shutdown=2,
    )
    server = _Guest(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
        _forget(name)


def _forget(name: object) -> None:
    """Remove a Unix socket that nobody listens on any more; other addresses leave nothing."""
    if isinstance(name, str):
        Path(name).unlink(missing_ok=True)
