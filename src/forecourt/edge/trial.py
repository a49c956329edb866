"""Asks the edge's own Lua about a request nobody made, in an Envoy that is started for it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import msgspec

from forecourt.edge.binary import EnvoyMissing, envoy_binary
from forecourt.edge.code import install_lua

_CONFIGURATION = "envoy.json"
_VERDICT = "forecourt-trial"
_START_SECONDS = 10.0
_ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a parameter, as a problem lists it.

    `where` is path, query, header or cookie; `name` and `expected` are empty where nothing can be
    said.
    """

    where: str
    rule: str
    name: str = ""
    expected: str = ""

    def __str__(self) -> str:
        expected = f" (expected {self.expected})" if self.expected else ""
        return f"{self.where} `{self.name}`: {self.rule}{expected}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the edge's Lua says of path and query.

    `verdict` is `kept`, or the word of a refusal; `cannot-judge`: it leaves them to the control
    plane. `needed` are the fields and cookies that the contract demands besides.
    """

    verdict: str
    faults: tuple[Fault, ...] = ()
    needed: tuple[Fault, ...] = ()


def is_sendable(target: str) -> bool:
    """Whether a path with its query can stand in a request line as it is."""
    return target.startswith("/") and all("!" <= c <= "~" for c in target)


def tried(
    configuration: bytes, socket_name: str, contract: tuple[str, bytes], target: str
) -> Tried | None:
    """The verdict about a path with its query; None where there is none.

    `configuration` is Envoy's, with a listener on that socket; `contract` the digest of a way in,
    and its content. Takes a tenth of a second or two.
    """
    assert is_sendable(target)
    digest, content = contract
    try:
        with tempfile.TemporaryDirectory(prefix="forecourt-") as name:
            folder = Path(name)
            (folder / "contracts").mkdir()
            (folder / "contracts" / digest).write_bytes(content)
            (folder / _CONFIGURATION).write_bytes(configuration)
            install_lua(folder)
            with _running(folder) as envoy:
                return _answer(envoy, folder / socket_name, target)
    except (OSError, EnvoyMissing, HTTPException, msgspec.MsgspecError):
        return None


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        *(str(envoy_binary()), "-c", _CONFIGURATION, "-l", "off"),
        *("--concurrency", "1", "--disable-hot-restart"),
    ]
    envoy = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield envoy
    finally:
        envoy.kill()
        envoy.wait()


def _answer(envoy: subprocess.Popen[bytes], path: Path, target: str) -> Tried | None:
    with _connected(envoy, path) as connection:
        request = f"GET {target} HTTP/1.1\r\nhost: trial\r\nconnection: close\r\n\r\n"
        connection.sendall(request.encode("ascii"))
        answer = HTTPResponse(connection)
        answer.begin()
        verdict = answer.getheader(_VERDICT)
        body = answer.read()
    if verdict is None:  # Envoy itself takes it for no request
        return Tried(verdict="malformed-request")
    said = msgspec.json.decode(body, type=_Said)
    return Tried(
        verdict=verdict,
        faults=tuple(map(_fault, said.faults)),
        needed=tuple(map(_fault, said.needed)),
    )


class _Said(msgspec.Struct):
    faults: list[dict[str, str]]
    needed: list[dict[str, str]]


def _fault(written: dict[str, str]) -> Fault:
    return Fault(
        where=written.get("in", ""),
        rule=written.get("rule", ""),
        name=written.get("name", ""),
        expected=written.get("expected", ""),
    )


def _connected(envoy: subprocess.Popen[bytes], path: Path) -> socket.socket:
    """Connects as soon as Envoy listens. Raises `OSError`, at once where it has ended."""
    last = time.monotonic() + _START_SECONDS
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_ANSWER_SECONDS)
        try:
            connection.connect(str(path))
        except OSError:
            connection.close()
            if envoy.poll() is not None or time.monotonic() > last:
                raise
            time.sleep(0.02)
        else:
            return connection
