"""The edge asks over a real Unix socket about bodies that it cannot judge."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from prometheus_client import CollectorRegistry
from starlette.types import Receive, Scope, Send

from forecourt.server import judge
from forecourt.server.control import control
from forecourt.server.judges import Judges
from forecourt.server.plain_text import send_text
from forecourt.server.processes import Limits
from forecourt.server.serving import serving, unix_listener
from tests.server.judging import BOMB, CONTRACT, LONG, exact

ROOT = "1.body application/json"
SCHEMAS = exact(
    **{
        ROOT: {
            "type": "object",
            "required": ["code"],
            "properties": {"code": {"pattern": r"^(?!-)\w+$"}, "a-b": {"type": "string"}},
        },
        "1.bomb": {"pattern": BOMB},
    }
)


async def other(scope: Scope, receive: Receive, send: Send) -> None:
    await send_text(send, 200, "resolved\n")


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    registry = CollectorRegistry()
    judges = Judges(
        lambda contract: SCHEMAS if contract == CONTRACT else None,
        Limits(processes=1, patience=30, seconds=2),
    )
    judging = judge.judge(judges=judges, registry=registry)
    listener = unix_listener(tmp_path / "control.sock")
    transport = httpx.AsyncHTTPTransport(uds=str(tmp_path / "control.sock"), verify=False)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(judges.close)
        application = control({judge.PATH: judging}, otherwise=other)
        await stack.enter_async_context(serving(application, listener))
        yield await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://control", timeout=60)
        )


async def asked(
    edge: httpx.AsyncClient, body: bytes, root: str = ROOT, contract: str = CONTRACT
) -> httpx.Response:
    headers = {"forecourt-contract": contract, "forecourt-root": quote(root)}
    return await edge.post("/judge", content=body, headers=headers)


async def test_a_body_that_keeps_its_schema_is_answered_with_nothing(
    edge: httpx.AsyncClient,
) -> None:
    answer = await asked(edge, b'{"code": "a"}')
    assert (answer.status_code, answer.content) == (204, b"")


async def test_faults_are_lines_of_words(edge: httpx.AsyncClient) -> None:
    answer = await asked(edge, b'{"code": "-", "a-b": 5}')
    assert answer.status_code == 422
    assert answer.text == "/a%2Db type string\n/code pattern %5E%28%3F!%2D%29%5Cw%2B%24\n".replace(
        "!", "%21"
    )
    answer = await asked(edge, b"{}")
    assert answer.text == "- required code\n"


@pytest.mark.parametrize(
    ("contract", "root", "body", "status"),
    [
        pytest.param("1" * 32, ROOT, b"{}", 404, id="a contract that nobody has"),
        pytest.param(CONTRACT, "2.body", b"{}", 404, id="a schema that the edge judges itself"),
        pytest.param(CONTRACT, ROOT, b"{", 400, id="no JSON"),
        pytest.param("../../etc/passwd", ROOT, b"{}", 400, id="no digest"),
        pytest.param("", ROOT, b"{}", 400, id="no contract"),
        pytest.param(CONTRACT, "", b"{}", 400, id="no schema"),
        pytest.param(CONTRACT, ROOT, b" " * (9 << 20), 400, id="a body larger than any"),
    ],
)
async def test_answers(
    edge: httpx.AsyncClient, contract: str, root: str, body: bytes, status: int
) -> None:
    assert (await asked(edge, body, root, contract)).status_code == status


async def test_only_post_is_answered(edge: httpx.AsyncClient) -> None:
    answer = await edge.get("/judge")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_nobody_else_waits_for_a_pattern_that_takes_for_ever(
    edge: httpx.AsyncClient,
) -> None:
    await asked(edge, b"{}")  # so that the process is there
    bomb = asyncio.create_task(asked(edge, LONG, "1.bomb"))
    answered = 0
    while not bomb.done():
        assert (await edge.post("/resolve")).text == "resolved\n"
        answered += 1
    assert (await bomb).status_code == 503
    assert answered > 20, "whoever waits is answered once, or twice"
    assert (await asked(edge, b'{"code": "a"}')).status_code == 204
