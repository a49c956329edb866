from __future__ import annotations

import pytest

from forecourt.contract.comparison.media import is_within, normalized


@pytest.mark.parametrize(
    ("name", "around", "expected"),
    [
        ("application/json", "*/*", True),
        ("image/png", "image/*", True),
        ("image/png", "text/*", False),
        ("application/json;v=2", "application/json", True),
        ("application/json", "application/json;v=2", False),
        ("application/json", "application/json", False),
    ],
)
def test_knows_what_is_in_a_range(name: str, around: str, expected: bool) -> None:
    assert is_within(name, around) is expected


def test_the_usual_charset_is_no_difference() -> None:
    assert normalized('Text/CSV; Charset="UTF-8"; header=present') == "text/csv;header=present"
