from __future__ import annotations

import pytest

from forecourt.diagnostics import Span
from forecourt.source.text import decode


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode("\ufeffname: ü".encode(), "a.yaml") == ("name: ü", ())


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\xff", Span("a.yaml", 1, 1)),
        (b"a: 1\nb: \xfc\n", Span("a.yaml", 2, 4)),
        ("ü: ".encode() + b"\xfc", Span("a.yaml", 1, 4)),
        ("a: 1".encode("utf-16"), Span("a.yaml", 1, 1)),
        (b"a: \xed\xa0\x80", Span("a.yaml", 1, 4)),
    ],
    ids=["first", "second line", "after an umlaut", "UTF-16", "half a pair"],
)
def test_says_which_character_is_not_utf8(data: bytes, place: Span) -> None:
    text, (diagnostic,) = decode(data, "a.yaml")
    assert text is None
    assert diagnostic.span == place
    assert diagnostic.name == "not-utf8"
