"""The page about the mock shows what the mock answers."""

from __future__ import annotations

import httpx
import pytest

from forecourt.contract import Contract, read_contract
from forecourt.server.mock import mock
from tests.docs.pages import Block, blocks, page

PAGE = page("docs/mock.md")
CALLS = list(blocks(PAGE, "http"))


@pytest.fixture
def contract() -> Contract:
    (written,) = blocks(PAGE, "yaml")
    contract, diagnostics = read_contract(written.text, "cards.yaml")
    assert contract is not None
    assert [d.code for d in diagnostics if d.code != "FC117"] == []
    return contract


@pytest.mark.parametrize("call", CALLS, ids=lambda c: f"line {c.line}")
async def test_the_mock_answers_as_the_page_says(call: Block, contract: Contract) -> None:
    request, answer = call.text.split("\n\n")
    line, *fields = request.splitlines()
    status, body = answer.rstrip("\n").split("\n")
    method, path = line.split(" ")
    headers = dict(field.split(": ", 1) for field in fields)
    transport = httpx.ASGITransport(mock(lambda _api, _version: contract, lambda seen, _: seen))
    headers["forecourt-audience"] = "public"
    async with httpx.AsyncClient(transport=transport, base_url="http://mock") as http:
        response = await http.request(method, f"/shop{path}", headers=headers)
    assert response.text == body
    assert response.status_code == int(status)
    assert response.headers.get("preference-applied") == headers.get("Prefer")


def test_the_page_shows_each_preference() -> None:
    asked = " ".join(call.text for call in CALLS)
    assert [p for p in ("status=", "example=", "seed=") if p not in asked] == []
