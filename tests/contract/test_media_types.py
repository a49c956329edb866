from __future__ import annotations

import pytest

from forecourt.contract.media_types import is_json


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("*/*", True),
        ("application/*", True),
        ("text/json", True),
        ("application/jsonl", False),
        ("application/xml", False),
        ("text/*", False),
        ("json", False),
    ],
)
def test_knows_what_is_json(media_type: str, expected: bool) -> None:
    assert is_json(media_type) is expected
