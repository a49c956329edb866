"""How an explanation is set: marks, width, colours, and nothing that moves a cursor."""

from __future__ import annotations

import json

import pytest

from forecourt.actions.explain_request import Explanation
from forecourt.cli.explanation import explanation_text
from forecourt.cli.text_or_json import TextOrJson
from tests.actions.explaining import FILES, House


@pytest.fixture
async def refused() -> Explanation:
    house = await House().open()
    return await house.assumed("service:reports", "/users/v1/1")


async def _logged(**fields: str | int) -> Explanation:
    house = await House().open()
    return await house.logged(**fields)


def text(explained: Explanation, *, colour: bool = False) -> str:
    return explanation_text(explained, TextOrJson.TEXT, colour=colour)


def test_marks_the_step_that_refused_and_ends_with_the_way_out(refused: Explanation) -> None:
    lines = text(refused).splitlines()
    (marked,) = (line for line in lines if line.startswith("  >"))
    assert marked.startswith("  > allow list   `allow` of `users` names orders, not `reports`")
    assert lines[-2] == "the way out:"
    assert lines[-1].startswith("  add `reports` to `allow` in apis/users/api.yaml:7:1")


def test_no_line_is_wider_than_a_page(refused: Explanation) -> None:
    assert max(map(len, text(refused).splitlines())) <= 100


def test_paints_only_where_somebody_looks(refused: Explanation) -> None:
    assert "\x1b[" not in text(refused)
    assert "\x1b[" in text(refused, colour=True)


async def test_what_a_caller_wrote_moves_no_cursor() -> None:
    explained = await _logged(path="/payments/v2/\x1b[2J\u202e", reason="unknown")
    assert explained.refusal is not None
    assert not {"\x1b", "\u202e"} & set(text(explained))
    document = json.loads(explanation_text(explained, TextOrJson.JSON, colour=False))
    assert document["path"] == "/payments/v2/\x1b[2J\u202e"


async def test_a_policy_that_was_another_is_a_note() -> None:
    explained = await _logged(path="/payments/v2/x", route="payments@2#000000000000")
    assert "note: the route's policy was another then" in text(explained)


async def test_does_not_say_what_a_field_that_was_not_logged_would_do() -> None:
    house = await House().open()
    prices = "apis/prices/api.yaml"
    house.acme.save(prices, FILES[prices].replace('"2": ', '"4": '))
    explained = await house.logged(
        path="/prices/x",
        consumer="partner:partner_globex",
        credential="certificate:abababababababab",
        reason="no-such-version",
    )
    said = " ".join(text(explained).split())
    assert "whether with that it ends otherwise, the log does not tell" in said
