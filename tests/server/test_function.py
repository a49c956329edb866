"""The edge asks over a real Unix socket for what functions of the estate make of bodies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from prometheus_client import CollectorRegistry

from forecourt.server import function
from forecourt.server.functions import Functions
from forecourt.server.processes import Limits
from forecourt.server.serving import serving, unix_listener

FILE = "0" * 32
SOURCE = b"""
def raised(body):
    return {"charge": body}

def picky(body):
    raise ValueError("only dollars")

def wrong(body):
    raise KeyError(body["secret"])
"""


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    functions = Functions(
        lambda digest: SOURCE if digest == FILE else None,
        Limits(processes=1, patience=30, seconds=5),
    )
    application = function.function(functions=functions, registry=CollectorRegistry())
    listener = unix_listener(tmp_path / "control.sock")
    transport = httpx.AsyncHTTPTransport(uds=str(tmp_path / "control.sock"), verify=False)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(functions.close)
        await stack.enter_async_context(serving(application, listener))
        yield await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://control", timeout=60)
        )


async def asked(
    edge: httpx.AsyncClient, name: str = "raised", body: bytes = b"{}", file: str = FILE
) -> httpx.Response:
    headers = {"forecourt-file": file, "forecourt-function": name, "forecourt-caller": "1"}
    return await edge.post("/function", content=body, headers=headers)


async def test_a_body_comes_back_changed(edge: httpx.AsyncClient) -> None:
    answer = await asked(edge, body=b'{"amount":1.10}')
    assert (answer.status_code, answer.content) == (200, b'{"charge":{"amount":1.10}}')


async def test_a_refusal_says_why(edge: httpx.AsyncClient) -> None:
    answer = await asked(edge, "picky")
    assert (answer.status_code, answer.text) == (422, "only dollars")


async def test_a_failure_says_nothing_of_the_body(edge: httpx.AsyncClient) -> None:
    answer = await asked(edge, "wrong", b'{"secret": "hunter2"}')
    assert (answer.status_code, answer.text) == (502, "failed\n")


@pytest.mark.parametrize(
    ("name", "body", "file", "status"),
    [
        pytest.param("raised", b"{}", "1" * 32, 404, id="a file that nobody has"),
        pytest.param("nothing", b"{}", FILE, 404, id="a function that is not in it"),
        pytest.param("raised", b"{}", "../../etc/passwd", 400, id="no digest"),
        pytest.param("", b"{}", FILE, 400, id="no function"),
        pytest.param("os.system", b"{}", FILE, 400, id="no name of a function"),
        pytest.param("raised", b" " * (9 << 20), FILE, 400, id="a body larger than any"),
        pytest.param("raised", b"{", FILE, 502, id="no JSON"),
    ],
)
async def test_answers(
    edge: httpx.AsyncClient, name: str, body: bytes, file: str, status: int
) -> None:
    assert (await asked(edge, name, body, file)).status_code == status


async def test_only_post_is_answered(edge: httpx.AsyncClient) -> None:
    answer = await edge.get("/function")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
