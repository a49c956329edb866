"""Processes that run functions of the estate, real ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from forecourt.server.function_frames import Answer
from forecourt.server.functions import Functions
from forecourt.server.processes import Limits, NoAnswer

FILE = "0" * 32
SOURCE = b"""
import os
import sys


def raised(body):
    print("this is no frame")
    print("nor this", file=sys.stderr)
    return {"charge": body}


def for_ever(body):
    while True:
        pass


def gone(body):
    os._exit(1)


def noisy(body):
    for stream in range(3, 30):
        try:
            os.write(stream, b"\\x00\\x00\\x00\\x03abc")
        except OSError:
            pass


def hungry(body):
    return len(bytes(1 << 30))


def networks(body):
    with open("/proc/self/net/dev") as file:
        return [line.split(":")[0].strip() for line in file if ":" in line]


def who(body):
    return dict(os.environ)


def calls(body):
    import socket
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def begins(body):
    import subprocess
    subprocess.run(["true"])


def forks(body):
    os.fork()


def writes(body):
    with open(body, "w") as file:
        file.write("there")


def writes_below(body):
    os.open(body, os.O_CREAT | os.O_WRONLY)


def removes(body):
    os.remove(body)
"""
# A machine that has much to do must not fail these.
SLOW = Limits(processes=1, patience=30, seconds=10)


@pytest.fixture
async def functions() -> AsyncIterator[Functions]:
    functions = Functions(lambda digest: SOURCE if digest == FILE else None, SLOW)
    yield functions
    await functions.close()


async def made(
    functions: Functions, function: str, body: bytes = b"{}", file: str = FILE
) -> Answer:
    async def read() -> bytes:
        return body

    found = await functions.run(file, function, read, "1")
    assert found is not None
    return found


async def test_change_a_body_whatever_they_print(functions: Functions) -> None:
    assert (await made(functions, "raised")).body == b'{"charge":{}}'


async def test_are_lost_where_nobody_has_their_file(functions: Functions) -> None:
    assert (await made(functions, "raised", file="1" * 32)).outcome == "lost"


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("calls", "Forbidden: a function of the estate may not do this: socket."),
        ("begins", "Forbidden: a function of the estate may not do this: subprocess.Popen"),
        ("forks", "Forbidden: a function of the estate may not do this: os.fork"),
        ("hungry", "MemoryError"),
    ],
)
async def test_reach_nothing_and_grow_no_further(
    functions: Functions, function: str, why: str
) -> None:
    found = await made(functions, function)
    assert found.outcome == "failed"
    assert found.why.startswith(why)


@pytest.mark.parametrize("function", ["writes", "writes_below", "removes"])
async def test_leave_files_as_they_are(functions: Functions, function: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    if function == "removes":
        file.write_text("here", encoding="utf-8")
    found = await made(functions, function, f'"{file}"'.encode())
    assert found.outcome == "failed"
    assert found.why.startswith("Forbidden")
    assert file.exists() == (function == "removes")


_UNSHARE = (
    "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x10000000 | 0x40000000) != 0)"
)


def gives_networks_away() -> bool:
    return subprocess.run([sys.executable, "-c", _UNSHARE], check=False).returncode == 0


@pytest.mark.skipif(not gives_networks_away(), reason="this system gives no networks away")
async def test_have_a_network_with_nothing_in_it(functions: Functions) -> None:
    assert (await made(functions, "networks")).body == b'["lo"]'


async def test_know_nothing_of_the_environment(
    functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK", "https://secret.example")
    assert b"secret" not in (await made(functions, "who")).body


async def test_one_that_ends_its_process_fails_alone() -> None:
    functions = Functions(lambda _: SOURCE, SLOW)
    try:
        with pytest.raises(NoAnswer):
            await made(functions, "gone")
        assert (await made(functions, "raised")).outcome == "done"
    finally:
        await functions.close()


async def test_one_that_writes_among_the_answers_gives_nobody_anothers() -> None:
    functions = Functions(lambda _: SOURCE, SLOW)
    try:
        with pytest.raises(NoAnswer):
            await made(functions, "noisy")
        assert (await made(functions, "raised")).body.startswith(b'{"charge":')
    finally:
        await functions.close()


async def test_one_that_takes_for_ever_is_given_up() -> None:
    functions = Functions(lambda _: SOURCE, replace(SLOW, seconds=1))
    try:
        with pytest.raises(NoAnswer):
            await made(functions, "for_ever")
        assert (await made(functions, "raised")).outcome == "done"
    finally:
        await functions.close()
